"""Cross-check: dimensions as voters, who depends on whom, and the legal formula beside fixed anchors."""

import math
from dataclasses import replace

import numpy as np
import pytest

from poc.crosscheck import compared, leaders, offered, outranked, quality, votes, without_each
from scorecards.deciding.contest import Contest
from scorecards.methods.outranking import promethee
from scorecards.methods.tables import TableError
from scorecards.robustness.cells import exactly
from scorecards.robustness.draws import Tree
from scorecards.robustness.ladder import Steps
from scorecards.weighting import DIMENSIONS, Weighting


def contest(*rows: list[float], outer: tuple[float, ...] = (0.5, 0.3, 0.2)) -> Contest:
    cells = exactly(rows)
    return Contest(
        vendors=tuple("ABCDEF"[: len(rows)]), criteria=("SEC-01", "CUS-01", "ROI-01"), dimensions=("SEC", "CUS", "ROI"),
        tree=Tree.of([0, 1, 2], [1, 1, 1]), outer=np.array(outer), expected=cells, conservative=cells,
        grades=np.full(cells.shape, "E3", dtype=object), eligible=("yes",) * len(rows), tie_band=0.1,
        steps=Steps(recommended=0.8, preferred=0.6, pessimistic=0.5), floors=np.full(3, math.nan),
    )  # fmt: skip


def test_each_dimension_votes_by_its_weight() -> None:
    found = votes(contest([5, 1, 1], [4, 3, 3], [1, 2, 5]))
    assert found.borda == pytest.approx({"A": 2 * 0.5, "B": 0.5 + 2 * 0.3 + 0.2, "C": 0.3 + 2 * 0.2})
    assert found.winner is None  # half of all votes is no majority
    assert votes(contest([5, 1, 1], [4, 3, 3], outer=(0.6, 0.3, 0.1))).winner == "A"


def test_majorities_that_go_in_a_circle_are_shown() -> None:
    found = votes(contest([3, 1, 2], [2, 3, 1], [1, 2, 3], outer=(1 / 3, 1 / 3, 1 / 3)))
    assert found.winner is None
    assert found.cycles == (("A", "B", "C"),)


def test_a_dimension_far_behind_is_vetoed() -> None:
    found = outranked(contest([5, 5, 1], [3, 3, 5]))
    assert bool(found.vetoed[0, 1])
    assert found.sigma[0, 1] == 0


def test_leaving_one_out_is_the_same_as_asking_the_others_alone() -> None:
    table = contest([5, 1, 3], [4, 3, 3], [1, 2, 5], [2, 4, 4])
    for out, (_, after) in without_each(table, "promethee").items():
        rest = [row for row, name in enumerate(table.vendors) if name != out]
        net = promethee(table.expected.mean[rest], table.weights).net
        assert after == table.vendors[rest[int(net.argmax())]]


def test_who_leads_by_relative_methods_with_and_without_each() -> None:
    found = without_each(contest([5, 1, 1], [4, 3, 3], [1, 2, 5]), "promethee")
    assert set(found) == {"A", "B", "C"}
    assert all(name not in pair for name, pair in found.items())
    assert without_each(contest([5, 1, 1], [4, 3, 3]), "topsis") == {}


def test_quality_leaves_price_and_whoever_a_gate_rules_out() -> None:
    table = contest([5, 5, 0], [3, 3, 5])
    assert quality(table) == pytest.approx({"A": 100, "B": 60})
    assert list(quality(replace(table, eligible=("no", "yes")))) == ["B"]


def test_the_paradox_is_found_and_fixed_anchors_have_none() -> None:
    qualities, prices = {"A": 60 / 0.7, "B": 66 / 0.7, "C": 40 / 0.7}, {"A": 100.0, "B": 130.0, "C": 60.0}
    found = offered(qualities, prices, price_share=0.3, bought="goods", target=50, most=150)
    assert [(one.present, one.ahead_without, one.ahead_with) for one in found.paradoxes] == [("C", "A", "B")]
    pair = {name: qualities[name] for name in "AB"}
    alone = offered(pair, prices, price_share=0.3, bought="goods", target=50, most=150)
    assert alone.anchored == {name: found.anchored[name] for name in "AB"}
    with pytest.raises(TableError, match="article 55"):
        offered(qualities, prices, price_share=0.2, bought="goods", target=50, most=150)


def test_each_department_s_weights_name_their_leader() -> None:
    security, price = dict.fromkeys(DIMENSIONS, 0.0) | {"SEC": 1.0}, dict.fromkeys(DIMENSIONS, 0.0) | {"ROI": 1.0}
    sets = [Weighting.of(security, name="risk"), Weighting.of(price, name="finance")]
    table = contest([5, 1, 1], [4.95, 3, 5])
    assert leaders(table, sets) == {"risk": ("A", "B"), "finance": ("B",)}
    assert leaders(replace(table, eligible=("no", "no")), sets) == {"risk": (), "finance": ()}


def test_comparisons_become_weights_with_their_consistency() -> None:
    weights, found = compared("ABC", {("A", "B"): 2, ("B", "C"): 3, ("A", "C"): 6})
    assert weights == pytest.approx({"A": 0.6, "B": 0.3, "C": 0.1})
    assert found.acceptable
