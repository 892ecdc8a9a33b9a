"""Replay: the rules of a committee hold for every entry, whoever writes it."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scorecards.committee.ballots import ballot
from scorecards.committee.consensus import consensus, together, totals
from scorecards.committee.course import proven
from scorecards.committee.events import Log, LogError
from scorecards.committee.opinions import gathered
from scorecards.committee.process import State, integrity, stages
from scorecards.committee.replay import follow, replayed
from scorecards.committee.selection import Round, Selection
from scorecards.methods.tables import TableError

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw().hex()
HASH = "ab" * 32
MEMBERS = "abc"


def told(*entries, at=NOON):
    """Return a log of (actor, kind, payload) entries."""
    log = Log()
    for actor, kind, payload in entries:
        log = log.add(log.next(kind, payload, actor=actor, role="r", at=at))
    return log


def after(state, actor, kind, payload, at=NOON):
    log = Log()
    return follow(state, log.next(kind, payload, actor=actor, role="r", at=at))


@pytest.fixture(scope="module")
def sitting() -> Selection:
    entries = [("chair", "selection.founded", {"name": "CRM", "vendors": ["X", "Y"], "budget": 1, "key": KEY})]
    for name in MEMBERS:
        veto = ["SEC-05"] if name == "a" else []
        entries += [
            ("chair", "member.invited", {"name": name, "role": "expert", "expert": True, "veto": veto}),
            (name, "member.joined", {"key": KEY}),
            (name, "interests.declared", {"interests": []}),
        ]
    return replayed(told(*entries))


def test_a_recused_member_neither_votes_nor_scores(sitting):
    out = {"interests": [{"vendor": "X", "kind": "shares", "recused": True}]}
    state = after(sitting, "c", "interests.declared", out)
    assert state.voters == ("a", "b")
    with pytest.raises(TableError, match="recused"):
        after(state, "c", "motion.put", {"id": "1", "text": "choose X", "vendor": "X"})
    with pytest.raises(TableError, match="use one of employment"):
        after(sitting, "c", "interests.declared", {"interests": [{"vendor": "X", "kind": "?", "recused": True}]})


def test_a_motion_is_put_voted_and_closed_with_its_dissent(sitting):
    state = after(sitting, "a", "motion.put", {"id": "1", "text": "choose X", "vendor": "X"})
    state = after(state, "a", "vote.cast", {"motion": "1", "word": "approve"})
    with pytest.raises(TableError, match="needs its reasons"):
        after(state, "b", "vote.cast", {"motion": "1", "word": "reject"})
    with pytest.raises(TableError, match="no quorum"):
        after(state, "chair", "motion.closed", {"motion": "1"})
    state = after(state, "b", "vote.cast", {"motion": "1", "word": "approve"})
    state = after(state, "c", "vote.cast", {"motion": "1", "word": "reject", "reason": "exit costs"})
    result = after(state, "chair", "motion.closed", {"motion": "1"}).motions[0].result
    assert (result.passed, dict(result.dissent)) == (True, {"c": "exit costs"})
    state = after(state, "a", "gate.blocked", {"gate": "SEC-05", "evidence": "keys lie in the clear"})
    assert not after(state, "chair", "motion.closed", {"motion": "1"}).motions[0].result.passed
    with pytest.raises(TableError, match="does not answer for"):
        after(state, "b", "gate.blocked", {"gate": "SEC-05", "evidence": "keys lie in the clear"})
    with pytest.raises(TableError, match="whoever blocked it"):
        after(state, "b", "gate.cleared", {"gate": "SEC-05", "answer": "they were moved"})
    assert not after(state, "a", "gate.cleared", {"gate": "SEC-05", "answer": "they were moved"}).vetoes


def test_a_waiver_needs_a_motion_that_passed_and_ends_one_day(sitting):
    said = {"about": "SEC-05", "name": "lin", "reason": "the core does it", "expires": "2027-01-31", "motion": "1"}
    with pytest.raises(TableError, match="did not pass"):
        after(sitting, "chair", "gate.waived", said)
    state = after(sitting, "a", "motion.put", {"id": "1", "text": "waive SEC-05"})
    for name in MEMBERS:
        state = after(state, name, "vote.cast", {"motion": "1", "word": "approve"})
    state = after(after(state, "chair", "motion.closed", {"motion": "1"}), "chair", "gate.waived", said)
    promise = state.promises[0]
    assert promise.holds(promise.expires)
    assert not promise.holds(promise.expires + timedelta(days=1))
    with pytest.raises(TableError, match="run out already"):
        after(state, "chair", "gate.waived", {**said, "expires": "2026-01-31"})
    with pytest.raises(TableError, match="give a day as"):
        after(state, "a", "fact.attested", {**said, "expires": "soon"})


def test_a_vendor_may_answer_before_anybody_is_chosen(sitting):
    state = after(sitting, "a", "finding.sent", {"id": "f", "vendor": "X", "text": "no encryption"})
    choice = {"id": "1", "text": "choose Y", "vendor": "Y"}
    with pytest.raises(TableError, match="may still be answered"):
        after(state, "a", "motion.put", choice)
    after(state, "a", "motion.put", choice, at=NOON + timedelta(days=3, seconds=1))
    with pytest.raises(TableError, match="came too late"):
        after(state, "a", "reply.received", {"id": "f", "text": "it is on"}, at=NOON + timedelta(days=4))
    state = after(state, "a", "reply.received", {"id": "f", "text": "it is on"})
    state = after(state, "a", "reply.settled", {"id": "f", "outcome": "changed", "run": "r2"})
    assert after(state, "a", "motion.put", choice).motions


def test_who_comes_late_faces_the_same_pack(sitting):
    state = sitting
    for name in MEMBERS:
        state = after(state, name, "weights.sealed", {"commitment": HASH, "envelope": "x"})
    shown = {"run": "r", "sha256": HASH, "pack": HASH, "began": NOON.isoformat()}
    state = after(state, "chair", "evidence.disclosed", {"vendor": "X", **shown})
    with pytest.raises(TableError, match="cannot have weighed before"):
        after(state, "chair", "member.invited", {"name": "d", "role": "expert"})
    state = after(state, "chair", "entrant.added", {"vendor": "Z", "reason": "it was bought last week"})
    assert state.late == ("Z",)
    assert not state.panel.declared  # everybody is asked about the newcomer
    with pytest.raises(TableError, match="another pack"):
        after(state, "chair", "evidence.disclosed", {"vendor": "Z", **shown, "pack": "cd" * 32})
    state = after(state, "chair", "evidence.disclosed", {"vendor": "Z", **shown})
    late = next(one for one in stages() if one.id == "PRO-12")
    assert not proven(state).missing(late)


def test_only_the_log_shows_what_the_committee_does_itself(sitting):
    with pytest.raises(TableError, match="not by a file"):
        after(sitting, "a", "artefact.shown", {"stage": "PRO-09", "demand": "weights_sealed", "sha256": HASH})
    state = sitting
    for demand in ("coverage", "owners", "consistency"):
        state = after(state, "a", "artefact.shown", {"stage": "PRO-01", "demand": demand, "sha256": HASH})
    state = after(state, "chair", "stage.begun", {"stage": "PRO-01"})
    with pytest.raises(TableError, match=r"PRO-01 .Needs. is not done"):
        after(state, "chair", "stage.begun", {"stage": "PRO-09"})
    state = after(state, "chair", "stage.ended", {"stage": "PRO-01"})
    state = after(state, "chair", "stage.begun", {"stage": "PRO-09"})
    with pytest.raises(TableError, match="sealed by their hash"):
        after(state, "chair", "stage.ended", {"stage": "PRO-09"})
    for name in MEMBERS:
        state = after(state, name, "weights.sealed", {"commitment": HASH, "envelope": "x"})
    state = after(state, "chair", "weighting.agreed", {"weighting": HASH, "rubrics": HASH})
    state = after(state, "chair", "stage.ended", {"stage": "PRO-09"})
    fairness = next(one for one in stages() if one.id == "PRO-09")
    assert proven(state).state(fairness) is State.DONE
    assert integrity(proven(state), stages()) == 100
    skipped = after(state, "chair", "stage.skipped", {"stage": "PRO-02", "reason": "one vendor was left over"})
    assert integrity(proven(skipped), stages()) < 100


def test_answers_wait_for_each_other(sitting):
    state = after(sitting, "chair", "questions.asked", {"questions": ["SEC-01"]})
    state = after(state, "a", "answers.sealed", {"vendor": "X", "commitment": HASH, "envelope": "x"})
    opening = {"vendor": "X", "answers": {"SEC-01": {"answer": "yes", "proof": "url"}}, "nonce": "00"}
    with pytest.raises(TableError, match="Y must be in first"):
        after(state, "a", "answers.opened", opening)
    state = after(state, "chair", "answers.withdrawn", {"vendor": "Y", "reason": "it left the tender"})
    with pytest.raises(LogError, match="not the ones that were sealed"):
        after(state, "a", "answers.opened", opening)
    with pytest.raises(TableError, match="the questions stay as they are"):
        after(state, "chair", "questions.asked", {"questions": ["SEC-02"]})


def test_weights_go_together_by_their_geometric_mean():
    assert together({"a": {"SEC": 1, "UX": 4}, "b": {"SEC": 4, "UX": 1}}) == pytest.approx({"SEC": 0.5, "UX": 0.5})
    with pytest.raises(TableError, match="no dimension has a weight from every member"):
        together({"a": {"SEC": 1}, "b": {"UX": 1}})


def test_an_entry_that_breaks_a_rule_is_named_and_nothing_stands_before_the_founding():
    with pytest.raises(LogError, match=r"entry 1 breaks a rule: note.taken: the selection is not founded"):
        replayed(told(("a", "note.taken", {"text": "x"})))
    with pytest.raises(LogError, match="no kind of entry"):
        replayed(told(("a", "nonsense", {})))


def test_a_round_is_not_told_of_before_it_is_revealed(sitting):
    state = sitting
    for name in MEMBERS:
        state = after(state, name, "weights.sealed", {"commitment": HASH, "envelope": "x"})
    shown = {"run": "r", "sha256": HASH, "pack": HASH, "began": NOON.isoformat()}
    state = after(state, "chair", "evidence.disclosed", {"vendor": "X", **shown})
    with pytest.raises(TableError, match="no evidence of Y"):
        after(state, "chair", "round.begun", {"cells": ["Y/UX-01"]})
    state = after(state, "chair", "round.begun", {"cells": ["X/UX-01"]})
    with pytest.raises(TableError, match="not revealed yet"):
        consensus(state.rounds[0])
    state = after(state, "chair", "ballot.void", {"name": "c", "reason": "is ill until Friday"})
    assert state.rounds[0].awaited == ("a", "b")


def test_points_on_performance_count_by_the_weight_of_their_dimension():
    """PER-10 hangs on the dimension INT, whose weight is all there is; the ranking knows it."""
    ballots = tuple(
        ballot(name, {"X/PER-10": own, "Y/PER-10": 3, "X/ROI-08": 5, "Y/ROI-08": 5}, round=1, entropy=bytes)
        for name, own in (("a", 4), ("b", 5), ("c", None))
    )
    seen = totals(gathered(ballots), {name: {"INT": 1, "ROI": 0} for name in "abc"})
    assert seen == {"X": 4.5, "Y": 3}
    assert set(gathered(ballots).disagreement()["a"]) == {"INT", "ROI"}


def test_one_abstention_leaves_the_agreement_of_the_others_known():
    opened = {
        name: ballot(name, {"X/UX-01": own, "Y/UX-01": 2, "X/UX-02": other, "Y/UX-02": 1}, round=1, entropy=bytes)
        for name, own, other in (("a", 4, 5), ("b", 5, 4), ("c", None, None))
    }
    cells, sealed = tuple(opened["a"].scores), dict.fromkeys(opened)
    seen = consensus(Round(number=1, cells=cells, voters=tuple(opened), sealed=sealed, opened=opened))
    assert seen.w == 1
    assert seen.icc is not None
