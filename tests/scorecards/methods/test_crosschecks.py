"""Crosschecks: TOPSIS, PROMETHEE and ELECTRE on published numbers, and what they promise."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scorecards.methods.outranking import (
    Preference,
    concordance,
    credibility,
    electre1,
    promethee,
)
from scorecards.methods.tables import TableError
from scorecards.methods.topsis import topsis

POINTS = arrays(np.float64, (4, 3), elements=st.floats(0, 5))


def test_topsis_of_tzeng_and_huang_2011():
    closeness = topsis([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]], [0.3, 0.4, 0.3])
    assert closeness == pytest.approx([0.5037, 0.6581, 0.7482, 0.3340], abs=1e-4)


def test_the_four_fighter_aircraft_of_hwang_and_yoon_1981():
    """Multiple Attribute Decision Making, chapter on TOPSIS: six attributes, the fourth (cost) the less the better."""
    fighters = [
        [2.0, 1500, 20000, 5.5, 5, 9], [2.5, 2700, 18000, 6.5, 3, 5],
        [1.8, 2000, 21000, 4.5, 7, 7], [2.2, 1800, 20000, 5.0, 5, 5],
    ]  # fmt: skip
    better = ["max", "max", "max", "min", "max", "max"]
    closeness = topsis(fighters, [0.2, 0.1, 0.1, 0.1, 0.2, 0.3], better)
    assert closeness == pytest.approx([0.643, 0.268, 0.613, 0.312], abs=1e-3)


def test_topsis_of_opricovic_and_tzeng_2004_by_another_scaling():
    closeness = topsis([[1, 3000], [2, 3750], [5, 4500]], [0.5, 0.5], ["min", "max"], scaling="minmax")
    assert closeness == pytest.approx([0.500, 0.617, 0.500], abs=5e-4)


@given(POINTS)
def test_topsis_with_fixed_ideals_never_reverses(cells):
    fixed = {"scaling": "none", "ideal": 5, "anti_ideal": 0}
    whole = topsis(cells, [1, 2, 3], **fixed)
    assert topsis(cells[1:], [1, 2, 3], **fixed) == pytest.approx(whole[1:], nan_ok=True)


def test_one_ideal_without_the_other_is_refused():
    with pytest.raises(TableError, match="both"):
        topsis([[1, 2]], [1, 1], ideal=5)


def test_promethee_with_mixed_preferences_of_the_transport_example():
    """RER, METRO1, METRO2, BUS, TAXI: test data of the R package MCDA."""
    flows = promethee(
        [[1, 10, 1], [4, 20, 2], [2, 20, 0], [6, 40, 0], [30, 30, 3]],
        [0.2, 0.3, 0.5],
        ["min", "min", "max"],
        preferences=[
            Preference(shape="gaussian", s=4),
            Preference(shape="level", q=11, p=15),
            Preference(shape="linear", q=1, p=3),
        ],
    )
    assert flows.net == pytest.approx([0.1784, 0.2377, -0.0385, -0.4152, 0.0375], abs=1e-4)


@given(POINTS)
def test_net_flows_sum_to_nothing_and_the_dominant_flows_up(cells):
    flows = promethee(np.vstack([cells, np.full((1, 3), 5.0)]), [1, 1, 1])
    assert flows.net.sum() == pytest.approx(0, abs=1e-12)
    assert flows.net[-1] == pytest.approx(flows.net.max(), abs=1e-12)


def test_whoever_is_best_everywhere_is_not_told_to_be_worst():
    flows = promethee([[5, 5], [1, 1], [0, 2]], [1, 1], preferences=Preference(shape="usual"))
    assert flows.net.argmax() == 0


def test_electre_1_of_cebrian_2009():
    cells = [
        [6, 5, 28, 5, 5], [4, 2, 25, 10, 9], [5, 7, 35, 9, 6], [6, 1, 27, 6, 7], [6, 8, 30, 7, 9], [5, 6, 26, 4, 8],
    ]  # fmt: skip
    weights, directions = [0.25, 0.25, 0.1, 0.2, 0.2], ["max", "max", "min", "max", "max"]
    agree = concordance(cells, weights, directions)
    assert agree[0, 1:] == pytest.approx([0.5, 0.35, 0.5, 0.35, 0.45], abs=1e-3)
    assert agree[4, [0, 1, 2, 3, 5]] == pytest.approx([0.9, 0.7, 0.8, 0.9, 0.9], abs=1e-3)
    assert math.isnan(agree[2, 2])
    assert electre1(cells, weights, directions) == (4,)


def test_credibility_of_the_four_schools():
    """R package MCDA, manual of ELECTRE3; three implementations agree on it."""
    seen = credibility([[-0.2, 3], [-2.3, 9], [-2.4, 10], [-1, 7]], [0.25, 0.75], q=[0.2, 1], p=[1, 2], veto=[3.5, 4])
    expected = [[1, 0, 0, 0], [0.75, 1, 1, 0.75], [0.75, 1, 1, 0.75], [0.8125, 0.25, 0.16667, 1]]
    assert seen.sigma == pytest.approx(np.array(expected), abs=1e-4)
    assert seen.vetoed[0].tolist() == [False, True, True, True]


def test_thresholds_that_do_not_rise_are_refused():
    with pytest.raises(TableError, match="rise"):
        credibility([[1, 2]], [1, 1], q=1, p=0.5)
    with pytest.raises(TableError, match="q < p"):
        promethee([[1.0], [2.0]], [1], preferences=Preference(shape="v-shape"))


def test_promethee_of_six_power_plants_by_all_six_shapes_of_preference():
    """Brans, Vincke and Mareschal 1986, EJOR 24, 228-238: plant 5 leads, then 2, 4, 6, 3 and 1."""
    plants = [
        [80, 90, 6, 5.4, 8, 5], [65, 58, 2, 9.7, 1, 1], [83, 60, 4, 7.2, 4, 7],
        [40, 80, 10, 7.5, 7, 10], [52, 72, 6, 2.0, 3, 8], [94, 96, 7, 3.6, 5, 6],
    ]  # fmt: skip
    shapes = [
        Preference(shape="u-shape", q=10), Preference(shape="v-shape", p=30), Preference(shape="linear", q=0.5, p=5),
        Preference(shape="level", q=1, p=6), Preference(shape="usual"), Preference(shape="gaussian", s=5),
    ]  # fmt: skip
    seen = promethee(plants, [1] * 6, ["min", "max", "min", "min", "min", "max"], preferences=shapes)
    assert (-seen.net).argsort().tolist() == [4, 1, 3, 5, 2, 0]
    assert seen.plus == pytest.approx([0.22, 0.40, 0.25, 0.33, 0.45, 0.30], abs=6e-3)
