"""Decision: from evidence to a verdict that says how firm it is."""

import numpy as np
import pytest

from scenarios.evidence import Grade, Outcome
from scorecards.criterion import Catalogue, catalogue
from scorecards.deciding.contest import contest
from scorecards.deciding.decision import decide
from scorecards.methods.tables import TableError
from scorecards.robustness.ladder import Verdict
from scorecards.weighting import load_weighting
from tests.scorecards.evidence import piece


@pytest.fixture(scope="module")
def rows() -> Catalogue:
    return catalogue()


def evidence(rows, **targets):
    """Every check of every row of a target, passed unless its criterion is in the target's set of failures."""
    return [
        piece(
            check, Outcome.FAILED if one.id in failed else Outcome.PASSED, criterion=one.id, target=target, grade=grade
        )
        for target, (failed, grade) in targets.items()
        for one in rows.of_targets
        for check in sorted(one.checks)
    ]


def decided(rows, **targets):
    found = contest(evidence(rows, **targets), load_weighting("seed-default"), rows)
    return found, decide(found, draws=4_000)


def test_a_contest_weighs_what_the_scorecard_weighs(rows):
    found, _ = decided(rows, alder=(frozenset(), Grade.BLACK_BOX))
    assert found.weights.sum() == pytest.approx(1)
    assert dict(zip(found.dimensions, found.outer, strict=True)) == pytest.approx(
        dict(load_weighting("seed-default").dimensions)
    )


def test_whoever_is_better_everywhere_is_recommended_by_every_method(rows):
    weak = frozenset(one.id for one in rows.of_targets if not one.gate)
    found, seen = decided(rows, alder=(frozenset(), Grade.BLACK_BOX), birch=(weak, Grade.BLACK_BOX))
    assert seen.leader == "alder"
    assert seen.acceptability.first[0] == pytest.approx(1)
    assert seen.tie == ("alder",)
    assert {one.leaders for one in seen.crosschecks if one.method != "balance"} == {("alder",)}
    assert set(seen.omissions.dimensions.values()) == {"alder"}
    assert seen.omissions.turning(seen.omissions.criteria) == {}
    assert seen.runner_up == "birch"
    assert found.vendors == ("alder", "birch")


def test_who_fails_a_gate_never_leads(rows):
    _, seen = decided(
        rows, alder=(frozenset({"SEC-05"}), Grade.BLACK_BOX), birch=(frozenset({"CUS-01"}), Grade.BLACK_BOX)
    )
    assert seen.leader in (None, "birch")
    assert seen.contest.eligible[0] == "no"


def test_nothing_known_recommends_nobody(rows):
    nothing = contest([piece("x", Outcome.UNSCORED)], load_weighting("seed-default"), rows)
    seen = decide(nothing, draws=500)
    assert seen.finding.verdict is not Verdict.RECOMMENDED
    assert seen.coverage["alder"] == pytest.approx(0, abs=0.01)
    assert (seen.low["alder"], seen.high["alder"]) == pytest.approx((0, 5), abs=0.05)


def test_no_evidence_at_all_is_told(rows):
    with pytest.raises(TableError, match="run scenarios first"):
        contest([], load_weighting("seed-default"), rows)


def test_claims_are_believed_less_than_measurements_in_both_views(rows):
    found, seen = decided(rows, alder=(frozenset(), Grade.BLACK_BOX), brochure=(frozenset(), next(iter(Grade))))
    assert seen.middle["alder"] > seen.middle["brochure"]
    assert seen.high["brochure"] < seen.high["alder"]
    assert found.mix()["brochure"].keys() >= {"E0"}
    gone = found.without(grades=["E0"])
    assert gone.expected.unknown[1].all()
    assert gone.expected.unknown[0].tolist() == found.expected.unknown[0].tolist()


def test_what_to_measure_next_and_what_would_flip_are_named(rows):
    half = [one for n, one in enumerate(evidence(rows, alder=(frozenset(), Grade.BLACK_BOX))) if n % 2]
    other = evidence(rows, birch=(frozenset({"CUS-01", "CUS-02"}), Grade.BLACK_BOX))
    found = contest([*half, *other], load_weighting("seed-default"), rows)
    seen = decide(found, draws=2_000)
    assert 0 < len(seen.worth) <= 5
    assert all(one.points >= 0 for one in seen.worth)
    assert seen.coverage["alder"] < 1
    assert set(seen.intervals) <= set(found.dimensions)


def test_members_own_weights_are_drawn_one_at_a_time(rows):
    found, _ = decided(
        rows,
        alder=(frozenset({"UX-01", "UX-02"}), Grade.BLACK_BOX),
        birch=(frozenset({"AI-08", "AI-01"}), Grade.BLACK_BOX),
    )
    only = dict.fromkeys(found.dimensions, 0.0)
    seen = decide(found, draws=2_000, members={"a": {**only, "UX": 1}, "b": {**only, "AI": 1}})
    assert seen.acceptability.ranks.sum(axis=0) == pytest.approx(np.ones(2))
    assert 0.2 < seen.acceptability.first[0] < 0.8


def test_the_same_seed_decides_the_same(rows):
    _, first = decided(rows, alder=(frozenset(), Grade.BLACK_BOX), birch=(frozenset({"CUS-01"}), Grade.BLACK_BOX))
    _, again = decided(rows, alder=(frozenset(), Grade.BLACK_BOX), birch=(frozenset({"CUS-01"}), Grade.BLACK_BOX))
    assert first.acceptability.ranks.tolist() == again.acceptability.ranks.tolist()


def test_whoever_a_gate_rules_out_takes_no_rank_from_those_who_may_win(rows):
    _, seen = decided(
        rows,
        alder=(frozenset({"SEC-05"}), Grade.BLACK_BOX),
        birch=(frozenset(one.id for one in rows.of_targets if not one.gate), Grade.BLACK_BOX),
    )
    running = [state != "no" for state in seen.contest.eligible]
    assert running == [False, True]
    assert seen.acceptability.ranks.tolist() == [[0, 0], [1, 0]]
    assert seen.leader == "birch"
    assert all(one.row == 1 for one in seen.worth)
