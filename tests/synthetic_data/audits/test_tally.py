"""Inequality is measured as the textbooks do, from histograms that add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthetic_data.audits.tally import BINS, Tally, gini, lorenz, middle, spread, top

MONEY = st.lists(st.floats(0, 1e9), min_size=1, max_size=40)


def test_the_gini_coefficient_of_a_known_society() -> None:
    """Incomes 1 ... 5: Gini 4/15 (mean difference 1.6 over twice the mean of 3); one who has all of n: 1 - 1/n."""
    assert gini(spread(np.array([1.0, 2, 3, 4, 5]))) == pytest.approx(4 / 15, abs=1e-9)
    assert gini(spread(np.array([0.0, 0, 0, 10]))) == pytest.approx(0.75)
    assert gini(spread(np.array([7.0] * 9))) == pytest.approx(0, abs=1e-9)


@given(MONEY)
def test_a_histogram_loses_less_than_a_hundredth_of_gini(values: list[float]) -> None:
    money = np.sort(np.array(values))
    if money.sum() < 1:
        return
    rank = np.arange(1, len(money) + 1)
    exact = float((2 * rank - len(money) - 1) @ money / (len(money) * money.sum()))
    assert gini(spread(money)) == pytest.approx(exact, abs=0.01)


@given(MONEY, MONEY)
def test_histograms_add_up(one: list[float], other: list[float]) -> None:
    both = spread(np.array(one + other))
    assert np.allclose(both, spread(np.array(one)) + spread(np.array(other)))
    assert both.shape == (2, BINS)
    assert both[0].sum() == len(one) + len(other)


def test_the_top_share_is_read_from_the_lorenz_curve() -> None:
    held = spread(np.array([1.0] * 90 + [11.0] * 10))
    assert top(held, 0.10) == pytest.approx(0.55)
    assert top(held, 1.0) == pytest.approx(1)
    people, money = lorenz(held)
    assert (people[0], money[0], people[-1], money[-1]) == (0, 0, pytest.approx(1), pytest.approx(1))


def test_the_median_lies_within_a_bin() -> None:
    assert middle(spread(np.arange(1.0, 1002))) == pytest.approx(501, rel=0.01)


def test_nothing_has_no_distribution() -> None:
    assert (gini(None), top(None, 0.1), middle(None)) == (None, None, None)
    assert (gini(spread(np.zeros(3))), top(spread(np.zeros(3)), 0.1)) == (None, None)


def test_shares_of_nothing_are_unknown() -> None:
    tally = Tally(sums={"part": 1.0, "none": 0.0}, words={"tier": {"mass": 3, "private": 1}})
    assert (tally.ratio("part", "none"), tally.ratio("part", "missing"), tally.ratio("missing", "part")) == (None,) * 3
    assert tally.share_of("tier", "private") == 0.25
    assert tally.share_of("moon", "private") is None
    assert tally.top_share("tier", 1) == 0.75
