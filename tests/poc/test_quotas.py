"""Quotas: a day is told and drawn in both languages, with the moment at which screens begin to stall and the remedy."""

import json
from pathlib import Path
from xml.etree import ElementTree as Tree

import pytest

from loadtests.contracts.published import contract
from poc.cli.door import run
from poc.quotas import picture, quota_day, quota_rows, screen_rows, sentences, staffed
from poc.words import words

HEADS = {"teller": 4, "rm": 6, "manager": 1, "agent": 2, "customer": 3000}


@pytest.fixture(scope="module")
def day():
    own = contract("fxiaoke")
    tight = own.model_copy(update={"limits": (own.limits[0], own.limits[1].model_copy(update={"pack": 2000}))})
    return quota_day(tight, HEADS, "salary-day")


def test_a_bank_has_the_heads_of_its_profile():
    assert staffed("cn-joint-stock", 7, branches=10) == {
        "teller": 20, "rm": 50, "manager": 10, "agent": 8, "customer": 7,
    }  # fmt: skip


@pytest.mark.parametrize(("language", "stalls"), [("en", "From 1"), ("zh", "起界面出现卡顿")])
def test_the_verdict_names_the_moment_and_what_would_have_to_be_bought(day, language, stalls):
    told = sentences(day, words(language))
    assert stalls in told[1]
    assert str(-(-day.wanted[1] // 2000)) in told[2]  # packs, each of 2,000 calls
    assert "2026-08-13" in told[-1]
    assert len({tuple(row) for row in screen_rows(day, words(language))}) == 1
    assert quota_rows(day, words(language))[1][words(language)("quota.wanted")] == day.wanted[1]


def test_remedies_are_enough_and_no_more_than_that(day):
    needed = -(-day.wanted[1] // 2000)
    assert not quota_day(day.contract, HEADS, "salary-day", packs=needed).stalling
    assert quota_day(day.contract, HEADS, "salary-day", packs=needed - 1).told.held[1].calls


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_picture_has_a_row_for_each_screen_that_stalls(day, language):
    drawn = Tree.fromstring(picture(day, words(language)))
    labels = [text for text in drawn.iter("{http://www.w3.org/2000/svg}text") if "·" in (text.text or "")]
    assert len(labels) == len(day.stalling) > 0


def test_the_command_tells_a_day_for_machines_and_draws_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "day.svg"
    asked = ["load", "quota", "dataverse", "--customers", "500", "--branches", "1", "--picture", str(file), "--json"]
    assert run(asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["passed"] == told["asked"] > 0
    assert [one["held"] for one in told["quotas"]] == [0, 0, 0]
    assert file.read_text("utf-8").startswith("<svg")


def test_an_unknown_contract_leaves_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["load", "quota", "acme"]) == 2
    assert "fxiaoke" in capsys.readouterr().err
