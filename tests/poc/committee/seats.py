"""Seats: a committee of some members around a ledger on disk, with keys that cost next to nothing."""

from datetime import UTC, datetime
from pathlib import Path

from poc.committee.ledger import Ledger
from poc.committee.seat import Seat, found, join
from poc.committee.telling import disclosed
from scorecards.weighting import DIMENSIONS

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PASS = "correct horse battery"
CHEAP = 16
CELLS = ["X/UX-01", "Y/UX-01", "X/SEC-01", "Y/SEC-01"]
PACK = {"run": "r1", "sha256": "a" * 64, "pack": "b" * 64, "began": NOON.isoformat()}


def founded(folder: Path, members: int, vendors: tuple[str, ...] = ("X", "Y")) -> tuple[Seat, list[Seat]]:
    """Return the chair's seat and the members', all joined, with no interests."""
    ledger = Ledger(folder, lambda: NOON)
    chair = found(ledger, "chair", PASS, title="CRM", vendors=vendors, cost=CHEAP)
    seats = []
    for place in range(members):
        name = f"m{place}"
        chair.do("member.invited", {"name": name, "role": "expert", "department": "it", "expert": True, "veto": []})
        seats.append(join(ledger, name, PASS, cost=CHEAP))
        seats[-1].do("interests.declared", {"interests": []})
    return chair, seats


def scoring(folder: Path, members: int) -> tuple[Seat, list[Seat]]:
    """Return a committee whose weights are sealed and whose first round has begun."""
    chair, seats = founded(folder, members)
    for own in seats:
        own.seal_weights({"SEC": 3, "UX": 1})
    for vendor in ("X", "Y"):
        chair.do("evidence.disclosed", {"vendor": vendor, **PACK})
    chair.do("round.begun", {"cells": CELLS})
    return chair, seats


def weighed(folder: Path, place: Path, names: tuple[str, ...], gate: str) -> tuple[Seat, list[Seat]]:
    """Return a committee that weighed, was shown an assessment, and waived a gate of the first target."""
    chair, seats = founded(folder, 3, names)
    for at, own in enumerate(seats):
        own.seal_weights({code: 1 + at * (code == "SEC") for code in DIMENSIONS})
    for name in names:
        chair.do("evidence.disclosed", disclosed(name, place / "targets" / name))
    for own in seats:
        own.open_weights()
    seats[0].do("motion.put", {"id": "W", "text": f"waive {gate}"})
    for own in seats:
        no = {"word": "reject", "reason": "a gate is a gate"} if own is seats[2] else {"word": "approve"}
        own.do("vote.cast", {"motion": "W", **no})
    chair.do("motion.closed", {"motion": "W"})
    said = {"about": gate, "vendor": names[0], "name": "Lin", "reason": "built by March, clause 4", "motion": "W"}
    chair.do("gate.waived", {**said, "expires": "2027-03-31"})
    return chair, seats
