"""Omission: who leads when one thing is left out, on a table that can be worked out by hand."""

import numpy as np
import pytest

from scorecards.deciding.contest import Contest
from scorecards.deciding.decision import decide
from scorecards.deciding.omission import omissions
from scorecards.robustness.cells import exactly
from scorecards.robustness.draws import Tree
from scorecards.robustness.ladder import Steps, Verdict


def contest(*rows, grades=None, eligible=None, outer=(0.5, 0.5)):
    """Vendors a, b, c by criteria K1 and K2 of dimension K and L1 of dimension L."""
    vendors = tuple("abcdefgh"[: len(rows)])
    cells = exactly(rows)
    return Contest(
        vendors=vendors, criteria=("K1", "K2", "L1"), dimensions=("K", "L"), tree=Tree.of([0, 0, 1], [1, 1, 1]),
        outer=np.array(outer), expected=cells, conservative=cells,
        grades=np.array(grades or [["E3"] * 3] * len(rows), dtype=object), eligible=eligible or ("yes",) * len(rows),
        tie_band=0.1, steps=Steps(recommended=0.8, preferred=0.6, pessimistic=0.5), floors=np.full(3, np.nan),
    )  # fmt: skip


def test_whoever_leads_without_one_thing_is_named():
    """a: 5·¼ + 1·¼ + 3·½ = 3.0; b: 3·¼ + 3·¼ + 2.5·½ = 2.75. Without K1 a has 0.25 + 1.5 and b 0.75 + 1.25."""
    seen = omissions(contest([5, 1, 3], [3, 3, 2.5]), [0, 1], {})
    assert seen.whole == "a"
    assert seen.criteria == {"K1": "b", "K2": "a", "L1": "a"}
    assert seen.dimensions == {"K": "a", "L": "a"}
    assert seen.turning(seen.criteria) == {"K1": "b"}


def test_evidence_that_is_not_believed_counts_as_unknown():
    """Without the vendor's word a has 2.5 on K1: 0.625 + 0.25 + 1.5 < 2.75."""
    table = contest([5, 1, 3], [3, 3, 2.5], grades=[["E0", "E3", "E3"], ["E3"] * 3])
    assert omissions(table, [0, 1], {}).grades == {"E0": "b", "E3": "a"}


def test_whoever_leads_stays_first_when_another_only_draws_level():
    seen = omissions(contest([3, 3, 3], [3, 3, 2], [3, 3, 3]), [1, 2], {})
    assert (seen.whole, seen.dimensions["L"]) == ("c", "c")


def test_with_all_the_weight_on_one_thing_nothing_is_left_without_it():
    seen = omissions(contest([5, 1, 3], [3, 3, 2.5], outer=(0.0, 1.0)), [0, 1], {})
    assert (seen.dimensions["L"], seen.criteria["L1"]) == (None, None)
    assert omissions(contest([5, 1, 3]), [], {}).whole is None


def test_a_member_without_whom_another_leads_is_pivotal():
    """Two weigh L alone (a first), one K alone (b first): each of the two leaves the other against the third."""
    table = contest([1, 1, 5], [3, 3, 2])
    seen = decide(table, draws=5_000, members={"x": {"K": 1}, "y": {"L": 1}, "z": {"L": 1}})
    alone = seen.omissions.members
    assert {name: one.leader for name, one in alone.items()} == {"x": "b", "y": "a", "z": "a"}
    assert {name: one.share for name, one in alone.items()} == {"x": 1, "y": 1, "z": 1}
    assert (alone["x"].without, alone["x"].without_share) == ("a", 1)
    assert alone["y"].without_share == pytest.approx(0.5)
    assert seen.omissions.pivotal("a") == ()
    assert decide(table, draws=500, members={"x": {"L": 1}}).omissions.members["x"].without is None


def test_in_a_deadlock_each_supporter_of_the_leader_is_pivotal():
    of_k, of_l = {"K": 1}, {"L": 1}
    seen = decide(contest([1, 1, 5], [3, 3, 2]), draws=5_000, members={"v": of_k, "w": of_k, "x": of_l, "y": of_l})
    assert seen.omissions.pivotal(seen.leader) == (("x", "y") if seen.leader == "a" else ("v", "w"))


def test_a_tie_is_never_recommended():
    seen = decide(contest([3, 3, 3.02], [3, 3, 3], outer=(0.1, 0.9)), draws=2_000)
    assert seen.acceptability.first[0] == 1
    assert seen.finding.verdict is Verdict.PREFERRED
    assert seen.finding.because == ("tie",)
