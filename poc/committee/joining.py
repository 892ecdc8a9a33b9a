"""Joining: what a committee says enters its decision: weights, points, answers, attestations and waivers."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from poc.assessment import Assessment
from poc.committee.ledger import LedgerError
from poc.committee.statements import SAID as SAID
from poc.committee.statements import answers_said, looked_at
from poc.deciding import board, evenly, reweighed
from scenarios.evidence import Evidence, Grade, Outcome
from scorecards.committee.consensus import together
from scorecards.committee.selection import Promise, Selection
from scorecards.deciding.contest import Contest, contest
from scorecards.deciding.decision import DRAWS, Decision, decide
from scorecards.rating import rate_all
from scorecards.rubric import PANEL_SCORE, Judged
from scorecards.weighting import DIMENSIONS, Waiver


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """An assessment with all that its committee says, and the decision that follows."""

    state: Selection
    assessment: Assessment
    decision: Decision


def decided_by(state: Selection, assessment: Assessment, *, draws: int = DRAWS, seed: int = 1) -> Joined:
    """Decide an assessment as its committee weighs and judges it.

    Weights are the members' geometric mean, and in each draw one member's own, with that member's own points. Points of
    the last revealed round enter where the catalogue asks people; answers and attestations where nothing was seen;
    waivers drop gates until they run out. Raises LedgerError while weights are sealed still, or where the evidence is
    another than what was disclosed.
    """
    members = {name: own for name, own in state.opened_weights.items() if name in state.voters}
    if closed := [name for name in state.voters if name not in members]:
        raise LedgerError(f"weights of {', '.join(closed)} are not opened yet; all must lie open to decide")
    if not members:
        raise LedgerError("nobody who may vote has opened weights; seal and open them first")
    _same_evidence(state, assessment)
    seen = heard(state, assessment)
    table = reweighed(board(seen), seen.weighting)
    voices = {name: _own(state, seen, table, name) for name in members}
    decision = decide(table, draws=draws, seed=seed, members=members, voices=voices)
    return Joined(state=state, assessment=seen, decision=decision)


def heard(state: Selection, assessment: Assessment) -> Assessment:
    """Return the assessment with what people say among its evidence, under the committee's weights and waivers."""
    shares = together({name: own for name, own in state.opened_weights.items() if name in state.voters})
    weighting = assessment.weighting.moved({code: shares.get(code, 0.0) for code in DIMENSIONS})
    weighting = replace(
        weighting, name=state.name, name_zh=state.name, agreed_by=tuple(state.voters),
        waivers=(*weighting.waivers, *(one for one in waivers(state) if one.gate in assessment.catalogue.by_id)),
    )  # fmt: skip
    subjects = tuple(
        replace(one, evidence=(*one.evidence, *said_of(state, assessment, one.name))) for one in assessment.subjects
    )
    pieces = (piece for one in subjects for piece in one.evidence)
    rated = rate_all(pieces, assessment.catalogue)
    return replace(assessment, subjects=subjects, ratings=rated, weighting=weighting)


def _same_evidence(state: Selection, assessment: Assessment) -> None:
    shown = {one.vendor: one.sha256 for one in state.evidence}
    for one in assessment.subjects:
        found = hashlib.sha256((one.folder / "evidence.jsonl").read_bytes()).hexdigest()
        if shown.get(one.name) != found:
            raise LedgerError(f"evidence of {one.name}: it is not what the committee was shown; disclose it first")


# -- waivers ---------------------------------------------------------------------------------------------------------
def standing(state: Selection, kind: str) -> tuple[Promise, ...]:
    """Return the waivers or attestations that hold on the day of the log's last entry."""
    if state.at is None:
        return ()
    return tuple(one for one in state.promises if one.kind == kind and one.holds(state.at.date()))


def waivers(state: Selection) -> Iterator[Waiver]:
    """Walk over the waivers that hold, as a weighting knows them."""
    for one in standing(state, "waiver"):
        yield Waiver(gate=one.about, name=one.name, reason=one.reason, expires=one.expires, target=one.vendor)


# -- what people say of a target -------------------------------------------------------------------------------------
def said_of(state: Selection, assessment: Assessment, target: str) -> tuple[Evidence, ...]:
    """Return all that people say of one target as evidence: points, a vendor's answers, what members attest."""
    found = (*panel_evidence(state, assessment, target), *answered(state, target), *attested(state, target))
    return tuple(piece for piece in found if piece.criterion in assessment.catalogue.by_id)


def answered(state: Selection, target: str) -> Iterator[Evidence]:
    """Walk over a vendor's opened answers, each a statement (class E0) of the points that its kind states."""
    paper = state.papers.get(target)
    if paper is None or paper.answers is None or state.asked_vendors:
        return
    assert state.at is not None
    yield from answers_said(paper.answers, run=state.head, target=target, at=state.at)


def attested(state: Selection, target: str) -> Iterator[Evidence]:
    """Walk over the attestations of one target that hold and carry points."""
    for one in standing(state, "attestation"):
        if one.grade and one.vendor == target:
            assert state.at is not None
            yield looked_at(
                one.about, Grade(one.grade), one.points, (one.name, one.second), one.reason, mark=str(one.entry),
                run=state.head, target=target, at=state.at,
            )  # fmt: skip


# -- points ----------------------------------------------------------------------------------------------------------
def panel_evidence(state: Selection, assessment: Assessment, target: str) -> tuple[Evidence, ...]:
    """Return the members' points of the last revealed round as evidence of one target.

    Seen by two people or more it counts as witnessed, by one as a statement. An abstention is no evidence at all.
    """
    last = state.last_revealed
    if last is None or state.at is None:
        return ()
    found = []
    for cell, given in _points(state, assessment):
        vendor, _, criterion = cell.rpartition("/")
        for name, points in given.items() if vendor == target else ():
            found.append(
                Evidence(
                    run=f"round {last.number}", target=target, criterion=criterion, scenario=SAID,
                    check=f"judged_by_{name}", sentence=f"{name} gives points along the rubric.",
                    outcome=Outcome.PASSED, grade=Grade.WITNESSED if len(given) > 1 else Grade.STATEMENT,
                    observed=points, measures={PANEL_SCORE: points}, started=state.at,
                )
            )  # fmt: skip
    return tuple(found)


def _points(state: Selection, assessment: Assessment) -> Iterator[tuple[str, Mapping[str, float]]]:
    """Walk over the cells of the last revealed round that people judge, each with the points of those who gave any."""
    last = state.last_revealed
    for cell in last.cells if last is not None else ():
        row = assessment.catalogue.by_id.get(cell.rpartition("/")[2])
        if last is not None and row is not None and isinstance(row.rubric, Judged):
            yield (
                cell,
                {name: float(own) for name, one in last.opened.items() if (own := one.scores.get(cell)) is not None},
            )


def _own(state: Selection, seen: Assessment, table: Contest, member: str) -> Contest:
    """Return the table as one member judges it: their own points where they gave any, all members' elsewhere."""
    cells = [cell for cell, given in _points(state, seen) if member in given]
    found = table
    for vendor in dict.fromkeys(cell.rpartition("/")[0] for cell in cells):
        rows = [cell.rpartition("/")[2] for cell in cells if cell.rpartition("/")[0] == vendor]
        rows = [one for one in rows if one in table.criteria and vendor in table.vendors]
        if rows:
            found = found.with_own(_alone(seen, vendor, rows, member), rows, [vendor])
    return found


def _alone(seen: Assessment, vendor: str, rows: Iterable[str], member: str) -> Contest:
    """Return the contest of one vendor in which some rows are judged by one member alone, as sure as by all."""
    kept = [
        piece
        for piece in seen.subject(vendor).evidence
        if piece.criterion in set(rows) and (piece.scenario != SAID or piece.check == f"judged_by_{member}")
    ]
    return contest(kept, evenly(seen.weighting), seen.catalogue)
