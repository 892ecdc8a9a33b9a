"""Joining: the members' own weights are drawn, their points count where people judge, other evidence is refused."""

from pathlib import Path

import pytest

from poc.assessment import opened
from poc.committee.joining import answered, decided_by, panel_evidence
from poc.committee.ledger import LedgerError
from poc.committee.telling import disclosed
from scenarios.evidence import Grade
from scorecards.methods.gates import GateState
from scorecards.weighting import DIMENSIONS
from tests.poc.committee.seats import founded
from tests.poc.pages.sample import TARGETS, write_sample

NAMES = tuple(name for name, _, _ in TARGETS)


def test_a_committee_decides_by_its_own_weights_and_points(tmp_path: Path) -> None:
    place = write_sample(tmp_path / "runs")
    assessment = opened(place)
    judged = next(one.id for one in assessment.catalogue.of_targets if one.rubric.kind == "judged")
    chair, seats = founded(tmp_path / "s", 3, NAMES)
    for at, own in enumerate(seats):
        own.seal_weights({"SEC": 3 + at, "CUS": 2, "ROI": 1})
    for name in NAMES:
        chair.do("evidence.disclosed", disclosed(name, place / "targets" / name))
    chair.do("round.begun", {"cells": [f"{name}/{judged}" for name in NAMES]})
    for own in seats:
        own.seal_scores({f"{name}/{judged}": 3.0 + at for at, name in enumerate(NAMES)})
    with pytest.raises(LedgerError, match="m0, m1, m2 are not opened yet"):
        decided_by(chair.ledger.state(), assessment, draws=200)
    for own in seats:
        own.open_weights()
        own.open_scores()
    state = chair.ledger.state()
    pieces = panel_evidence(state, assessment, NAMES[0])
    assert [(one.criterion, one.grade, one.observed) for one in pieces] == [(judged, Grade.WITNESSED, 3.0)] * 3
    found = decided_by(state, assessment, draws=200).decision
    assert dict(zip(found.contest.dimensions, found.contest.outer, strict=True))["SEC"] > 0.5
    column = found.contest.criteria.index(judged)
    assert not found.contest.expected.unknown[:, column].any()
    file = place / "targets" / NAMES[0] / "evidence.jsonl"
    file.write_bytes(file.read_bytes() + b"\n")
    with pytest.raises(LedgerError, match="not what the committee was shown"):
        decided_by(state, assessment, draws=200)


def test_answers_attestations_and_waivers_count_as_what_they_are(tmp_path: Path) -> None:
    place = write_sample(tmp_path / "runs")
    assessment, name = opened(place), NAMES[0]
    rows = assessment.catalogue.of_targets
    unseen = [one.id for one in rows if one.gate and not assessment.ratings.of(name, one.id).coverage]
    asked = unseen[:4]
    chair, seats = founded(tmp_path / "s", 3, NAMES)
    chair.do("questions.asked", {"questions": asked})
    kinds = dict(zip(asked, ("yes", "no", "yes", "yes"), strict=True))
    for vendor in NAMES:
        said = {row: {"answer": kind, "proof": "manual 3.1", "date": "", "remark": ""} for row, kind in kinds.items()}
        chair.seal_answers(vendor, said)
    assert not any(answered(chair.ledger.state(), name)), "answers are read before they are opened"
    for vendor in NAMES:
        chair.open_answers(vendor)
    for own in seats:
        own.seal_weights(dict.fromkeys(DIMENSIONS, 1))
    for vendor in NAMES:
        chair.do("evidence.disclosed", disclosed(vendor, place / "targets" / vendor))
    for own in seats:
        own.open_weights()
    looked = {"about": asked[2], "vendor": name, "name": "m0", "reason": "certificate 17, scope read", "points": 3}
    seats[0].do("fact.attested", {**looked, "grade": "E1t", "expires": "2027-06-30"})
    seats[0].do("motion.put", {"id": "W", "text": f"waive {asked[3]}"})
    for own in seats:
        own.do("vote.cast", {"motion": "W", "word": "approve"})
    chair.do("motion.closed", {"motion": "W"})
    granted = {"about": asked[3], "vendor": name, "name": "Lin", "reason": "built by March, clause 4", "motion": "W"}
    chair.do("gate.waived", {**granted, "expires": "2027-03-31"})

    seen = decided_by(chair.ledger.state(), assessment, draws=200).assessment
    ratings = [seen.ratings.of(name, row) for row in asked]
    assert [(one.grade, one.observed, one.worst, one.best) for one in ratings] == [
        (Grade.STATEMENT, 1.0, 0.0, 5.0),
        (Grade.STATEMENT, 0.0, 0.0, 0.0),
        (Grade.THIRD_PARTY_PAPER, 3.0, 3.0, 3.0),
        (Grade.STATEMENT, 1.0, 0.0, 5.0),
    ]
    gates = {one.criterion: one.state for one in seen.scorecard.of(name).gates}
    assert [gates[row] for row in asked] == ["unknown", "failed", "passed", "waived"]
    other = {one.criterion: one.state for one in seen.scorecard.of(NAMES[1]).gates}
    assert other[asked[3]] is not GateState.WAIVED
    waiver = seen.weighting.waiver(asked[3], name)
    assert waiver is not None
    assert (waiver.name, waiver.expires.isoformat()) == ("Lin", "2027-03-31")
    place_of = next(one.entry for one in chair.ledger.state().promises if one.kind == "waiver")
    chair.do("promise.ended", {"entry": place_of, "reason": "clause 4 was struck out"})
    again = decided_by(chair.ledger.state(), assessment, draws=200).assessment
    assert {one.criterion: one.state for one in again.scorecard.of(name).gates}[asked[3]] is not GateState.WAIVED


def test_in_each_draw_a_member_counts_with_their_own_weights_and_points(tmp_path: Path) -> None:
    place = write_sample(tmp_path / "runs")
    assessment = opened(place)
    judged = [one.id for one in assessment.catalogue.of_targets if one.rubric.kind == "judged"]
    cells = [f"{name}/{row}" for name in NAMES for row in judged]

    def firsts(points: tuple[tuple[float, float], ...]) -> list[float]:
        chair, seats = founded(tmp_path / str(points), len(points), NAMES)
        for own in seats:
            own.seal_weights(dict.fromkeys(DIMENSIONS, 1))
        for name in NAMES:
            chair.do("evidence.disclosed", disclosed(name, place / "targets" / name))
        chair.do("round.begun", {"cells": cells})
        for own, pair in zip(seats, points, strict=True):
            own.seal_scores({cell: pair[cell.startswith(NAMES[1])] for cell in cells})
        for own in seats:
            own.open_weights()
            own.open_scores()
        table = decided_by(chair.ledger.state(), assessment, draws=2_000).decision
        return [float(one) for one in table.acceptability.deviation]

    alike, torn = firsts(((3, 3),) * 3), firsts(((0, 5), (3, 3), (5, 0)))
    assert all(one > other for one, other in zip(torn, alike, strict=True) if one == one), (
        "disagreement became no spread"
    )
