"""Process: stages in their order, each with what shows that it was done."""

from datetime import UTC, datetime

import pytest

from scorecards.committee.process import (
    Artefact,
    Progress,
    State,
    begin,
    end,
    integrity,
    shown,
    skip,
    stages,
)
from scorecards.criterion import catalogue
from scorecards.methods.tables import TableError

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ALL = stages()
BY_ID = {one.id: one for one in ALL}


def proof(stage, demand):
    return Artefact(stage=stage, demand=demand, sha256="0" * 64, by="a", at=NOON)


def done(progress, stage):
    for demand in (*stage.entry, *stage.exit):
        progress = shown(progress, proof(stage.id, demand.id), ALL)
    return end(begin(progress, stage, NOON, ALL), stage, NOON)


def test_there_is_a_stage_for_each_criterion_of_the_process():
    assert set(BY_ID) == {one.id for one in catalogue().process}
    assert all(one.title_zh and demand.text_zh for one in ALL for demand in one.exit)


def test_weights_are_sealed_before_evidence_is_gathered():
    with pytest.raises(TableError, match="PRO-09"):
        begin(done(done(Progress(), BY_ID["PRO-01"]), BY_ID["PRO-02"]), BY_ID["PRO-03"], NOON, ALL)


def test_a_stage_ends_only_with_what_shows_it():
    progress = begin(Progress(), BY_ID["PRO-01"], NOON, ALL)
    with pytest.raises(TableError, match="Seven dimensions by six roles"):
        end(progress, BY_ID["PRO-01"], NOON)
    with pytest.raises(TableError, match="waiting, not open"):
        end(Progress(), BY_ID["PRO-01"], NOON)


def test_a_whole_selection_is_walked_and_its_integrity_is_whole():
    progress, left = Progress(), list(ALL)
    while left:
        ready = next(one for one in left if all(progress.state(BY_ID[b]) is State.DONE for b in one.after))
        progress = done(progress, ready)
        left.remove(ready)
    assert integrity(progress, ALL) == 100


def test_skipping_costs_integrity_and_needs_a_reason():
    progress = done(Progress(), BY_ID["PRO-01"])
    assert integrity(progress, ALL) == 100
    assert integrity(Progress(), ALL) == 0
    with pytest.raises(TableError, match="write a sentence"):
        skip(progress, BY_ID["PRO-02"], "no")
    skipped = skip(progress, BY_ID["PRO-02"], "The list was given by the group.")
    assert skipped.state(BY_ID["PRO-02"]) is State.SKIPPED
    assert integrity(skipped, ALL) == pytest.approx(60)


@pytest.mark.parametrize(
    ("artefact", "told"),
    [
        (proof("PRO-01", "luck"), "no demand"),
        (Artefact(stage="PRO-01", demand="owners", sha256="x", by="a", at=NOON), "64"),
    ],
)
def test_an_artefact_that_shows_nothing_is_refused(artefact, told):
    with pytest.raises(TableError, match=told):
        shown(Progress(), artefact, ALL)
