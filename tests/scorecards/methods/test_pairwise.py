"""Pairwise: AHP on published numbers, and the theorem for which the geometric mean was chosen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecards.methods.pairwise import (
    checked,
    completed,
    consistency,
    group,
    largest_eigenvalue,
    matrix,
    priorities,
    synthesis,
)
from scorecards.methods.tables import TableError
from scorecards.methods.weights import of_group
from tests.scorecards.methods.published import CITIES, CITY_CRITERIA, CITY_JUDGEMENTS, CITY_PRIORITIES


def test_saaty_s_cities_by_the_eigenvector():
    names = ("Culture", "Family", "Housing", "Jobs", "Transportation")
    weights = priorities(matrix(names, CITY_CRITERIA), method="eigen")
    local = np.array([priorities(matrix(CITIES, CITY_JUDGEMENTS[name]), method="eigen") for name in names]).T
    assert synthesis(weights, local) == pytest.approx([CITY_PRIORITIES[city] for city in CITIES], abs=1e-3)


def test_a_missing_judgement_is_completed_as_bozoki_and_others_do():
    known = {("a", "b"): 1, ("a", "c"): 5, ("a", "d"): 2, ("b", "c"): 3, ("b", "d"): 4, ("c", "d"): None}
    whole = completed(matrix("abcd", known))
    assert whole[2, 3] == pytest.approx(0.730297106886979, abs=1e-4)
    assert priorities(whole, method="eigen") == pytest.approx([0.3738, 0.3920, 0.0985, 0.1357], abs=1e-4)
    assert consistency(whole, index="donegan-dodd").ratio == pytest.approx(0.0372, abs=1e-4)


def test_two_missing_judgements_are_completed_and_unlinked_ones_refused():
    whole = completed(matrix("abcd", {("a", "b"): 2, ("b", "c"): 2, ("c", "d"): 2, ("a", "c"): 4}))
    assert whole[0, 3] == pytest.approx(8, abs=1e-3)
    with pytest.raises(TableError, match="linked"):
        completed(matrix("abcd", {("a", "b"): 2, ("c", "d"): 2}))


def test_belton_and_gear_1983_reverse_ranks_in_one_mode_only():
    ratios = np.array([[1, 9, 8], [9, 1, 9], [1, 1, 1]])
    with_copy, weights = np.vstack([ratios, ratios[1]]), [1, 1, 1]
    assert synthesis(weights, ratios) == pytest.approx([0.4512, 0.4697, 0.0791], abs=1e-4)
    assert synthesis(weights, with_copy) == pytest.approx([0.3654, 0.2889, 0.0568, 0.2889], abs=1e-4)
    before, after = (synthesis(weights, one, mode="ideal") for one in (ratios, with_copy))
    assert before == pytest.approx([0.6667, 0.7037, 0.1111], abs=1e-4)
    assert after[:3].tolist() == before.tolist()


@given(st.lists(st.lists(st.floats(0.11, 9), min_size=6, max_size=6), min_size=2, max_size=4))
def test_judgements_or_priorities_first_is_the_same_by_the_geometric_mean(members):
    pairs = [(a, b) for at, a in enumerate("abcd") for b in "abcd"[at + 1 :]]
    matrices = [matrix("abcd", dict(zip(pairs, one, strict=True))) for one in members]
    assert priorities(group(matrices)) == pytest.approx(of_group([priorities(one) for one in matrices]), abs=1e-9)


def test_perfect_comparisons_are_consistent_and_the_worst_three_are_named():
    assert consistency(matrix("abc", {("a", "b"): 2, ("b", "c"): 3, ("a", "c"): 6})).gci == pytest.approx(0, abs=1e-12)
    odd = {("a", "b"): 1, ("a", "c"): 1, ("a", "d"): 1, ("b", "c"): 9, ("b", "d"): 1, ("c", "d"): 9}
    seen = consistency(matrix("abcd", odd))
    assert not seen.acceptable
    assert seen.ratio > 0.1
    assert seen.worst == (1, 2, 3)


@pytest.mark.parametrize(
    ("comparisons", "told"),
    [
        ([[1, 2], [2, 1]], "multiply to 1"),
        ([[1, 2, 3]], "not square"),
        ([[1, -2], [-0.5, 1]], "negative"),
        ([[1, np.nan], [np.nan, 1]], "missing"),
    ],
)
def test_what_is_no_reciprocal_matrix_is_refused(comparisons, told):
    with pytest.raises(TableError, match=told):
        checked(comparisons)


def test_saaty_s_choice_of_a_school_is_weighed_as_printed_and_told_to_be_inconsistent():
    """Saaty 1980, The Analytic Hierarchy Process: six criteria of three high schools, CR far above 0.10."""
    school = [
        [1, 4, 3, 1, 3, 4], [1 / 4, 1, 7, 3, 1 / 5, 1], [1 / 3, 1 / 7, 1, 1 / 5, 1 / 5, 1 / 6],
        [1, 1 / 3, 5, 1, 1, 1 / 3], [1 / 3, 5, 5, 1, 1, 3], [1 / 4, 1, 6, 3, 1 / 3, 1],
    ]  # fmt: skip
    assert priorities(school, method="eigen") == pytest.approx([0.32, 0.14, 0.03, 0.13, 0.24, 0.14], abs=6e-3)
    seen = consistency(school)
    assert seen.ratio > 0.2
    assert not seen.acceptable


def test_saaty_s_choice_of_a_house_is_weighed_as_printed_with_its_ratio():
    """Saaty 1980 and 1990 (EJOR 48): eight criteria of a house, largest eigenvalue 9.669, CR 0.169."""
    house = [
        [1, 5, 3, 7, 6, 6, 1 / 3, 1 / 4], [1 / 5, 1, 1 / 3, 5, 3, 3, 1 / 5, 1 / 7], [1 / 3, 3, 1, 6, 3, 4, 6, 1 / 5],
        [1 / 7, 1 / 5, 1 / 6, 1, 1 / 3, 1 / 4, 1 / 7, 1 / 8], [1 / 6, 1 / 3, 1 / 3, 3, 1, 1 / 2, 1 / 5, 1 / 6],
        [1 / 6, 1 / 3, 1 / 4, 4, 2, 1, 1 / 5, 1 / 6], [3, 5, 1 / 6, 7, 5, 5, 1, 1 / 2], [4, 7, 5, 8, 6, 6, 2, 1],
    ]  # fmt: skip
    printed = [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333]
    assert priorities(house, method="eigen") == pytest.approx(printed, abs=1e-3)
    assert largest_eigenvalue(house) == pytest.approx(9.669, abs=1e-3)
    assert consistency(house).ratio == pytest.approx(0.169, abs=1e-3)
