"""Joining: the members' own weights are drawn, their points count where people judge, other evidence is refused."""

from pathlib import Path

import pytest

from poc.assessment import opened
from poc.committee.joining import decided_by, panel_evidence
from poc.committee.ledger import LedgerError
from poc.committee.telling import disclosed
from scenarios.evidence import Grade
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
    found = decided_by(state, assessment, draws=200)
    assert dict(zip(found.contest.dimensions, found.contest.outer, strict=True))["SEC"] > 0.5
    column = found.contest.criteria.index(judged)
    assert not found.contest.expected.unknown[:, column].any()
    file = place / "targets" / NAMES[0] / "evidence.jsonl"
    file.write_bytes(file.read_bytes() + b"\n")
    with pytest.raises(LedgerError, match="not what the committee was shown"):
        decided_by(state, assessment, draws=200)
