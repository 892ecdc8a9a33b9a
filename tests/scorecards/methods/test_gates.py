"""Gates: a knock-out on an interval, and what its row may still score."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecards.methods.gates import GateState, excess, excess_weights, gate_state
from scorecards.methods.tables import TableError
from scorecards.methods.value import additive, weighted_sum


@pytest.mark.parametrize(
    ("worst", "best", "state"),
    [
        (3.0, 5.0, GateState.PASSED), (0.0, 2.99, GateState.FAILED), (2.0, 3.0, GateState.INCONCLUSIVE),
        (0.0, 5.0, GateState.INCONCLUSIVE), (math.nan, math.nan, GateState.UNKNOWN),
    ],
)  # fmt: skip
def test_the_whole_interval_decides_a_gate(worst, best, state):
    assert gate_state(worst, best, 3.0) is state


def test_nothing_seen_is_unknown_and_neither_a_pass_nor_a_loss():
    found = gate_state(0.0, 5.0, 3.0, seen=False)
    assert found is GateState.UNKNOWN
    assert found.open
    assert not GateState.FAILED.open


def test_only_what_is_above_the_gate_counts():
    assert excess([0, 2.9, 3, 4, 5], 3.0).tolist() == [0, 0, 0, 2.5, 5]
    assert excess([[3, 3], [5, 4]], [3.0, math.nan]).tolist() == [[0, 3], [5, 4]]
    assert math.isnan(float(excess(math.nan, 3.0)))


def test_a_gate_s_row_weighs_what_is_left_of_its_swing():
    """Of two rows of weight 5 the one that is a gate at 3 keeps 2 of 5 points: a point of either moves as much."""
    weights, gates = excess_weights([5, 5], [3.0, math.nan]), [3.0, math.nan]
    assert weights.tolist() == [2, 5]
    met, gate_up, other_up = (weighted_sum(excess([row], gates), weights)[0] for row in ([3, 3], [4, 3], [3, 4]))
    assert gate_up - met == pytest.approx(other_up - met) == pytest.approx(5 / 7)


def test_meeting_a_gate_earns_nothing_and_all_above_it_earns_all():
    gates = [3.0, 3.0]
    assert additive(excess([[3, 3], [5, 5]], gates), excess_weights([1, 2], gates)).low.tolist() == [0, 5]


@given(st.floats(0, 5), st.floats(0, 5), st.floats(0, 4.9))
def test_a_better_rating_never_counts_less(first, second, gate_at):
    low, high = sorted((first, second))
    counted = excess([low, high], gate_at)
    assert 0 <= counted[0] <= counted[1] <= 5


@pytest.mark.parametrize("gate_at", [-1, 5, 6])
def test_a_threshold_off_the_scale_is_refused(gate_at):
    with pytest.raises(TableError, match="off the scale"):
        excess([1.0], gate_at)


def test_other_misfits_are_refused():
    with pytest.raises(TableError, match="order the two"):
        gate_state(4, 2, 3)
    with pytest.raises(TableError, match="give a threshold"):
        excess([1.0], "three")
    assert np.isnan(excess([math.nan], 3.0)).all()
