"""Meeting: motions, votes and dissent, gates blocked with evidence, waivers and attestations that run out."""

from dataclasses import replace

from scorecards.committee.events import Event
from scorecards.committee.panel import vote
from scorecards.committee.reading import day, number, optional, text, witnessed
from scorecards.committee.selection import Asked, Promise, Selection
from scorecards.committee.sitting import carried, chair, member, panel_of, voter
from scorecards.methods.tables import TableError

WORDS = ("approve", "reject", "abstain")


def motion_put(state: Selection, event: Event) -> Selection:
    """A member puts a motion; one that would choose a vendor waits for the right of reply."""
    voter(state, event)
    name, vendor = text(event, "id"), optional(event, "vendor")
    if any(one.id == name for one in state.motions):
        raise TableError(f"motion.put: {name!r} was put already; give another id")
    if vendor and vendor not in state.vendors:
        raise TableError(f"motion.put: {vendor!r} is no vendor here; use {', '.join(state.vendors)}")
    if waiting := [one.id for one in state.findings if vendor and one.open(event.at)]:
        raise TableError(f"motion.put: finding {waiting[0]} may still be answered; choose when its time is over")
    fresh = Asked(id=name, text=text(event, "text"), vendor=vendor, by=event.actor, hash=event.hash)
    return replace(state, motions=(*state.motions, fresh))


def vote_cast(state: Selection, event: Event) -> Selection:
    """A member votes on an open motion; who rejects says why. The last word before it is closed counts."""
    voter(state, event)
    asked, word, reason = _open(state, event), text(event, "word"), optional(event, "reason")
    if word not in WORDS:
        raise TableError(f"vote.cast: {word!r} is none; use {', '.join(WORDS)}")
    if word == "reject" and not reason:
        raise TableError(f"vote.cast: a dissent of {event.actor} needs its reasons; write them down")
    fresh = replace(
        asked, votes={**asked.votes, event.actor: word}, reasons={**asked.reasons, event.actor: reason}
    )  # fmt: skip
    return _with(state, fresh)


def motion_withdrawn(state: Selection, event: Event) -> Selection:
    """Whoever put an open motion takes it back, with the reason; what was voted on it is not counted."""
    asked = _open(state, event)
    if event.actor != asked.by:
        raise TableError(f"motion.withdrawn: {asked.by} put {asked.id}; they take it back, or it is voted on")
    return _with(state, replace(asked, withdrawn=text(event, "reason", least=10)))


def motion_closed(state: Selection, event: Event) -> Selection:
    """The founder closes a motion, which is counted; without quorum it stays open."""
    chair(state, event)
    asked = _open(state, event)
    may = set(state.voters)
    votes = {name: word for name, word in asked.votes.items() if name in may}
    vetoes = tuple(sorted(state.vetoes)) if asked.vendor else ()
    result = vote(panel_of(state), asked.text, votes, reasons=asked.reasons, open_vetoes=vetoes)
    return _with(state, replace(asked, result=result))


def gate_blocked(state: Selection, event: Event) -> Selection:
    """Whoever answers for a gate blocks it with evidence, until that is answered; points stay as they are."""
    member(state, event)
    gate = text(event, "gate")
    if not any(one.name == event.actor and gate in one.veto for one in state.panel.members):
        raise TableError(f"gate.blocked: {event.actor} does not answer for {gate}; whoever does may block it")
    return replace(state, vetoes={**state.vetoes, gate: f"{event.actor}: {text(event, 'evidence', least=10)}"})


def gate_cleared(state: Selection, event: Event) -> Selection:
    """Whoever blocked a gate frees it, saying what answered the evidence."""
    member(state, event)
    gate = text(event, "gate")
    text(event, "answer", least=10)
    if not state.vetoes.get(gate, "").startswith(f"{event.actor}: "):
        raise TableError(f"gate.cleared: {gate} was not blocked by {event.actor}; whoever blocked it frees it")
    return replace(state, vetoes={name: why for name, why in state.vetoes.items() if name != gate})


def waived(state: Selection, event: Event) -> Selection:
    """The founder writes down a waiver of a gate that a passed motion grants: name, reason, last day."""
    chair(state, event)
    motion = text(event, "motion")
    if not carried(state, motion):
        raise TableError(f"gate.waived: motion {motion!r} did not pass; a gate is waived by the committee")
    return _promised(state, _promise(state, event, "waiver"))


def attested(state: Selection, event: Event) -> Selection:
    """A member attests a fact that no scenario shows, with name, reason and last day; then it counts no more."""
    member(state, event)
    made, grade = _promise(state, event, "attestation"), optional(event, "grade")
    if not grade:
        return _promised(state, made)
    points, second = number(event, "points"), optional(event, "second")
    if not made.vendor:
        raise TableError("fact.attested: vendor is empty; points are given to somebody")
    try:
        witnessed(grade, points, (made.name, second))
    except TableError as no:
        raise TableError(f"fact.attested: {no}") from None
    return _promised(state, replace(made, grade=grade, points=points, second=second))


def ended(state: Selection, event: Event) -> Selection:
    """Whoever wrote a waiver or attestation down, or leads the selection, ends it before its day, with the reason."""
    member(state, event)
    place, reason = int(number(event, "entry")), text(event, "reason", least=10)
    found = next((one for one in state.promises if one.entry == place and not one.ended), None)
    if found is None:
        raise TableError(f"promise.ended: entry {place} is no waiver or attestation that stands; name its place")
    if event.actor not in (state.founder, found.by):
        raise TableError(f"promise.ended: {found.by} wrote it; they end it, or {state.founder} does")
    fresh = replace(found, ended=f"{event.actor}: {reason}")
    return replace(state, promises=tuple(fresh if one is found else one for one in state.promises))


def _promise(state: Selection, event: Event, kind: str) -> Promise:
    vendor = optional(event, "vendor")
    if vendor and vendor not in state.vendors:
        raise TableError(f"{event.kind}: {vendor!r} is no vendor here; use {', '.join(state.vendors)}")
    promise = Promise(
        kind=kind, about=text(event, "about"), vendor=vendor, name=text(event, "name"),
        reason=text(event, "reason", least=10), expires=day(event, "expires"), entry=event.place, by=event.actor,
    )  # fmt: skip
    if not promise.holds(event.at.date()):
        raise TableError(f"{event.kind}: expires = {promise.expires}: it has run out already; give a later day")
    return promise


def _promised(state: Selection, promise: Promise) -> Selection:
    return replace(state, promises=(*state.promises, promise))


def _open(state: Selection, event: Event) -> Asked:
    name = text(event, "motion")
    found = next((one for one in state.motions if one.id == name), None)
    if found is None or not found.open:
        raise TableError(f"{event.kind}: no motion {name!r} is open; put it first")
    return found


def _with(state: Selection, fresh: Asked) -> Selection:
    return replace(state, motions=tuple(fresh if one.id == fresh.id else one for one in state.motions))
