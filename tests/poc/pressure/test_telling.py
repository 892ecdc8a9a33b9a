"""A run is told in one sentence that says what is proven, broken, still needed or void, in both languages."""

from dataclasses import replace

import pytest

from loadtests.judging import judge
from loadtests.workload import workload
from poc.pressure.telling import prospects, retold, verdict
from poc.words import LANGUAGES, words
from tests.poc.pressure.sample import pressed

READS = {"objectives": {"read": ["p99 < 200 ms"]}}
EN, ZH = words("en"), words("zh")


def told(result, say=EN):
    return verdict(result, judge(result), say)


def test_a_pass_names_its_rate_and_the_bound_that_proves_it() -> None:
    found = told(pressed(seconds=60, **READS))
    assert found.kind == "passed"
    assert "at up to 40/s all 1 promises are proven" in found.text
    assert "1 % allowed" in found.text


def test_a_broken_promise_is_told_with_its_share_and_its_quantile() -> None:
    found = told(pressed(stalls=(5, 9, 14, 20), **READS))
    assert found.kind == "failed"
    assert "is broken by" in found.text
    assert "where 1 % is allowed; the promised quantile lies at" in found.text


def test_what_is_not_decided_says_how_many_requests_would_decide_it() -> None:
    found = told(pressed(objectives={"all": ["availability >= 99.9 %"]}))
    assert found.kind == "inconclusive"
    assert "more requests would decide it, about" in found.text


def test_a_void_run_says_why_and_nothing_against_the_target() -> None:
    result = pressed(stalls=(5,), generator={"cpu_p95_percent": 97.0})
    found = told(result)
    assert found.kind == "invalid"
    assert found.text.startswith("Invalid: the generator was saturated (97 % of one processor)")
    assert "发生器已饱和（一个处理器的 97 %）" in told(result, ZH).text


def test_a_stopped_run_is_void_however_good_it_was() -> None:
    assert told(replace(pressed(seconds=60, **READS), stopped_early=True)).kind == "invalid"


def test_without_promises_nothing_is_judged() -> None:
    assert told(pressed(objectives={})).kind == "nothing"


@pytest.mark.parametrize(
    "note",
    [
        "the machine was saturated (99 % of all processors): lower the rate or add processors",
        "the generator was late: dispatch_lag_p99_ms 9.7 > 5",
        "the batch was not done; 3 of 10 items in 5 s, at that pace all in 17 s",
        "40 requests cannot prove it: 299 at least",
        "40 requests do not decide it, and they fail in clumps: 12 are worth one",
        "pressed with 20/s, while the claim is about 400/s",
        "stopped before the end",
    ],
)
def test_reasons_of_the_judges_are_told_in_chinese_too(note: str) -> None:
    assert retold(note, EN) == note
    assert not set("abcdefghijklmnoqrstuvwxyz") & set(retold(note, ZH).replace("ms", "").replace("CPU", "")), note


def test_a_reason_that_nobody_translated_keeps_its_words() -> None:
    assert retold("something new", ZH) == "something new"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_tells_of_each_promise_whether_it_will_be_enough(language: str) -> None:
    say = words(language)
    few = prospects(workload("bank-peak").at(seconds=12), say)
    by_text = {one.text: (expected, least, text) for one, expected, least, text in few}
    expected, least, text = by_text["availability >= 99.9 %"]
    assert least == 2995
    assert expected > 2995
    assert text == say("load.outlook_enough", count="0", time="")
    assert by_text["achieved >= 99 %"][1] is None
