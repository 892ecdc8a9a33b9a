"""Value: the additive model, its intervals, and its relatives on published numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scorecards.methods.tables import TableError, ranks
from scorecards.methods.value import (
    additive,
    dominated,
    imbalance,
    spotis,
    value_function,
    weighted_product,
    weighted_sum,
)
from tests.scorecards.methods.published import KRACKA

POINTS = arrays(np.float64, (4, 5), elements=st.floats(0, 5))
WEIGHTS = arrays(np.float64, 5, elements=st.floats(0.01, 100))


def test_weighted_sum_of_kracka_and_others():
    scores = weighted_sum(KRACKA["values"], [1 / 7] * 7, KRACKA["directions"], scaling="sum")
    assert scores == pytest.approx(KRACKA["scores"], abs=1e-6)
    assert ranks(scores).tolist() == KRACKA["ranks"]


def test_spotis_of_dezert_2020_cannot_reverse():
    cells = [[10.5, -3.1, 1.7], [-4.7, 0, 3.4], [8.1, 0.3, 1.3], [3.2, 7.3, -5.3]]
    bounds, directions, weights = [[-5, 12], [-6, 10], [-8, 5]], ["max", "min", "max"], [0.2, 0.3, 0.5]
    whole = spotis(cells, weights, bounds, directions)
    assert whole == pytest.approx([0.1989, 0.3705, 0.3063, 0.7491], abs=1e-4)
    assert spotis(cells[1:], weights, bounds, directions).tolist() == whole[1:].tolist()


def test_an_unknown_cell_is_an_interval_and_no_point():
    seen = additive([[4, None, 3], [3.5, 2.5, 3]], [0.5, 0.3, 0.2])
    assert (seen.low[0], seen.high[0], seen.coverage[0]) == pytest.approx((2.6, 4.1, 0.7), abs=1e-9)
    assert (seen.low[1], seen.high[1], seen.coverage[1]) == pytest.approx((3.1, 3.1, 1.0), abs=1e-9)
    assert math.isnan(seen.middle[0])
    assert not seen.certainly_better(0, 1)
    assert not seen.certainly_better(1, 0)


@given(POINTS, WEIGHTS, st.floats(0.1, 9))
def test_additive_values_are_the_same_bit_for_bit_whoever_else_bids(cells, weights, scale):
    whole = additive(cells, weights).low
    assert additive(cells[1:], weights).low.tolist() == whole[1:].tolist()
    assert additive(cells[::-1], weights).low.tolist() == whole[::-1].tolist()
    assert additive(np.vstack([cells, cells[2:3]]), weights).low[:4].tolist() == whole.tolist()
    assert additive(cells, weights * scale).low == pytest.approx(whole, abs=1e-12)


@given(POINTS, WEIGHTS, st.integers(0, 4))
def test_a_better_cell_never_lowers_a_value(cells, weights, column):
    raised = cells.copy()
    raised[1, column] = 5
    assert additive(raised, weights).low[1] >= additive(cells, weights).low[1]


def test_values_fall_along_falling_anchors():
    anchors = [500, 300, 200, 150, 100, 50]
    assert value_function([600, 200, 175, 20], anchors).tolist() == pytest.approx([0, 2, 2.5, 5])
    with pytest.raises(TableError, match="rise or fall"):
        value_function(1, [1, 3, 2])


def test_one_bad_cell_costs_more_in_a_product_than_in_a_sum():
    even, odd = [3, 3], [5, 1]
    assert weighted_sum([even, odd], [1, 1])[0] == weighted_sum([even, odd], [1, 1])[1]
    product = weighted_product([even, odd], [1, 1])
    assert product[0] == pytest.approx(3)
    assert product[1] == pytest.approx(math.sqrt(5))
    assert imbalance([even, odd], [1, 1]).tolist() == pytest.approx([0, 2 / 3])


def test_who_is_dominated_is_said():
    assert dominated([[1, 1], [2, 2], [2, 1]]) == (True, False, True)
    assert dominated([[1, 1], [1, 1]]) == (False, False)


@pytest.mark.parametrize(
    ("weights", "told"),
    [([1, -1], "-1.0 is negative"), ([0, 0], "all are 0"), ([1], "1 given for 2"), ([1, math.nan], "not a finite")],
)
def test_odd_weights_are_refused_by_name(weights, told):
    with pytest.raises(TableError, match=told):
        additive([[1, 2]], weights)


@pytest.mark.parametrize(
    ("cells", "told"), [([], "shape"), ([[math.inf, 1]], "row 0, column 0 is infinite"), ([["a", 1]], "give numbers")]
)
def test_odd_tables_are_refused_by_place(cells, told):
    with pytest.raises(TableError, match=told):
        additive(cells, [1, 1])


def test_methods_that_need_every_cell_say_which_is_unknown():
    with pytest.raises(TableError, match="row 1, column 0 is unknown"):
        weighted_sum([[1, 2], [None, 3]], [1, 1])


def test_two_hundred_vendors_by_five_hundred_criteria_are_weighed():
    cells = np.random.default_rng(1).uniform(0, 5, (200, 500))
    assert additive(cells, np.ones(500)).low == pytest.approx(cells.mean(axis=1))


def test_ratios_of_weighted_products_of_triantaphyllou_2000():
    """Multi-criteria Decision Making Methods: a Comparative Study, chapter 2: 1.007, 1.067 and 1.059."""
    first, second, third = weighted_product(
        [[25, 20, 15, 30], [10, 30, 20, 30], [30, 10, 30, 10]], [0.20, 0.15, 0.40, 0.25]
    )
    assert (first / second, first / third, second / third) == pytest.approx((1.007, 1.067, 1.059), abs=5e-4)
