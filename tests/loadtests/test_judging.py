"""A run is held against its promises, and what is too loose to prove one never passes."""

from dataclasses import replace

import numpy as np
import pytest

from loadtests.histogram import Histogram
from loadtests.judging import INVALID, MISSED, PASSED, judge, loosely, outlook, sentence
from loadtests.objectives import objective
from loadtests.result import LoadResult, Row
from loadtests.workload import parse, workload
from tests.loadtests.test_floor import floor

HEALTHY = {"dispatch_lag_p99_ms": 0.4, "loop_lag_p99_ms": 1.0, "cpu_p95_percent": 20.0, "machine_p50_percent": 60.0}
BASE = {
    "name": "t",
    "because": "test",
    "arrivals": "poisson",
    "rate": 100,
    "seconds": 60,
    "warm_up": 2,
    "users": 9,
    "seed": 1,
    "mix": {"read": 1},
    "objectives": {"read": ["p99 < 200 ms"]},
}


def load(**change):
    return parse({**BASE, **change})


def ran(asked, milliseconds=(), *, kind="read", step="read", outcomes=(), generator=HEALTHY, **facts):
    """A run whose requests, spread evenly over the seconds in their order, took so long."""
    made = list(milliseconds) or [20.0] * 6000
    span, warm = int(asked.seconds), int(asked.warm_up)
    counts: dict[tuple[int, str, int], int] = {}
    for place, each in enumerate(made):
        one = Histogram()
        one.record(int(each * 1000))
        second = warm + place * span // len(made)
        key = (second, outcomes[place] if outcomes else "ok", next(iter(one.counts)))
        counts[key] = counts.get(key, 0) + 1
    rows = tuple(Row(s, step, kind, "response", outcome, bin, n) for (s, outcome, bin), n in sorted(counts.items()))
    told = {"released": len(made), "finished": len(made), "stopped_early": False, "errors": {}, **facts}
    return LoadResult(target="crm", workload=asked, began=0.0, generator=generator, rows=rows, **told)


def only(result):
    (one,) = judge(result).judgements
    return one


def test_a_quick_target_passes_with_code_0():
    sheet = judge(ran(load()))
    assert [one.verdict for one in sheet.judgements] == ["passed"]
    assert sheet.code == PASSED
    assert sentence(sheet.judgements) == "1 passed"


def test_a_slow_one_fails_with_code_99():
    made = [900.0 if n % 40 == 0 else 20.0 for n in range(6000)]
    sheet = judge(ran(load(), made))
    assert (sheet.judgements[0].verdict, sheet.code) == ("failed", MISSED)
    assert sheet.judgements[0].budget_spent == pytest.approx(2.5)


@pytest.mark.parametrize(("true_p99", "verdict"), [(199, "passed"), (201, "failed")])
def test_a_p99_of_199_and_one_of_201_ms_are_told_apart(true_p99, verdict):
    # 100 000 requests; around the quantile one in ten thousand lies in each fortieth of a millisecond
    tail = true_p99 + (np.arange(2000) - 1000) / 400
    made = np.concatenate([np.full(98_000, 20.0), tail])
    np.random.default_rng(1).shuffle(made)
    assert only(ran(load(rate=1700), made.tolist())).verdict == verdict


def test_what_failed_was_not_quick():
    made = ["refused" if n % 20 == 0 else "ok" for n in range(6000)]
    assert only(ran(load(), [1.0] * 6000, outcomes=made)).verdict == "failed"


def test_too_few_requests_are_inconclusive_and_say_how_many_are_needed():
    one = only(ran(load(seconds=12), [20.0] * 200))
    assert (one.verdict, one.needed) == ("inconclusive", 99)
    assert "299 at least" in one.note


def test_a_stall_that_hits_many_at_once_proves_less_than_its_requests():
    made = [900.0 if n // 100 in (7, 31) and n % 100 < 25 else 20.0 for n in range(6000)]
    one = only(ran(load(), made))
    assert one.seen < 0.01
    assert one.clumping > 10
    assert one.verdict == "inconclusive"
    assert "clumps" in one.note


def test_a_closed_model_never_passes():
    one = only(ran(load(arrivals="closed")))
    assert one.verdict == "inconclusive"
    assert "closed model" in one.note


def test_a_rate_below_the_claim_never_passes():
    one = only(ran(load(rate=50, forecast=100)))
    assert (one.verdict, one.note) == ("inconclusive", "pressed with 50/s, while the claim is about 100/s")


def test_a_run_of_few_seconds_never_passes():
    assert only(ran(load(seconds=5))).verdict == "inconclusive"
    assert "too short" in loosely(load(seconds=5))


def test_what_an_exhausted_generator_did_not_prove_is_void_with_code_3():
    ill = {**HEALTHY, "cpu_p95_percent": 97.0}
    slow = judge(ran(load(), [900.0] * 6000, generator=ill))
    assert (slow.judgements[0].verdict, slow.code) == ("invalid", INVALID)
    quick = judge(ran(load(), generator=ill))
    assert (quick.judgements[0].verdict, quick.code) == ("passed", PASSED)


def test_a_run_that_was_stopped_proves_nothing_good():
    assert only(ran(load(), stopped_early=True)).verdict == "invalid"


def test_arrivals_that_were_never_answered_weigh_against_a_pass():
    one = only(ran(load(), finished=5900))
    assert one.verdict == "inconclusive"
    assert "100 arrivals were never answered" in one.note


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("achieved >= 99 %", "passed"),
        ("rate >= 99/s", "passed"),
        ("rate >= 120/s", "failed"),
        ("availability >= 99.9 %", "passed"),
        ("availability >= 99.9 % with 60 % of the budget left", "inconclusive"),
    ],
)
def test_other_promises(text, verdict):
    assert only(ran(load(objectives={"all": [text]}))).verdict == verdict


def test_a_class_that_nobody_asked_is_inconclusive():
    assert only(ran(load(objectives={"write": ["p99 < 1 s"]}))).note == "no write was asked"


PACE = "at that pace all in 60 s"
BESIDE = {"begins": 30, "hands": 1, "items": 9, "mix": {"read": 1}}


@pytest.mark.parametrize(("factor", "verdict"), [(1.0, "passed"), (1.5, "failed")])
def test_a_slowdown_beside_a_batch(factor, verdict):
    chance = np.random.default_rng(2)
    made = chance.uniform(15, 25, 6000)
    made[3000:] *= factor
    asked = load(batch=BESIDE, objectives={"read": ["slowdown <= 20 %"]})
    assert only(ran(asked, made.tolist(), batch={"items": 9})).verdict == verdict


@pytest.mark.parametrize(
    ("batch", "verdict", "note"),
    [
        ({"items": 9, "done": 9, "failed": 0, "seconds": 50.0}, "passed", ""),
        ({"items": 9, "done": 9, "failed": 0, "seconds": 70.0}, "failed", ""),
        ({"items": 9, "done": 9, "failed": 2, "seconds": 50.0}, "failed", "2 items failed"),
        (
            {"items": 9, "done": 3, "worked": 20.0},
            "inconclusive",
            "the batch was not done; 3 of 9 items in 20 s, " + PACE,
        ),
    ],
)
def test_a_batch_is_done_in_time_or_not(batch, verdict, note):
    one = only(ran(load(batch=BESIDE, objectives={"batch": ["done within 60 s"]}), batch=batch))
    assert (one.verdict, one.note) == (verdict, note)


def test_what_a_plan_can_prove_is_known_before_anything_is_pressed():
    load = workload("bank-peak")
    expected, least = outlook(load, objective("write", "p99.9 < 400 ms"))
    assert (round(expected), least) == (2400, 2995)
    assert outlook(load, objective("read", "p99 < 200 ms"))[0] == pytest.approx(12000 * 0.85)  # an edit reads first
    assert outlook(load, objective("all", "achieved >= 99 %"))[1] is None


def test_a_promise_that_was_refuted_while_watched_failed_and_the_others_are_open():
    promises = {"read": ["p99 < 200 ms", "p50 < 90 ms"]}
    refuted = {"objective": "read p99 < 200 ms", "second": 9, "capital": 250.0}
    sheet = judge(ran(load(objectives=promises), stopped_early=True, refuted=refuted))
    assert [one.verdict for one in sheet.judgements] == ["failed", "inconclusive"]
    assert "second 9" in sheet.judgements[0].note
    assert sheet.code == MISSED


def test_a_pool_that_made_arrivals_wait_is_told_beside_the_verdicts():
    made = ran(load(), [300.0 if n % 50 == 0 else 20.0 for n in range(6000)])
    served = ran(load(), [20.0] * 6000)
    rows = (*made.rows, *(row._replace(metric="service") for row in served.rows))
    (note,) = judge(replace(made, rows=rows)).notes
    assert note.startswith("the pool of 9 connections was too small: arrivals waited 27")
    same = (*made.rows, *(row._replace(metric="service") for row in made.rows))
    assert judge(replace(made, rows=same)).notes == ()


def test_a_closed_run_says_that_it_measures_no_promise():
    assert judge(ran(load(arrivals="closed"))).notes == ("closed model: not a measurement of any promise",)


def lost_at(second):
    return ({"name": "2@oak", "heard": second, "lost": "gave no sign of life", "offset_ms": 0.1},)


def test_a_run_that_lost_a_worker_proves_nothing_not_even_a_pass():
    sheet = judge(ran(load(), workers=lost_at(11)))
    assert sheet.code == INVALID
    assert sheet.void == "worker 2@oak was lost after second 12: its part of 50 s is missing"


def test_arrivals_that_were_never_released_make_a_run_invalid():
    sheet = judge(ran(load(), dropped=3))
    assert sheet.code == INVALID
    assert sheet.void == "3 arrivals were due and never released: lower the rate or add workers"


def test_clocks_that_were_apart_are_told_and_void_nothing():
    sheet = judge(ran(load(), workers=({"name": "1@elm", "heard": 61, "lost": "", "offset_ms": -2300.0},)))
    assert sheet.code == PASSED
    assert sheet.notes == ("clocks of the crew were up to 2,300 ms apart, which was measured and taken out",)


def waited(asked, response, service, **facts):
    """A run whose requests took so long from the due moment, and so long from sending."""
    both = [ran(asked, [each] * 6000, **facts) for each in (response, service)]
    served = tuple(row._replace(metric="service") for row in both[1].rows)
    return replace(both[0], rows=(*both[0].rows, *served))


def test_a_pool_that_is_too_small_is_the_generators_fault_and_ends_with_code_3():
    # 100/s x 200 ms are 20 connections, and there are 9: who waits for one says nothing of the target
    sheet = judge(waited(load(), 900.0, 30.0))
    assert (sheet.judgements[0].verdict, sheet.code) == ("invalid", INVALID)
    assert "the pool of 9 connections was too small" in sheet.judgements[0].note
    assert "raise users to 20" in sheet.judgements[0].note
    assert any("too small" in note for note in sheet.notes)


def test_with_too_small_a_pool_nothing_passes_either_for_the_target_never_met_the_crowd():
    sheet = judge(waited(load(objectives={"read": ["p99 < 200 ms"], "all": ["availability >= 99 %"]}), 150.0, 30.0))
    assert [one.verdict for one in sheet.judgements] == ["invalid", "invalid"]
    assert sheet.code == INVALID


def test_what_is_broken_even_counted_from_sending_is_the_targets_own_whatever_the_pool():
    assert only(waited(load(), 900.0, 400.0)).verdict == "failed"


def test_a_pool_that_holds_what_the_promise_lets_be_under_way_is_used_up_by_the_target_alone():
    sheet = judge(waited(load(users=20), 900.0, 150.0))
    assert (sheet.judgements[0].verdict, sheet.code) == ("failed", MISSED)
    assert any("all 20 were waiting for the target" in note for note in sheet.notes)


def test_an_early_end_that_waiting_for_a_connection_explains_refutes_nothing():
    refuted = {"objective": "read p99 < 200 ms", "second": 4, "capital": 900.0}
    assert only(waited(load(), 900.0, 30.0, refuted=refuted)).verdict == "invalid"
    assert only(waited(load(users=20), 900.0, 30.0, refuted=refuted)).verdict == "failed"


def test_a_rate_that_the_generator_does_not_carry_against_nothing_at_all_is_invalid():
    sheet = judge(ran(load(), floor=floor(refused="97 % of a processor")))
    assert (sheet.judgements[0].verdict, sheet.code) == ("invalid", INVALID)
    assert "does not carry 300 requests a second" in sheet.void


def test_latencies_within_the_generators_own_floor_are_told():
    (note,) = judge(ran(load(), [4.0] * 6000, floor=floor(p50_ms=0.5, p99_ms=3.0, p999_ms=1.9))).notes
    assert note.startswith("the p99 of 4.0 ms lies within what the generator takes itself, 3.0 ms")
    assert not judge(ran(load(), [4.0] * 6000, floor=floor(p99_ms=3.0, disturbed="loop_lag_p99_ms 25 > 20"))).notes


def test_a_promise_below_the_floor_can_be_kept_and_not_missed():
    low = floor(p50_ms=0.5, p99_ms=250.0, p999_ms=260.0)
    assert only(ran(load(), [900.0] * 6000, floor=low)).verdict == "invalid"
    assert only(ran(load(), [20.0] * 6000, floor=low)).verdict == "passed"
