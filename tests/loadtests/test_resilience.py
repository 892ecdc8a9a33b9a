"""Resilience: a broken invariant decides, a kept one is claimed only when everything was pressed for long enough."""

import tomllib
from pathlib import Path

import pytest

from loadtests.fault import ASKED, shipped
from loadtests.invariants import INVARIANTS
from loadtests.resilience import CRITERION, HARM, harvest, table
from scenarios.evidence import Grade, Outcome
from tests.loadtests.ordeals import ordeal, with_wish


def everything(full=True):
    faults = [one.at(full=full) for one in shipped() if one.stands_for]
    return [ordeal(one.name, fault=one, lifted=111.0, mended=112.0) for one in faults]


def outcomes(ordeals):
    return {one.check: one.outcome for one in harvest(ordeals, run="r", target="good", proofs={})}


def test_everything_pressed_for_as_long_as_is_asked_passes_all_seven_and_tells_the_recovery():
    pieces = harvest(everything(), run="r", target="good", proofs={"kill-worker": "0" * 64})
    assert {one.outcome for one in pieces} == {Outcome.PASSED}
    assert {one.grade for one in pieces} == {Grade.WHITE_BOX}
    (told,) = [one.measures for one in pieces if one.measures]
    assert told == {"recovery_s": pytest.approx(1.0)}


def test_a_short_run_claims_nothing_and_says_what_is_missing():
    pieces = harvest(everything(full=False), run="r", target="good", proofs={})
    assert {one.outcome for one in pieces} == {Outcome.UNSCORED}
    assert "kill-database lasted 6 of 600 s" in pieces[0].note
    assert not any(one.measures for one in pieces)


def test_a_fault_that_was_left_out_keeps_all_open():
    pieces = harvest(everything()[1:], run="r", target="good", proofs={})
    assert {one.outcome for one in pieces} == {Outcome.UNSCORED}
    assert "was not pressed" in pieces[0].note


def test_one_broken_invariant_fails_however_short_the_run_was():
    lost = with_wish(ordeal(), found=0)
    found = outcomes([*everything(full=False)[2:], lost])
    assert found["no_confirmed_write_is_lost"] is Outcome.FAILED
    assert found["no_effect_happens_twice"] is Outcome.UNSCORED


def test_what_no_ordeal_could_see_is_not_testable():
    found = outcomes([ordeal(listens=False)])
    assert found["queues_drain"] is Outcome.NOT_TESTABLE


def test_nothing_pressed_is_no_evidence():
    assert harvest([], run="r", target="good", proofs={}) == ()


def test_the_rubric_reads_the_very_invariants_and_what_nothing_makes_up_for():
    rubric = tomllib.loads(Path("scorecards/criteria/PER.toml").read_text("utf-8"))[CRITERION]
    assert set(rubric["groups"]["invariants"]) == set(INVARIANTS)
    assert set(rubric["harms"]) == set(HARM)


def test_the_table_tells_availability_with_its_bound_and_what_broke():
    (row,) = table([with_wish(ordeal(), found=0)])
    assert row["broken"] == ["no_confirmed_write_is_lost"]
    assert row["served_at_least"] < row["served"] < 1
    assert len(ASKED) == 7
