"""Meeting: motions, votes and dissent, gates blocked with evidence, waivers and attestations that run out."""

from dataclasses import replace

from scorecards.committee.events import Event
from scorecards.committee.panel import vote
from scorecards.committee.reading import day, optional, text
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
    return _promised(state, event, "waiver")


def attested(state: Selection, event: Event) -> Selection:
    """A member attests a fact that no scenario shows, with name, reason and last day; then it counts no more."""
    member(state, event)
    return _promised(state, event, "attestation")


def _promised(state: Selection, event: Event, kind: str) -> Selection:
    vendor = optional(event, "vendor")
    if vendor and vendor not in state.vendors:
        raise TableError(f"{event.kind}: {vendor!r} is no vendor here; use {', '.join(state.vendors)}")
    promise = Promise(
        kind=kind, about=text(event, "about"), vendor=vendor, name=text(event, "name"),
        reason=text(event, "reason", least=10), expires=day(event, "expires"),
    )  # fmt: skip
    if not promise.holds(event.at.date()):
        raise TableError(f"{event.kind}: expires = {promise.expires}: it has run out already; give a later day")
    return replace(state, promises=(*state.promises, promise))


def _open(state: Selection, event: Event) -> Asked:
    name = text(event, "motion")
    found = next((one for one in state.motions if one.id == name), None)
    if found is None or found.result is not None:
        raise TableError(f"{event.kind}: no motion {name!r} is open; put it first")
    return found


def _with(state: Selection, fresh: Asked) -> Selection:
    return replace(state, motions=tuple(fresh if one.id == fresh.id else one for one in state.motions))
