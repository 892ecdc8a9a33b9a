"""Joining: the committee's weights and points enter the decision: one member's weights a draw, points as evidence."""

import hashlib
from dataclasses import replace

from poc.assessment import Assessment
from poc.committee.ledger import LedgerError
from poc.deciding import board, reweighed
from scenarios.evidence import Evidence, Grade, Outcome
from scorecards.committee.consensus import together
from scorecards.committee.selection import Selection
from scorecards.deciding.decision import DRAWS, Decision, decide
from scorecards.rating import rate_all
from scorecards.rubric import PANEL_SCORE, Judged
from scorecards.weighting import DIMENSIONS


def decided_by(state: Selection, assessment: Assessment, *, draws: int = DRAWS, seed: int = 1) -> Decision:
    """Decide an assessment as its committee weighs and judges it.

    Weights are the members' geometric mean, and in each draw one member's own. Points of the last revealed round enter
    where the catalogue asks people; what was measured stays as it was measured. Raises LedgerError while somebody's
    weights are sealed still, or where the evidence is another than what was disclosed.
    """
    members = {name: own for name, own in state.opened_weights.items() if name in state.voters}
    if closed := [name for name in state.voters if name not in members]:
        raise LedgerError(f"weights of {', '.join(closed)} are not opened yet; all must lie open to decide")
    if not members:
        raise LedgerError("nobody who may vote has opened weights; seal and open them first")
    _same_evidence(state, assessment)
    shares = together(members)
    weighting = assessment.weighting.moved({code: shares.get(code, 0.0) for code in DIMENSIONS})
    judged = _judged(state, assessment).weighed(weighting)
    return decide(reweighed(board(judged), weighting), draws=draws, seed=seed, members=members)


def _same_evidence(state: Selection, assessment: Assessment) -> None:
    shown = {one.vendor: one.sha256 for one in state.evidence}
    for one in assessment.subjects:
        found = hashlib.sha256((one.folder / "evidence.jsonl").read_bytes()).hexdigest()
        if shown.get(one.name) != found:
            raise LedgerError(f"evidence of {one.name}: it is not what the committee was shown; disclose it first")


def _judged(state: Selection, assessment: Assessment) -> Assessment:
    """Return the assessment with the members' points as evidence of the criteria that people judge."""
    subjects = tuple(
        replace(one, evidence=(*one.evidence, *panel_evidence(state, assessment, one.name)))
        for one in assessment.subjects
    )
    pieces = (piece for one in subjects for piece in one.evidence)
    return replace(assessment, subjects=subjects, ratings=rate_all(pieces, assessment.catalogue))


def panel_evidence(state: Selection, assessment: Assessment, target: str) -> tuple[Evidence, ...]:
    """Return the members' points of the last revealed round as evidence of one target.

    Seen by two people or more it counts as witnessed, by one as a statement. An abstention is no evidence at all.
    """
    last = state.last_revealed
    if last is None or state.at is None:
        return ()
    found = []
    for cell in last.cells:
        vendor, _, criterion = cell.rpartition("/")
        row = assessment.catalogue.by_id.get(criterion)
        if vendor != target or row is None or not isinstance(row.rubric, Judged):
            continue
        given = {name: one.scores[cell] for name, one in last.opened.items() if one.scores.get(cell) is not None}
        for name, points in given.items():
            found.append(
                Evidence(
                    run=f"round {last.number}", target=target, criterion=criterion, scenario="committee",
                    check=f"judged_by_{name}", sentence=f"{name} gives points along the rubric.",
                    outcome=Outcome.PASSED, grade=Grade.WITNESSED if len(given) > 1 else Grade.STATEMENT,
                    observed=points, measures={PANEL_SCORE: float(points or 0.0)}, started=state.at,
                )
            )  # fmt: skip
    return tuple(found)
