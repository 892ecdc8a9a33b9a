"""Rubric: points from shares, rungs and judgements, on published thresholds and at their edges."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorecards.rubric import Facts, Judged, RubricError, count, ladder, lower, share

EDGES = [(20, 5), (19, 4), (18, 4), (17, 3), (15, 3), (14, 2), (10, 2), (9, 1), (5, 1), (4, 0), (0, 0)]


def of(passed: int, failed: int = 0, open_: int = 0) -> Facts:
    states = [True] * passed + [False] * failed + [None] * open_
    return Facts(checks={f"check_{i}": state for i, state in enumerate(states)}, measures={})


def measured(**measures: float) -> Facts:
    return Facts(checks={}, measures={name: (value,) for name, value in measures.items()})


@pytest.mark.parametrize(("passed", "points"), EDGES)
def test_a_count_gives_points_by_the_share_of_passed_checks(passed: int, points: int) -> None:
    assert count().points(of(passed, 20 - passed)).observed == points


def test_checks_that_are_asked_for_but_not_named_yet_are_open() -> None:
    ten = count(of=10)
    facts = of(5)
    assert list(ten.points(facts)) == [5, 2, 5]


def test_a_count_without_any_check_says_nothing() -> None:
    assert list(count().points(of(0))) == [None, 0, 5]


@pytest.mark.parametrize("shares", [(1.0, 0.9, 0.75, 0.5), (0.9, 0.9, 0.5, 0.4, 0.3), (1.2, 0.9, 0.7, 0.5, 0.2)])
def test_shares_that_do_not_fall_are_refused(shares: tuple[float, ...]) -> None:
    with pytest.raises(RubricError, match="five falling numbers"):
        count(shares=shares)


LATENCY = ladder(
    {
        1: ("p99_ms <= 500", "errors <= 0.01"),
        2: ("p99_ms <= 300",),
        3: ("p99_ms <= 200", "rate_is_held"),
        4: ("p99_ms <= 150",),
        5: ("p99_ms <= 100",),
    }
)


@pytest.mark.parametrize(
    ("p99", "points"), [(90, 5), (100, 5), (101, 4), (150, 4), (200, 3), (201, 2), (500, 1), (501, 0)]
)
def test_a_ladder_gives_the_highest_rung_whose_needs_hold(p99: float, points: int) -> None:
    facts = Facts(checks={"rate_is_held": True}, measures={"p99_ms": (p99,), "errors": (0.0,)})
    assert list(LATENCY.points(facts)) == [points] * 3


def test_a_ladder_never_passes_over_a_failed_rung() -> None:
    facts = Facts(checks={"rate_is_held": False}, measures={"p99_ms": (90,), "errors": (0.0,)})
    assert LATENCY.points(facts).observed == 2


def test_every_piece_that_carries_a_measure_must_keep_its_bound() -> None:
    facts = Facts(checks={"rate_is_held": True}, measures={"p99_ms": (90, 280), "errors": (0.0,)})
    assert LATENCY.points(facts).observed == 2


def test_a_measure_whose_check_failed_without_a_value_is_missed_and_not_open() -> None:
    shares = ladder({1: ("share >= 0.5",), 3: ("facts_are_found",)}, told_by={"share": "facts_are_found"})
    absent, unknown = (Facts(checks={"facts_are_found": state}, measures={}) for state in (False, None))
    assert shares.points(absent) == (0, 0, 0)
    assert shares.points(unknown) == (None, 0, 3)


def test_a_measure_can_only_be_told_by_a_check_that_the_ladder_names() -> None:
    with pytest.raises(RubricError, match=r"told_by.share = 'somebody': the ladder does not name both"):
        ladder({1: ("share >= 0.5",)}, told_by={"share": "somebody"})


def test_a_nicety_at_the_top_earns_nothing_while_the_floor_is_unknown() -> None:
    tall = ladder({1: ("floor", "walls"), 2: ("roof",), 5: ("weathercock",)})
    facts = Facts(checks={"weathercock": True}, measures={})
    assert list(tall.points(facts)) == [None, 0, 5]


def test_a_failure_above_an_unknown_floor_only_lowers_the_best_case() -> None:
    tall = ladder({1: ("floor",), 3: ("roof",), 5: ("weathercock",)})
    facts = Facts(checks={"roof": False}, measures={})
    assert list(tall.points(facts)) == [None, 0, 1]


def test_either_of_two_alternatives_is_enough() -> None:
    either = ladder({1: ("single_sign_on | second_factor",)})
    for known, points in (((True, False), 1), ((False, False), 0), ((False, True), 1)):
        facts = Facts(checks=dict(zip(("single_sign_on", "second_factor"), known, strict=True)), measures={})
        assert either.points(facts).observed == points


def test_a_rung_may_ask_for_a_number_of_a_group() -> None:
    paths = tuple(f"path_{i}" for i in range(4))
    ladder_of_paths = ladder({2: ("3 of paths",), 4: ("4 of paths",)}, {"paths": paths})
    facts = Facts(checks={"path_0": True, "path_1": True, "path_2": True, "path_3": None}, measures={})
    assert list(ladder_of_paths.points(facts)) == [2, 2, 4]


@pytest.mark.parametrize(
    ("needs", "told"),
    [
        ({3: ("12 of paths",)}, "name it under groups"),
        ({3: ("p99 < 200",)}, "neither a check name"),
        ({6: ("fine",)}, "between 1 and 5"),
        ({3: ()}, "each with a need"),
        ({}, "between 1 and 5"),
    ],
)
def test_a_ladder_that_cannot_be_read_is_refused(needs: dict[int, tuple[str, ...]], told: str) -> None:
    with pytest.raises(RubricError, match=told):
        ladder(needs)


@pytest.mark.parametrize(("value", "points"), [(5, 5), (7.5, 4), (10, 3), (15, 2), (25, 1), (26, 0)])
def test_less_is_better_in_five_bands_around_the_target(value: float, points: int) -> None:
    assert lower("seconds", 10).points(measured(seconds=value)).observed == points


@pytest.mark.parametrize(("value", "points"), [(0.9, 5), (0.85, 4), (0.8, 3), (0.68, 2), (0.48, 1), (0.4, 0)])
def test_more_is_better_in_five_bands_around_the_target(value: float, points: int) -> None:
    assert share("share", 0.8).points(measured(share=value)).observed == points


def test_people_agree_on_the_median_and_owed_scores_widen_the_interval() -> None:
    judged = Judged(bands=("",) * 6)
    facts = Facts(checks={"a": True, "b": True, "c": None}, measures={"panel_score": (3.0, 4.0)})
    assert list(judged.points(facts)) == [3.5, 3.0, 4.0]
    assert list(judged.points(Facts(checks={}, measures={}))) == [None, 0, 5]


@settings(max_examples=200, deadline=None)
@given(
    states=st.lists(st.sampled_from([True, False, None]), min_size=5, max_size=5),
    p99=st.one_of(st.none(), st.floats(0, 1000)),
)
def test_what_is_observed_lies_between_worst_and_best(states: list[bool | None], p99: float | None) -> None:
    names = ("a", "b", "c", "d", "e")
    tall = ladder({1: ("a",), 2: ("b | c", "p99 <= 300"), 4: ("2 of all", "p99 <= 200"), 5: ("e",)}, {"all": names})
    facts = Facts(checks=dict(zip(names, states, strict=True)), measures={} if p99 is None else {"p99": (p99,)})
    for rubric in (tall, count(of=7)):
        observed, worst, best = rubric.points(facts)
        assert worst <= best
        assert observed is None or worst <= observed <= best
