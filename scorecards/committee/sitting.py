"""Sitting: who sits, what they declared, what they sealed before they saw anything, and rounds of blind scoring."""

import math
from collections.abc import Mapping
from dataclasses import replace

from scorecards.committee.ballots import Ballot, ballot, fingerprint, opened
from scorecards.committee.events import Event, LogError
from scorecards.committee.panel import Conflict, Member, Panel
from scorecards.committee.reading import LONGEST_SEALED, digest, moment, number, optional, table, text, texts, yes
from scorecards.committee.selection import Evidence, Look, Round, Sealed, Selection
from scorecards.methods.tables import TableError

KINDS_OF_INTEREST = ("employment", "shares", "family", "gift", "earlier work", "other")


# -- who sits --------------------------------------------------------------------------------------------------------
def founded(state: Selection, event: Event) -> Selection:
    """A selection begins: its name, vendors, budget (CNY) and the founder's public key."""
    if state.founder:
        raise TableError("selection.founded: it was founded already; go on with it")
    vendors = texts(event, "vendors")
    if not vendors:
        raise TableError("selection.founded: vendors is empty; name one at least")
    return replace(
        state, name=text(event, "name"), founder=event.actor, vendors=vendors, budget=number(event, "budget"),
        keys={event.actor: digest(event, "key")},
    )  # fmt: skip


def invited(state: Selection, event: Event) -> Selection:
    """The founder invites a member: name, role, department, whether an expert, gates that the member may block."""
    _only_founder(state, event)
    if state.evidence:
        raise TableError("member.invited: evidence was disclosed; whoever joins now cannot have weighed before it")
    name = text(event, "name")
    if any(one.name == name for one in state.panel.members):
        raise TableError(f"member.invited: {name!r} is a member already; choose another name")
    member = Member(
        name=name, role=text(event, "role"), department=optional(event, "department"),
        expert=yes(event, "expert"), veto=texts(event, "veto"),
    )  # fmt: skip
    panel = replace(state.panel, members=(*state.panel.members, member))
    pending = state.invited if name == state.founder else state.invited | {name}
    return replace(state, panel=panel, invited=pending)


def joined(state: Selection, event: Event) -> Selection:
    """An invited member comes in and leaves a public key, with which every entry of theirs is signed from now on."""
    if event.actor not in state.invited:
        raise TableError(f"member.joined: {event.actor!r} is not invited, or is in already; ask {state.founder}")
    return replace(state, invited=state.invited - {event.actor}, keys={**state.keys, event.actor: digest(event, "key")})


def left(state: Selection, event: Event) -> Selection:
    """The founder notes that a member left, and why; what they said stays in the log and counts no more."""
    _only_founder(state, event)
    name, reason = text(event, "name"), text(event, "reason", least=10)
    if name not in {one.name for one in state.panel.members}:
        raise TableError(f"member.left: {name!r} is no member; name one of them")
    panel = replace(state.panel, members=tuple(one for one in state.panel.members if one.name != name))
    rounds = tuple(_without(one, name, reason) for one in state.rounds)
    return replace(
        state, panel=panel, rounds=rounds, invited=state.invited - {name}, left={**state.left, name: reason},
        weights={who: one for who, one in state.weights.items() if who != name},
        opened_weights={who: one for who, one in state.opened_weights.items() if who != name},
    )  # fmt: skip


def declared(state: Selection, event: Event) -> Selection:
    """A member declares interests; an empty list says that there is none. Later declarations add to earlier ones."""
    member(state, event)
    found = []
    for one in event.payload.get("interests", []):  # type: ignore[attr-defined]
        vendor, kind, recused = (one.get(name) for name in ("vendor", "kind", "recused"))
        if vendor not in state.vendors:
            raise TableError(f"interests.declared: {vendor!r} is no vendor here; use {', '.join(state.vendors)}")
        if kind not in KINDS_OF_INTEREST or not isinstance(recused, bool):
            raise TableError(f"interests.declared: kind = {kind!r}: use one of {', '.join(KINDS_OF_INTEREST)}")
        found.append(Conflict(member=event.actor, vendor=vendor, kind=kind, recused=recused))
    panel = replace(
        state.panel,
        conflicts=(*state.panel.conflicts, *(one for one in found if one not in state.panel.conflicts)),
        declared=state.panel.declared | {event.actor},
    )
    out = {one.member for one in found if one.recused}
    rounds = tuple(_without(one, event.actor, "recused") if event.actor in out else one for one in state.rounds)
    return replace(state, panel=panel, rounds=rounds)


# -- weights before evidence -----------------------------------------------------------------------------------------
def weights_sealed(state: Selection, event: Event) -> Selection:
    """A member puts down the fingerprint of their weights; until evidence is disclosed they may put down others."""
    voter(state, event)
    if state.evidence or state.opened_weights:
        raise TableError("weights.sealed: evidence or weights lie open already; weights are sealed before both")
    if event.actor not in state.panel.declared:
        raise TableError(f"weights.sealed: {event.actor} has not declared interests yet; declare them, or that none is")
    return replace(state, weights={**state.weights, event.actor: sealed(event)})


def weights_opened(state: Selection, event: Event) -> Selection:
    """A member opens their weights, after all sealed theirs; they must be the ones that were put down."""
    voter(state, event)
    _complete(event, state.unsealed)
    held = state.weights[event.actor]
    said = weights_said(event.actor, table(event, "dimensions"))
    if fingerprint(said, text(event, "nonce")) != held.commitment:
        raise LogError(f"weights of {event.actor}: they are not the ones that were sealed; open the original")
    return replace(state, opened_weights={**state.opened_weights, event.actor: said["dimensions"]})  # type: ignore[dict-item]


def weights_said(who: str, dimensions: Mapping[str, float]) -> dict[str, object]:
    """Return what is sealed of a member's weights; raises TableError for negative ones or none above 0."""
    for code, value in dimensions.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
            raise TableError(f"weights of {who}: {code} = {value!r}: give a number from 0 upwards")
    if not math.fsum(dimensions.values()) > 0:
        raise TableError(f"weights of {who}: all are 0; give one dimension at least a positive number")
    return {"member": who, "dimensions": {code: float(value) for code, value in sorted(dimensions.items())}}


def weighting_agreed(state: Selection, event: Event) -> Selection:
    """The founder seals the agreed weighting and rubrics by their hashes; once evidence lies open it takes a motion."""
    _only_founder(state, event)
    fresh = {"weighting": digest(event, "weighting"), "rubrics": digest(event, "rubrics"), "hash": event.hash}
    if state.evidence and state.agreed:
        fresh |= {"reason": text(event, "reason", least=10), "motion": text(event, "motion")}
        if not carried(state, fresh["motion"]):
            raise TableError(f"weighting.agreed: motion {fresh['motion']!r} did not pass; a change now takes one")
    return replace(state, agreed=fresh)


def evidence_opened(state: Selection, event: Event) -> Selection:
    """A member opens evidence before all weights are sealed; it is told for good and lowers the integrity."""
    member(state, event)
    vendors = texts(event, "vendors")
    if not state.held_back:
        raise TableError("evidence.opened: nothing is held back any more; just look")
    if odd := [one for one in vendors if one not in state.vendors]:
        raise TableError(f"evidence.opened: {odd[0]!r} is no vendor here; use {', '.join(state.vendors)}")
    return replace(state, looks=(*state.looks, Look(by=event.actor, vendors=vendors, at=event.at, hash=event.hash)))


def evidence_disclosed(state: Selection, event: Event) -> Selection:
    """Evidence of a vendor is disclosed, after all sealed their weights; who comes late faces the same pack."""
    _only_founder(state, event)
    _complete(event, state.unsealed)
    if not state.weights:
        raise TableError("evidence.disclosed: nobody has sealed weights yet; they come before evidence")
    vendor, pack = text(event, "vendor"), digest(event, "pack")
    if vendor not in state.vendors:
        raise TableError(f"evidence.disclosed: {vendor!r} is no vendor here; use {', '.join(state.vendors)}")
    if state.evidence and pack != state.evidence[0].pack:
        raise TableError(f"evidence.disclosed: {vendor} faced another pack than the first; run the frozen one")
    if any(one.vendor == vendor for one in state.evidence):
        raise TableError(f"evidence.disclosed: that of {vendor} lies open already; a re-run belongs to a reply")
    piece = Evidence(
        vendor=vendor, run=text(event, "run"), sha256=digest(event, "sha256"), pack=pack,
        began=moment(event, "began"), at=event.at, hash=event.hash,
    )  # fmt: skip
    return replace(state, evidence=(*state.evidence, piece))


# -- rounds of scoring -----------------------------------------------------------------------------------------------
def round_begun(state: Selection, event: Event) -> Selection:
    """The founder begins a round on some cells ("vendor/criterion"); the one before must lie open."""
    _only_founder(state, event)
    if state.rounds and not state.rounds[-1].revealed:
        raise TableError(f"round.begun: round {state.rounds[-1].number} is not revealed yet; end it first")
    cells, shown = texts(event, "cells"), {one.vendor for one in state.evidence}
    if not cells:
        raise TableError("round.begun: cells is empty; name what is to be scored, as vendor/criterion")
    for cell in cells:
        vendor, slash, criterion = cell.rpartition("/")
        if not slash or not criterion or vendor not in state.vendors:
            raise TableError(f"round.begun: {cell!r} is no cell; write vendor/criterion of {', '.join(state.vendors)}")
        if vendor not in shown:
            raise TableError(f"round.begun: no evidence of {vendor} was disclosed; score what can be seen")
    if not state.voters:
        raise TableError("round.begun: nobody may score; invite members first")
    fresh = Round(number=len(state.rounds) + 1, cells=cells, voters=state.voters, hash=event.hash)
    return replace(state, rounds=(*state.rounds, fresh))


def ballot_sealed(state: Selection, event: Event) -> Selection:
    """A member puts down the fingerprint of their points; until the last one sealed they may put down others."""
    now = _round(state, event)
    if not now.awaited:
        raise TableError(f"ballot.sealed: all have sealed round {now.number}; points stay as they are")
    return _with(state, replace(now, sealed={**now.sealed, event.actor: sealed(event)}))


def ballot_opened(state: Selection, event: Event) -> Selection:
    """A member opens their points, after all sealed theirs; they must be the ones that were put down."""
    now = _round(state, event)
    _complete(event, now.awaited)
    scores, reasons = table(event, "scores"), table(event, "reasons")
    if odd := sorted(set(scores) - set(now.cells)):
        raise TableError(f"ballot.opened: {odd[0]!r} is no cell of round {now.number}; score its cells only")
    ballot(event.actor, scores, round=now.number)  # refuses points off the scale
    given = Ballot(
        member=event.actor, round=now.number, scores=scores, reasons=reasons, nonce=text(event, "nonce")
    )  # fmt: skip
    opened(given, now.sealed[event.actor].commitment)
    return _with(state, replace(now, opened={**now.opened, event.actor: given}))


def ballot_void(state: Selection, event: Event) -> Selection:
    """The founder gives up a ballot that is not sealed or not opened, with the reason; it counts as an abstention."""
    _only_founder(state, event)
    name, reason = text(event, "name"), text(event, "reason", least=10)
    if not state.rounds or name not in state.rounds[-1].voters or name in state.rounds[-1].opened:
        raise TableError(f"ballot.void: no ballot of {name!r} is waited for; name whose is")
    return _with(state, _without(state.rounds[-1], name, reason))


def noted(state: Selection, event: Event) -> Selection:
    """A member notes what was said of a cell, between rounds or after them."""
    member(state, event)
    note = {"by": event.actor, "about": optional(event, "about"), "text": text(event, "text")}
    return replace(state, notes=(*state.notes, note))


# -- who may, and what is still waited for ---------------------------------------------------------------------------
def member(state: Selection, event: Event) -> None:
    """Raise TableError unless a member who is in, or who leads the selection, wrote the entry."""
    known = {state.founder, *(one.name for one in state.panel.members)}
    if event.actor not in known or event.actor in state.invited:
        raise TableError(f"{event.kind}: {event.actor!r} is no member, or has not joined yet")


def voter(state: Selection, event: Event) -> None:
    """Raise TableError unless a member who may vote wrote the entry."""
    member(state, event)
    if event.actor not in state.voters:
        raise TableError(f"{event.kind}: {event.actor} is recused, or no member, and takes no part in the choice")


def carried(state: Selection, motion: str) -> bool:
    """Return whether a motion of that id was closed and passed."""
    return any(one.id == motion and one.result is not None and one.result.passed for one in state.motions)


def chair(state: Selection, event: Event) -> None:
    """Raise TableError unless whoever leads the selection wrote the entry."""
    _only_founder(state, event)


def _only_founder(state: Selection, event: Event) -> None:
    if event.actor != state.founder:
        raise TableError(f"{event.kind}: only {state.founder or 'a founder'} may; ask them")


def _complete(event: Event, awaited: tuple[str, ...]) -> None:
    if awaited:
        raise TableError(f"{event.kind}: {', '.join(awaited)} must seal first; nobody reads before all have")


def sealed(event: Event) -> Sealed:
    """Return what an entry seals."""
    envelope = text(event, "envelope", most=LONGEST_SEALED)
    return Sealed(commitment=digest(event, "commitment"), envelope=envelope, at=event.at, hash=event.hash)


def _round(state: Selection, event: Event) -> Round:
    voter(state, event)
    asked = int(number(event, "round"))
    if not state.rounds or state.rounds[-1].number != asked:
        raise TableError(f"{event.kind}: round {asked} is not the one that is open")
    now = state.rounds[-1]
    if event.actor not in now.voters or event.actor in now.void:
        raise TableError(f"{event.kind}: {event.actor} takes no part in round {asked}")
    return now


def _with(state: Selection, fresh: Round) -> Selection:
    return replace(state, rounds=(*state.rounds[:-1], fresh))


def _without(one: Round, name: str, reason: str) -> Round:
    """The round without somebody whose ballot does not lie open; one that does is kept, as it was part of it."""
    if name not in one.voters or name in one.opened:
        return one
    return replace(one, void={**one.void, name: reason})


def panel_of(state: Selection) -> Panel:
    """Return the panel of those who have joined."""
    return replace(state.panel, members=tuple(one for one in state.panel.members if one.name not in state.invited))
