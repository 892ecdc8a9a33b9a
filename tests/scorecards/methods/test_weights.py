"""Weights: from ranks, swings and groups."""

import pytest

from scorecards.methods.tables import TableError
from scorecards.methods.weights import (
    aitchison,
    by_rank,
    hierarchical,
    of_group,
    rank_order_centroid,
    rank_reciprocal,
    rank_sum,
    swing,
    total_variation,
)


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (3, [0.6111, 0.2778, 0.1111]),
        (4, [0.5208, 0.2708, 0.1458, 0.0625]),
        (5, [0.4567, 0.2567, 0.1567, 0.0900, 0.0400]),
        (7, [0.3704, 0.2276, 0.1561, 0.1085, 0.0728, 0.0442, 0.0204]),
    ],
)
def test_rank_order_centroids_of_barron_and_barrett_1996(n, expected):
    assert rank_order_centroid(n) == pytest.approx(expected, abs=1e-4)


def test_flatter_and_steeper_ways_to_weigh_ranks():
    assert rank_sum(7) == pytest.approx([0.25, 0.2143, 0.1786, 0.1429, 0.1071, 0.0714, 0.0357], abs=1e-4)
    assert rank_reciprocal(7) == pytest.approx([0.3857, 0.1928, 0.1286, 0.0964, 0.0771, 0.0643, 0.0551], abs=1e-4)


def test_swing_points_become_shares():
    points = {"SEC": 100, "CUS": 60, "INT": 53, "AI": 40, "UX": 27, "VEN": 27, "ROI": 27}
    rounded = {name: round(share, 2) for name, share in swing(points).items()}
    assert rounded == {"SEC": 0.30, "CUS": 0.18, "INT": 0.16, "AI": 0.12, "UX": 0.08, "VEN": 0.08, "ROI": 0.08}


def test_criteria_that_share_a_rank_share_its_weight():
    found = by_rank(["a", ("b", "c"), "d"])
    assert found["b"] == found["c"] == pytest.approx((0.2708 + 0.1458) / 2, abs=1e-4)
    assert sum(found.values()) == pytest.approx(1)


def test_hierarchical_weights_multiply_down_the_tree():
    found = hierarchical({"SEC": 3, "UX": 1}, {"SEC": {"SEC-01": 1, "SEC-02": 1}, "UX": {"UX-01": 5}})
    assert found == pytest.approx({"SEC-01": 0.375, "SEC-02": 0.375, "UX-01": 0.25})
    with pytest.raises(TableError, match="'UX' stands on one side"):
        hierarchical({"SEC": 1}, {"SEC": {"a": 1}, "UX": {"b": 1}})


def test_a_group_s_weights_are_the_geometric_mean():
    assert of_group([[0.8, 0.2], [0.2, 0.8]]) == pytest.approx([0.5, 0.5])
    assert of_group([[0.5, 0.5], [0.9, 0.1]]) == pytest.approx([0.75, 0.25])


def test_how_far_two_members_are_apart():
    assert total_variation([1, 0], [0, 1]) == 1
    assert total_variation([2, 2], [1, 1]) == 0
    assert aitchison([1, 2], [2, 1]) == pytest.approx(0.98026, abs=1e-4)
    with pytest.raises(TableError, match="no log ratio"):
        aitchison([1, 0], [1, 1])
