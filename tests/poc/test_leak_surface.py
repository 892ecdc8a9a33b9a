"""Leak surface: what is claimed of a map of leaks beside the bank's present system, and what is not."""

from datetime import UTC, datetime

import pytest

from poc.leak_surface import CHECK, SCENARIO, leak_surface
from poc.words import sentence
from scenarios.evidence import Evidence, Outcome
from scorecards.criterion import catalogue
from scorecards.rubric import Facts

PATHS = {
    "get": {"looks": 30, "leaks": {"mobile": {"RM-A": "x000001", "marketing": "x000002"}}},
    "export": {"looks": 3, "leaks": {"email": {"marketing": "x000003"}}},
    "list": {"looks": 6, "leaks": {}},
}


def searched(outcome: Outcome = Outcome.PASSED, **facts: object) -> Evidence:
    return Evidence(
        run="r1", target="alder", criterion="SEC-05", scenario="every_path_is_searched_for_restricted_values",
        check="no_secret_leaks", sentence="Nothing leaks.", outcome=outcome, harm=False, facts=facts,
        exchanges=("x000001",), started=datetime(2026, 11, 23, tzinfo=UTC),
    )  # fmt: skip


def test_each_combination_of_actor_path_and_field_counts_once() -> None:
    found = leak_surface([searched(paths=PATHS)], 12)
    assert found is not None
    assert (found.criterion, found.outcome, found.exchanges) == ("SEC-22", Outcome.PASSED, ("x000001",))
    assert found.measures == {"reduction_share": 0.75, "leaking": 3.0}


def test_more_leaks_than_before_fail() -> None:
    found = leak_surface([searched(Outcome.FAILED, paths=PATHS)], 2)
    assert found is not None and found.outcome is Outcome.FAILED and found.measures["reduction_share"] == -0.5


@pytest.mark.parametrize("baseline", [None, 0])
def test_without_a_baseline_the_count_is_told_and_nothing_claimed(baseline: int | None) -> None:
    found = leak_surface([searched(paths=PATHS)], baseline)
    assert found is not None and found.outcome is Outcome.NOT_TESTABLE
    assert found.observed == {"leaking": 3} and not found.measures and "present system" in found.note


def test_paths_that_could_not_be_searched_prove_nothing() -> None:
    found = leak_surface([searched(Outcome.NOT_TESTABLE)], 12)
    assert found is not None and found.outcome is Outcome.NOT_TESTABLE and not found.measures


def test_a_run_without_the_search_or_whose_search_is_to_be_played_again_says_nothing_yet() -> None:
    assert leak_surface([], 12) is None
    assert leak_surface([searched(Outcome.BLOCKED)], 12) is None


@pytest.mark.parametrize(("baseline", "points"), [(3, 0), (4, 2), (5, 3), (8, 4), (15, 5)])
def test_points_rise_with_the_share_that_is_closed(baseline: int, points: int) -> None:
    found = leak_surface([searched(paths=PATHS)], baseline)
    assert found is not None
    facts = Facts(
        checks={found.check: found.outcome is Outcome.PASSED},
        measures={name: (value,) for name, value in found.measures.items()},
    )
    rubric = catalogue().by_id["SEC-22"].rubric
    assert found.check in rubric.checks and rubric.points(facts).observed == points


def test_what_is_worked_out_is_told_in_both_languages() -> None:
    assert all(sentence(name, "", "zh") for name in (SCENARIO, CHECK))
