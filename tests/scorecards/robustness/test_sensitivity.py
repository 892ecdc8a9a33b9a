"""Sensitivity: stability intervals, flips, tornado and what to measure next, against worked numbers."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scorecards.robustness.cells import between, exactly
from scorecards.robustness.information import worth_measuring
from scorecards.robustness.ladder import Steps, Verdict, verdict
from scorecards.robustness.sensitivity import lines, score_flips, stability, tied, tornado, totals, without_each

CELLS = [[4.2, 3.0, 3.5, 3.0], [3.4, 4.3, 3.9, 3.6], [3.0, 3.5, 4.5, 2.5]]
WEIGHTS = [0.4, 0.3, 0.2, 0.1]
STEPS = Steps(recommended=0.8, preferred=0.6, pessimistic=0.5)


def test_the_worked_stability_intervals():
    """Closed form and a grid of 100 001 points agree on these; definition: Mareschal 1988."""
    found = stability(CELLS, WEIGHTS)
    assert totals(CELLS, WEIGHTS) == pytest.approx([3.58, 3.79, 3.40])
    intervals = [(one.low, one.high) for one in found]
    assert intervals == [
        pytest.approx((0.0, 0.52475), abs=1e-4), pytest.approx((0.16514, 1.0), abs=1e-4),
        pytest.approx((0.0, 0.51515), abs=1e-4), pytest.approx((0.0, 1.0), abs=1e-4),
    ]  # fmt: skip
    nearest = min(found, key=lambda one: one.room)
    assert (nearest.criterion, nearest.flips_at) == (0, pytest.approx(0.52475, abs=1e-4))


@settings(max_examples=50, deadline=None)
@given(
    arrays(np.float64, (3, 3), elements=st.floats(0, 5).map(lambda x: round(x, 2))),
    arrays(np.float64, 3, elements=st.floats(0.1, 1)),
)
@example(np.array([[0, 0, 0], [0, 4.75, 0.13], [0, 4.18, 0.7]]), np.ones(3))  # level but for a rounding error
@example(np.array([[1, 2, 3], [1.01, 2, 2.99], [0, 0, 0]]), np.ones(3))
def test_inside_its_interval_the_leader_leads_and_just_outside_it_does_not(cells, weights):
    leader = int(totals(cells, weights).argmax())
    for one in stability(cells, weights):
        t, found = lines(cells, weights, one.criterion, points=2_001)
        inside = (t >= one.low) & (t <= one.high)
        best = found.max(axis=0)
        assert (found[leader] >= best - 1e-9)[inside].all()
        outside = (t < one.low - 1e-3) | (t > one.high + 1e-3)
        assert (found[leader] <= best + 1e-9)[outside].all()


def test_the_smallest_score_that_flips():
    flip = score_flips(CELLS, WEIGHTS)[0]
    assert (flip.row, flip.column, abs(flip.change)) == (0, 0, pytest.approx(0.525))
    changed = np.array(CELLS)
    changed[flip.row, flip.column] += flip.change
    order = np.sort(totals(changed, WEIGHTS))
    assert order[-1] == pytest.approx(order[-2])


def test_flips_off_the_scale_come_last():
    found = score_flips([[5, 5], [0, 0]], [1, 1])
    assert not any(one.possible for one in found if one.row == 1)


def test_a_tornado_is_widest_where_least_is_known():
    cells = between([[3, 0], [3, 2]], [[3, np.nan], [3, 2]], [[3, 5], [3, 2]])
    first, second = tornado(cells, [0.5, 0.5], leader=0, rival=1)
    assert (first.name, second.name) == (1, 0)
    assert (first.low, first.high) == (pytest.approx(0.5 * (0.25 - 2)), pytest.approx(0.5 * (4.75 - 2)))
    assert second.width == 0


def test_whoever_leads_without_each_criterion_is_named():
    assert without_each([[5, 0], [1, 3]], [1, 1]) == (1, 0)
    assert without_each([[5], [1]], [1]) == (None,)


def test_close_totals_are_a_tie():
    assert tied([3.58, 3.50, 3.40], band=0.10) == (0, 1)
    assert tied([1, 4], band=0.10) == (1,)


def test_what_can_change_the_choice_is_worth_measuring():
    """A known 3 against an unknown of 0 to 5: E[max(3, U)] - 3 = 0.4, and the unknown wins two times in five."""
    found = worth_measuring(exactly([[3.0, 2.0], [np.nan, 2.0]]), [1, 0])
    assert [(one.row, one.column) for one in found] == [(1, 0)]
    assert found[0].points == pytest.approx(0.4, abs=1e-3)
    assert found[0].turns == pytest.approx(0.4, abs=1e-3)


def test_what_cannot_change_the_choice_is_worth_nothing():
    found = worth_measuring(between([[4.0], [1.0]], [[4.0], [2.0]], [[4.0], [3.0]]), [1])
    assert found[0].points == 0
    assert found[0].turns == 0


@pytest.mark.parametrize(
    ("first", "eligible", "told", "leader"),
    [
        ([0.85, 0.15], ["yes", "yes"], Verdict.RECOMMENDED, 0),
        ([0.85, 0.15], ["conditional", "yes"], Verdict.PREFERRED, 0),
        ([0.70, 0.30], ["yes", "yes"], Verdict.PREFERRED, 0),
        ([0.55, 0.45], ["yes", "yes"], Verdict.NO_CLEAR_LEADER, 0),
        ([0.90, 0.10], ["no", "yes"], Verdict.NO_CLEAR_LEADER, 1),
        ([0.90, 0.10], ["no", "no"], Verdict.NOBODY_MAY_WIN, None),
    ],
)
def test_the_ladder_says_how_firm_a_recommendation_may_be(first, eligible, told, leader):
    found = verdict(first, eligible, STEPS)
    assert (found.verdict, found.leader) == (told, leader)


def test_own_unknowns_and_differing_views_hold_a_recommendation_down():
    found = verdict([0.9, 0.1], ["yes", "yes"], STEPS, pessimistic=[0.4, 0.6], views_agree=False)
    assert found.verdict is Verdict.PREFERRED
    assert found.because == ("own_unknowns", "views_differ")
