"""Tables: what is no table, no weight or no ballot is refused in a sentence by every method, and all keep promises."""

import re
from datetime import date
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scorecards.methods.agreement import intraclass, kendall_w, krippendorff_interval
from scorecards.methods.outranking import Preference, concordance, credibility, promethee
from scorecards.methods.pairwise import consistency, priorities, synthesis
from scorecards.methods.procurement import Bid, lowest_price_first, price_points
from scorecards.methods.tables import TableError, numbers, ranks, shares
from scorecards.methods.topsis import topsis
from scorecards.methods.value import additive, dominated, imbalance, weighted_product, weighted_sum
from scorecards.methods.voting import Profile, borda, copeland, schulze
from scorecards.methods.weights import of_group, rank_order_centroid

POINTS = arrays(np.float64, (4, 3), elements=st.floats(0, 5).map(lambda x: round(x, 3)))
WEIGHTS = arrays(np.float64, 3, elements=st.floats(0.01, 10))


def fixed_topsis(cells, weights):
    return topsis(cells, weights, scaling="none", ideal=5, anti_ideal=0)


#: Methods whose answer for one alternative depends on no other.
ALONE = {
    "additive": lambda cells, weights: additive(cells, weights).low,
    "weighted_sum": weighted_sum,
    "weighted_product": weighted_product,
    "topsis": fixed_topsis,
    "imbalance": imbalance,
}
#: Methods made of pairs: who else is there may change an answer, the order of rows may not.
PAIRS = {
    "promethee": lambda cells, weights: promethee(cells, weights).net,
    "electre": lambda cells, weights: credibility(cells, weights).sigma.mean(axis=1),
    "topsis_of_the_table": topsis,
}
EVERY = ALONE | PAIRS


@pytest.mark.parametrize("method", EVERY.values(), ids=EVERY)
@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ([1, -1, 1], "negative"), ([0, 0, 0], "all are 0"), ([1, 1], "2 given for 3"), ([1, np.nan, 1], "finite"),
        ([1, np.inf, 1], "finite"), (["30 %", 1, 1], "give numbers"), ([[1], [1, 2], [3]], "give numbers"),
    ],
)  # fmt: skip
def test_odd_weights_are_refused_by_every_method(method, weights, told):
    with pytest.raises(TableError, match=told) as refused:
        method([[1, 2, 3], [3, 2, 1]], weights)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("method", EVERY.values(), ids=EVERY)
@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([], "shape"), ([[], []], "shape"), ([1, 2, 3], "shape"), ([[1, 2, 3], [1, 2]], "equal length"),
        ([["=A1", 2, 3]], "instead of formulas"), ([[date(2027, 1, 1), 2, 3]], "give numbers"),
        ([[np.inf, 2, 3]], "row 0, column 0 is infinite"),
    ],
)  # fmt: skip
def test_odd_tables_are_refused_by_every_method(method, cells, told):
    with pytest.raises(TableError, match=told):
        method(cells, [1, 1, 1])


@pytest.mark.parametrize("method", [one for name, one in EVERY.items() if name != "additive"])
def test_an_unknown_cell_never_becomes_a_row_of_nan(method):
    with pytest.raises(TableError, match="row 1, column 2 is unknown"):
        method([[1, 2, 3], [1, 2, None]], [1, 1, 1])


def test_all_unknown_is_the_whole_scale_and_covers_nothing():
    seen = additive(np.full((2, 3), np.nan), [1, 1, 1])
    assert (seen.low.tolist(), seen.high.tolist(), seen.coverage.tolist()) == ([0, 0], [5, 5], [0, 0])


@pytest.mark.parametrize("method", EVERY.values(), ids=EVERY)
def test_one_vendor_alone_has_a_finite_answer(method):
    assert np.isfinite(method([[4, 3, 5]], [1, 2, 3])).all()


@pytest.mark.parametrize("method", EVERY.values(), ids=EVERY)
@pytest.mark.parametrize("points", [0.0, 3.0, 5.0])
def test_identical_vendors_are_equal_and_finite(method, points):
    found = method([[points] * 3] * 4, [1, 2, 3])
    assert np.isfinite(found).all()
    assert np.ptp(found) <= 1e-12
    assert ranks(found).tolist() == [2.5] * 4


@pytest.mark.parametrize("method", EVERY.values(), ids=EVERY)
def test_two_hundred_vendors_by_five_hundred_criteria_are_no_trouble(method):
    found = method(np.random.default_rng(1).uniform(0, 5, (200, 500)), np.ones(500))
    assert found.shape == (200,)
    assert np.isfinite(found).all()


@pytest.mark.parametrize("method", ALONE.values(), ids=ALONE)
@settings(max_examples=15, deadline=None)
@given(cells=POINTS, weights=WEIGHTS, other=arrays(np.float64, 3, elements=st.floats(0, 5)))
def test_who_else_bids_changes_no_figure(method, cells, weights, other):
    """A copy, a stranger or a dominated vendor more, or one vendor fewer: the figures of the others stay."""
    whole = method(cells, weights)
    for more in (cells[1], other, np.zeros(3)):
        assert method(np.vstack([cells, more]), weights)[:4].tolist() == whole.tolist()
    assert method(cells[1:], weights).tolist() == whole[1:].tolist()


@pytest.mark.parametrize("method", EVERY.values(), ids=EVERY)
@settings(max_examples=15, deadline=None)
@given(cells=POINTS, weights=WEIGHTS, order=st.permutations(range(4)), scale=st.floats(0.01, 1000))
def test_the_order_of_vendors_and_the_scale_of_weights_decide_nothing(method, cells, weights, order, scale):
    whole = method(cells, weights)
    assert method(cells[list(order)], weights) == pytest.approx(whole[list(order)], abs=1e-9)
    assert method(cells, weights * scale) == pytest.approx(whole, abs=1e-9)


@pytest.mark.parametrize("name", ["additive", "weighted_sum", "weighted_product", "topsis", "promethee"])
@settings(max_examples=15, deadline=None)
@given(cells=POINTS, weights=WEIGHTS, column=st.integers(0, 2), more=st.floats(0, 5))
def test_a_better_cell_never_makes_its_vendor_worse(name, cells, weights, column, more):
    raised = cells.copy()
    raised[1, column] = max(more, raised[1, column])
    assert EVERY[name](raised, weights)[1] >= EVERY[name](cells, weights)[1] - 1e-12


def test_weights_that_do_not_sum_to_one_are_shares_whatever_their_size():
    assert shares([30, 18, 2], 3).tolist() == pytest.approx([0.6, 0.36, 0.04])
    assert shares([1e308, 1e308], 2).tolist() == [0.5, 0.5]
    assert shares([5e-324, 0], 2).tolist() == [1, 0]


def test_nobody_is_ranked_by_what_is_not_known():
    with pytest.raises(TableError, match="nobody can be ranked"):
        ranks([1, np.nan])
    assert ranks([3, 1, 3]).tolist() == [1.5, 3, 1.5]
    assert numbers([[1, None]], "x").shape == (1, 2)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda: Preference(shape="round").of(np.ones(2)), "shape 'round'"),
        (lambda: Preference(shape="u-shape", q=-1).of(np.ones(2)), "0 or more"),
        (lambda: credibility([[1, 2]], [1, 1], q=[0, 0, 0]), "3 given for 2"),
        (lambda: credibility([[1, 2]], [1, 1], q=np.nan), "must rise"),
        (lambda: topsis([[1, 2]], [1, 1], ideal=[5, 5, 5], anti_ideal=0), "one for each of 2"),
        (lambda: Profile.of({"A>B": -1}), "cast -1 times"),
        (lambda: Profile.of({"A>B": 1.5}), "cast 1.5 times"),
        (lambda: Profile.of({"A>B": 0}), "cast 0 times"),
        (lambda: Profile.of({"A>>B": 1}), "is empty"),
        (lambda: of_group([[1, 2], [3]]), "equal length"),
        (lambda: rank_order_centroid(2.5), "whole number"),
        (lambda: priorities([[1, "x"], [1, 1]]), "give numbers"),
        (lambda: consistency(np.ones((3, 3)), index="mine"), "index 'mine'|'mine' is none"),
        (lambda: synthesis([1, 1], [[0, 1], [1, 1]]), "positive priorities"),
        (lambda: lowest_price_first([Bid(name="A", price=np.inf, quality=1)], price_share=0.3), "price inf"),
        (lambda: lowest_price_first([Bid(name="A", price=1, quality=1)], price_share=0.3, bought="gifts"), "'gifts'"),
        (lambda: price_points(np.nan, target=1, most=2), "no price"),
        (lambda: kendall_w([[1, 2], [1]]), "equal length"),
        (lambda: intraclass([["a", 1], [1, 2]]), "give numbers"),
    ],
)
def test_every_other_misfit_is_told_in_one_line(made, told):
    with pytest.raises(TableError, match=told) as refused:
        made()
    assert "\n" not in str(refused.value)


def test_nobody_s_opinion_has_no_interval():
    assert np.isnan(krippendorff_interval([[1, None], [None, 2]])).all()


def test_one_candidate_or_one_vendor_alone_wins_without_a_rival():
    profile = Profile.of({"A": 3})
    assert (borda(profile), copeland(profile), schulze(profile)) == ({"A": 0}, {"A": 0}, (("A",),))
    assert dominated([[1, 2]]) == (False,)
    assert np.isnan(concordance([[1, 2]], [1, 1])).all()


def test_the_document_on_scoring_lists_functions_that_are_there():
    text = (Path(__file__).parents[3] / "docs" / "scoring.md").read_text("utf-8")
    firsts = [row.split("|")[1] for row in text.partition("## Functions that take")[2].splitlines() if row[:3] == "| `"]
    assert len(firsts) > 15
    for first in firsts:
        named = re.findall(r"`([\w.]+)`", first)
        rooms = [import_module(f"scorecards.{one.rpartition('.')[0]}") for one in named if "." in one]
        for one in named:
            assert any(hasattr(room, one.rpartition(".")[2]) for room in rooms), one
