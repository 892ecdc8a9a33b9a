"""Acceptability: SMAA against answers that can be worked out by hand, and what it promises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scorecards.methods.tables import TableError
from scorecards.robustness.acceptability import CHUNK, confidence, smaa
from scorecards.robustness.cells import between, by_grade, exactly
from scorecards.robustness.draws import Tree, anywhere, around, chance, of_members, ordered, within_bounds

POINTS = arrays(np.float64, (4, 3), elements=st.sampled_from([0, 1, 2, 2.5, 3, 4, 5]))


def test_two_criteria_and_three_alternatives_by_hand():
    """With w uniform on [0, 1], A = 5w, B = 5(1-w), C = 3: C leads between 0.4 and 0.6."""
    seen = smaa(anywhere(2, 100_000, chance(1)), exactly([[5, 0], [0, 5], [3, 3]]))
    assert seen.first == pytest.approx([0.4, 0.4, 0.2], abs=4 * seen.error)
    assert seen.central[0] == pytest.approx([0.8, 0.2], abs=0.01)
    assert seen.central[2] == pytest.approx([0.5, 0.5], abs=0.01)
    assert seen.beats[0, 1] == pytest.approx(0.5, abs=0.01)
    assert seen.mean == pytest.approx([2.5, 2.5, 3.0], abs=0.02)


def test_unknown_scores_alone_decide_by_chance():
    """One criterion: a known 4 against an unknown of 0 to 5 leads in four of five draws."""
    seen = smaa(np.ones((50_000, 1)), exactly([[4.0], [np.nan]]), source=chance(2))
    assert seen.first == pytest.approx([0.8, 0.2], abs=0.01)


def test_a_triangular_score_has_its_mean_and_quantiles():
    seen = smaa(np.ones((100_000, 1)), between([[1.0]], [[2.0]], [[5.0]]), source=chance(3))
    assert seen.mean[0] == pytest.approx(8 / 3, abs=0.01)
    assert seen.deviation[0] == pytest.approx(np.sqrt((1 + 4 + 25 - 2 - 5 - 10) / 18), abs=0.01)
    assert seen.low[0] == pytest.approx(1 + np.sqrt(0.05 * 4 * 1), abs=0.02)


@settings(max_examples=25, deadline=None)
@given(POINTS)
def test_acceptabilities_sum_to_one_both_ways_ties_or_not(cells):
    seen = smaa(anywhere(3, 500, chance(4)), exactly(cells))
    assert seen.ranks.sum(axis=0) == pytest.approx(np.ones(4))
    assert seen.ranks.sum(axis=1) == pytest.approx(np.ones(4))
    assert (seen.beats + seen.beats.T)[~np.eye(4, dtype=bool)] == pytest.approx(1.0)


@settings(max_examples=25, deadline=None)
@given(POINTS, st.permutations(range(4)))
def test_the_order_of_alternatives_decides_nothing(cells, order):
    weights = anywhere(3, 500, chance(5))
    whole, turned = smaa(weights, exactly(cells)), smaa(weights, exactly(cells[list(order)]))
    assert turned.ranks == pytest.approx(whole.ranks[list(order)])


@settings(max_examples=20, deadline=None)
@given(POINTS, st.integers(0, 2))
def test_a_better_cell_never_makes_first_places_rarer(cells, column):
    raised = cells.copy()
    raised[1, column] = 5
    weights = anywhere(3, 500, chance(6))
    assert smaa(weights, exactly(raised)).first[1] >= smaa(weights, exactly(cells)).first[1] - 1e-12


def test_identical_vendors_share_every_place():
    seen = smaa(anywhere(2, 1_000, chance(7)), exactly([[3, 3], [3, 3]]))
    assert seen.ranks.tolist() == [[0.5, 0.5], [0.5, 0.5]]


def test_one_vendor_alone_and_all_unknown_are_no_trouble():
    alone = smaa(np.ones((10, 1)), exactly([[np.nan]]), source=chance(8))
    assert alone.first.tolist() == [1.0]
    nothing = smaa(anywhere(3, 20_000, chance(9)), exactly(np.full((2, 3), np.nan)), source=chance(9))
    assert nothing.first == pytest.approx([0.5, 0.5], abs=0.02)


def test_the_same_seed_gives_the_same_bits_across_chunks():
    cells = by_grade([[3, 4], [4, 3]], [["E3", "E0"], ["E1v", ""]])
    weights = anywhere(2, CHUNK * 2 + 7, chance(10))
    first, again = smaa(weights, cells, source=chance(1)), smaa(weights, cells, source=chance(1))
    assert first.ranks.tolist() == again.ranks.tolist()
    assert first.draws == CHUNK * 2 + 7


def test_each_member_s_own_scores_hold_in_their_draws():
    weights, whose = of_members([[1, 0], [0, 1]], 10_000, chance(11))
    agreed = smaa(weights, [exactly([[5, 0], [3, 3]]), exactly([[0, 1], [3, 3]])], members=whose)
    assert agreed.first == pytest.approx([np.mean(whose == 0), np.mean(whose == 1)])


def test_confidence_is_of_whoever_ever_leads():
    cells = between([[2, 2], [1, 1]], [[3, 3], [1, 1]], [[4, 4], [1.5, 1.5]])
    seen = smaa(anywhere(2, 2_000, chance(12)), cells)
    factors = confidence(seen.central, cells, source=chance(13), draws=2_000)
    assert factors[0] == 1.0
    assert np.isnan(factors[1])


def test_weights_around_a_mean_are_as_firm_as_told():
    seed_default = [0.30, 0.18, 0.16, 0.12, 0.08, 0.08, 0.08]
    found = around(seed_default, 40_000, chance(14))
    assert found.mean(axis=0) == pytest.approx(seed_default, abs=0.01)
    assert np.quantile(found[:, 0], [0.05, 0.95]) == pytest.approx([0.21, 0.40], abs=0.01)
    kept = around(seed_default, 1_000, chance(14), first_largest=True)
    assert (kept[:, 0] >= kept.max(axis=1)).all()


def test_weights_by_rank_and_between_bounds_keep_their_promise():
    found = ordered(3, 20_000, chance(15))
    assert (np.diff(found, axis=1) <= 0).all()
    assert found.mean(axis=0) == pytest.approx([11 / 18, 5 / 18, 2 / 18], abs=0.01)  # rank order centroids
    low, high = [0.2, 0.1, 0.0], [0.5, 0.6, 0.3]
    between_ = within_bounds(low, high, 500, chance(16))
    assert (between_ >= low).all()
    assert (between_ <= np.array(high) + 1e-9).all()
    with pytest.raises(TableError, match="widen"):
        within_bounds([0.6, 0.6], [1, 1], 5, chance(1))


def test_a_tree_spreads_dimension_weights_over_criteria():
    tree = Tree.of([0, 0, 1], [1, 3, 5])
    assert tree.spread(np.array([0.4, 0.6])).tolist() == pytest.approx([0.1, 0.3, 0.6])
    with pytest.raises(TableError, match="all weigh 0"):
        Tree.of([0, 1], [1, 0])


@pytest.mark.parametrize("grades", [[["E9", ""]], [["E3"]]])
def test_odd_grades_are_refused(grades):
    with pytest.raises(TableError, match="grades"):
        by_grade([[3, 4]], grades)


def test_claims_lean_down_and_unknown_is_the_whole_scale():
    cells = by_grade([[4, 4, 4, np.nan]], [["E0", "E1v", "E3", "E3"]])
    assert cells.low[0].tolist() == [1, 3, 3.75, 0]
    assert cells.high[0].tolist() == [4, 4, 4.25, 5]
    assert cells.unknown[0].tolist() == [False, False, False, True]
    assert cells.pessimistic(0).high[0, 3] == 2
