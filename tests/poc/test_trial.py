"""Trial: who notices whom is told as it is: survivors, toothless scenarios, complaints, and faults of our own."""

from pathlib import Path

import pytest

from poc.calibration import calibration, facts
from poc.lab.house import House
from poc.mutants.catalogue import mutants
from poc.mutants.mutant import Mutant, always
from poc.trial import CheckId, Line, Matrix, for_these, good_alone, judged, of_dimension, one_for_each, summed, trial
from scenarios.evidence import Outcome
from scenarios.library import catalogue
from synthetic_data.generator import generate

SHUT, SLOW = CheckId("SEC-02", "doors", "doors_are_shut"), CheckId("CUS-02", "glances", "glances_are_quick")
GOOD = {SHUT: Outcome.PASSED, SLOW: Outcome.PASSED}


def mutant(name: str = "open_door", *killed_by: str) -> Mutant:
    return Mutant(name=name, defect="It is open.", killed_by=killed_by, place="masking:Gate.shown", make=always(None))


def line(name: str, *killers: CheckId) -> Line:
    return Line(
        mutant=name,
        defect="It is open.",
        precedent="CWE-319",
        played=frozenset({"doors"}),
        killed_by=frozenset(killers),
    )


def matrix(*lines: Line, good: dict[CheckId, Outcome] | None = None) -> Matrix:
    return Matrix(scenarios=("doors", "glances"), good=GOOD if good is None else good, lines=lines)


def test_a_mutant_is_noticed_by_what_the_good_crm_passes_and_it_fails() -> None:
    told = judged(mutant("open_door", "doors_are_shut"), frozenset({"doors"}), {SHUT: Outcome.FAILED}, GOOD)
    assert told.killed_by == {SHUT}
    assert told.killers == {"doors"}
    assert not told.missed


def test_where_no_mutant_was_tried_the_good_crm_alone_decides() -> None:
    assert matrix().toothless == () and matrix().sound
    assert not matrix(good={**GOOD, SHUT: Outcome.FAILED}).sound


def test_what_is_no_longer_offered_is_noticed_too() -> None:
    told = judged(mutant("gone", "doors_are_shut"), frozenset(), {SHUT: Outcome.UNSUPPORTED}, GOOD)
    assert told.killed_by == {SHUT}


def test_a_fault_of_our_own_bench_kills_nobody() -> None:
    told = judged(mutant("open_door", "doors_are_shut"), frozenset(), {SHUT: Outcome.BLOCKED}, GOOD)
    assert not told.killed_by
    assert told.blocked == {SHUT}
    assert told.missed == {"doors_are_shut"}


def test_a_check_that_is_no_part_of_the_trial_has_missed_nothing() -> None:
    told = judged(
        mutant("open_door", "doors_are_shut", "told_elsewhere"), frozenset({"doors"}), {SHUT: Outcome.PASSED}, GOOD
    )
    assert told.missed == {"doors_are_shut"}


@pytest.mark.parametrize("wrong", [Outcome.FAILED, Outcome.UNSUPPORTED, Outcome.BLOCKED])
def test_a_check_that_the_good_crm_does_not_pass_proves_nothing(wrong: Outcome) -> None:
    told = judged(mutant("open_door", "doors_are_shut"), frozenset(), {SHUT: Outcome.FAILED}, {SHUT: wrong})
    assert not told.killed_by


def test_a_check_that_needs_a_larger_bank_to_pass_may_still_notice() -> None:
    told = judged(mutant("open_door"), frozenset(), {SHUT: Outcome.FAILED}, {SHUT: Outcome.UNSCORED})
    assert told.killed_by == {SHUT}


def test_an_instrument_is_sound_when_everybody_bites_and_nobody_survives() -> None:
    assert matrix(line("open_door", SHUT), line("slow", SLOW)).sound


def test_a_survivor_makes_it_unsound() -> None:
    told = matrix(line("open_door", SHUT), line("slow", SLOW), line("unseen"))
    assert told.survivors == ("unseen",)
    assert not told.sound


def test_a_scenario_that_notices_nothing_makes_it_unsound() -> None:
    told = matrix(line("open_door", SHUT))
    assert told.toothless == ("glances",)
    assert told.unbitten == (SLOW,)
    assert not told.sound


def test_a_complaint_about_the_good_crm_makes_it_unsound() -> None:
    told = matrix(line("open_door", SHUT), line("slow", SLOW), good={**GOOD, SLOW: Outcome.FAILED})
    assert told.complaints == (SLOW,)
    assert not told.sound


def test_only_scenarios_that_are_there_for_some_mutants_are_chosen() -> None:
    names = [one.name for one in for_these(catalogue(), [mutant("x", "joint_accounts_count_once")])]
    assert names == ["households_are_rolled_up"]


def test_one_mutant_for_each_scenario_is_few_and_enough() -> None:
    few = one_for_each(catalogue(), mutants())
    assert {one.name for one in for_these(catalogue(), few)} == {one.name for one in catalogue()}
    assert len(few) <= len(catalogue())


def test_the_certificate_tells_survivors_and_unbitten_checks_with_their_reason() -> None:
    told = calibration(
        matrix(line("open_door", SHUT), line("unseen")), bank="a bank", why_unbitten={"glances_are_quick": "no clock"}
    )
    assert "- 2 mutants, 1 of them noticed by nothing" in told
    assert "| open_door | It is open. | CWE-319 | SEC-02 doors_are_shut |" in told
    assert "| unseen | It is open. | CWE-319 | **nothing** |" in told
    assert "- CUS-02 glances_are_quick: no clock" in told
    assert "| CUS-02 | glances | 1 | 0 | **none** |" in told
    assert "verdict: not sound" in told


def test_an_alarm_in_one_of_many_plays_is_false_and_strikes_out_its_kills() -> None:
    plays = [GOOD, {**GOOD, SLOW: Outcome.FAILED}, GOOD]
    told = summed(("doors", "glances"), plays, [line("open_door", SHUT), line("slow", SLOW)])
    assert told.alarms == {SLOW: 1}
    assert told.plays == 3
    assert told.complaints == (SLOW,)
    assert told.survivors == ("slow",)
    assert not told.sound


def test_what_our_bench_could_not_do_in_one_play_is_a_complaint_and_no_alarm() -> None:
    told = summed(("doors", "glances"), [GOOD, {**GOOD, SLOW: Outcome.BLOCKED}], [line("open_door", SHUT)])
    assert told.alarms == {}
    assert told.complaints == (SLOW,)


def test_machines_read_each_mutant_with_its_killers_and_precedent() -> None:
    plays = [GOOD, {**GOOD, SLOW: Outcome.FAILED}]
    told = facts(
        summed(("doors", "glances"), plays, [line("open_door", SHUT), line("unseen")]), why_unbitten={"x": "no clock"}
    )
    assert told["mutants"] == [
        {
            "name": "open_door",
            "defect": "It is open.",
            "precedent": "CWE-319",
            "killed": True,
            "by": ["SEC-02 doors_are_shut"],
            "fault": "",
        },
        {"name": "unseen", "defect": "It is open.", "precedent": "CWE-319", "killed": False, "by": [], "fault": ""},
    ]
    assert told["false_alarms"] == [{"check": "CUS-02 glances_are_quick", "plays": 1, "of": 2}]
    assert told["unbitten"] == [{"check": "CUS-02 glances_are_quick", "why": ""}]
    assert told["sound"] is False


def test_a_dimension_is_its_criteria() -> None:
    criteria = {one.criterion for one in of_dimension(catalogue(), "SEC")}
    assert "SEC-04" in criteria
    assert all(one.startswith("SEC-") for one in criteria)
    assert of_dimension(catalogue(), "S") == ()


@pytest.mark.pg
@pytest.mark.slow
def test_three_planted_defects_are_noticed_and_the_good_crm_is_not_blamed(lab_folder: Path) -> None:
    tried = [one for one in mutants() if one.name in ("short_hsts", "joint_twice", "history_without_source")]
    bank = generate(seed=1, customers=60).bank
    with House.open(lab_folder) as house:
        told = trial(house, bank, tried, for_these(catalogue(), tried))
    assert told.survivors == ()
    assert told.toothless == ()
    assert told.complaints == ()
    assert told.missed == ()
    assert {one.mutant: one.fault for one in told.lines} == {one.name: "" for one in tried}


@pytest.mark.pg
@pytest.mark.slow
def test_the_good_crm_is_played_again_on_the_same_system_without_an_alarm(lab_folder: Path) -> None:
    bank = generate(seed=1, customers=120).bank
    stories = tuple(one for one in catalogue() if one.name == "a_harmless_pack_of_attacks_is_tried")
    with House.open(lab_folder) as house:
        told = good_alone(house, bank, stories, 2)
    assert told.plays == 2 and told.sound and not told.alarms
    assert set(told.good.values()) == {Outcome.PASSED}
