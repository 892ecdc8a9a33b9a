"""Replay: from the entries of a log to the state of the selection, by one pure function for each kind of entry."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from scorecards.committee import course, meeting, sitting
from scorecards.committee.events import Event, Log, LogError, verify
from scorecards.committee.selection import Logged, Selection

#: What each kind of entry does to the state.
STEPS: Mapping[str, Callable[[Selection, Event], Selection]] = MappingProxyType(
    {
        "selection.founded": sitting.founded,
        "member.invited": sitting.invited,
        "member.joined": sitting.joined,
        "member.left": sitting.left,
        "interests.declared": sitting.declared,
        "weights.sealed": sitting.weights_sealed,
        "weights.opened": sitting.weights_opened,
        "weighting.agreed": sitting.weighting_agreed,
        "evidence.opened": sitting.evidence_opened,
        "evidence.disclosed": sitting.evidence_disclosed,
        "round.begun": sitting.round_begun,
        "ballot.sealed": sitting.ballot_sealed,
        "ballot.opened": sitting.ballot_opened,
        "ballot.void": sitting.ballot_void,
        "note.taken": sitting.noted,
        "motion.put": meeting.motion_put,
        "vote.cast": meeting.vote_cast,
        "motion.closed": meeting.motion_closed,
        "motion.withdrawn": meeting.motion_withdrawn,
        "gate.blocked": meeting.gate_blocked,
        "gate.cleared": meeting.gate_cleared,
        "gate.waived": meeting.waived,
        "fact.attested": meeting.attested,
        "promise.ended": meeting.ended,
        "questions.asked": course.asked,
        "answers.sealed": course.answers_sealed,
        "answers.withdrawn": course.answers_withdrawn,
        "answers.opened": course.answers_opened,
        "entrant.added": course.entrant,
        "finding.sent": course.finding_sent,
        "reply.received": course.reply_received,
        "reply.settled": course.reply_settled,
        "stage.begun": course.stage_begun,
        "stage.ended": course.stage_ended,
        "stage.skipped": course.stage_skipped,
        "artefact.shown": course.artefact_shown,
    }
)


def follow(state: Selection, event: Event) -> Selection:
    """Return the state after one more entry; raises TableError or LogError where the rules do not allow it."""
    if event.kind not in STEPS:
        raise LogError(f"event: {event.kind!r} is no kind of entry; use {', '.join(STEPS)}")
    if not state.founder and event.kind != "selection.founded":
        raise LogError(f"{event.kind}: the selection is not founded yet; found it first")
    step = Logged(
        place=event.place, at=event.at, actor=event.actor, role=event.role, kind=event.kind, hash=event.hash
    )  # fmt: skip
    return replace(
        STEPS[event.kind](state, event), history=(*state.history, step), events=event.place, head=event.hash,
        at=event.at,
    )  # fmt: skip


def replayed(log: Log) -> Selection:
    """Return the state that a log tells of; raises TableError or LogError naming the entry that breaks a rule."""
    state = Selection()
    for event in log.events:
        try:
            state = follow(state, event)
        except ValueError as fault:
            raise LogError(f"log: entry {event.place} breaks a rule: {fault}") from fault
    return state


def proved(events: tuple[Event, ...], *, head: str | None = None) -> Log:
    """Return the log if every hash follows and every entry of somebody who left a key is signed by it.

    A person's key is the first one that stands in the log under their name. ``head`` is a hash printed elsewhere.
    """
    keys: dict[str, Ed25519PublicKey] = {}
    for event in events:
        if event.kind in ("selection.founded", "member.joined") and event.actor not in keys:
            keys[event.actor] = public(str(event.payload.get("key", "")))
    return verify(events, keys, head=head)


def public(key: str) -> Ed25519PublicKey:
    """Return a public key from hex; raises LogError for what is none."""
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
    except ValueError:
        raise LogError(f"log: {key[:12]!r} is no public key; the entry that brings it was changed") from None
