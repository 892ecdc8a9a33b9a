"""Events: everything a committee does, as entries that are only ever added, each bound to the one before.

An entry's hash covers the hash before it, so whoever changes, drops or moves one breaks every later hash. A member's
Ed25519 signature (RFC 8032) binds the entry to the person. Corrections are entries of their own, with a reason.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

#: What the first entry follows.
BEGINNING = "0" * 64


class LogError(ValueError):
    """A log that was tampered with, or an entry that cannot be added; the message names the entry and why."""


def canonical(value: object) -> bytes:
    """Return the one way to write a value as JSON: keys sorted, no blanks, UTF-8; numbers as Python writes them."""
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError) as fault:
        raise LogError(f"payload: {fault}; use texts, finite numbers, lists and objects") from fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry: its place from 1, when, who in which role, what kind, what was said; the hash before and its own."""

    place: int
    at: datetime
    actor: str
    role: str
    kind: str
    payload: Mapping[str, object]
    before: str
    hash: str = ""
    signature: str = ""

    @property
    def sealed(self) -> bytes:
        """What the hash covers: everything but hash and signature."""
        return canonical(
            {
                "place": self.place,
                "at": self.at.astimezone(UTC).isoformat(),
                "actor": self.actor,
                "role": self.role,
                "kind": self.kind,
                "payload": dict(self.payload),
                "before": self.before,
            }
        )

    def line(self) -> dict[str, object]:
        """Return the entry as an object for JSON Lines."""
        return {**json.loads(self.sealed), "hash": self.hash, "signature": self.signature}


def read(line: Mapping[str, object]) -> Event:
    """Return the entry that a line of JSON Lines holds; raises LogError where a field is missing."""
    try:
        return Event(
            place=int(str(line["place"])), at=datetime.fromisoformat(str(line["at"])), actor=str(line["actor"]),
            role=str(line["role"]), kind=str(line["kind"]), payload=MappingProxyType(dict(line["payload"])),  # type: ignore[call-overload]
            before=str(line["before"]), hash=str(line["hash"]), signature=str(line.get("signature", "")),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as fault:
        raise LogError(f"log: an entry lacks or garbles {fault}; use a log as it was exported") from fault


@dataclass(frozen=True, slots=True)
class Log:
    """Entries in their order; adding returns a new log, and the old one stays as it was."""

    events: tuple[Event, ...] = field(default=())

    @property
    def head(self) -> str:
        """The hash of the last entry, printed on every export."""
        return self.events[-1].hash if self.events else BEGINNING

    def next(
        self,
        kind: str,
        payload: Mapping[str, object],
        *,
        actor: str,
        role: str,
        at: datetime,
        key: Ed25519PrivateKey | None = None,
    ) -> Event:
        """Return the entry that would follow; raises LogError for a time before the last entry's or without zone."""
        if at.tzinfo is None:
            raise LogError(f"event {kind}: its time has no zone; give an aware moment")
        if self.events and at < self.events[-1].at:
            raise LogError(f"event {kind}: {at.isoformat()} is before the last entry; entries follow in time")
        plain = Event(
            place=len(self.events) + 1, at=at, actor=actor, role=role, kind=kind,
            payload=MappingProxyType(json.loads(canonical(dict(payload)))), before=self.head,
        )  # fmt: skip
        signature = key.sign(plain.sealed).hex() if key else ""
        return replace(plain, hash=digest(plain), signature=signature)

    def add(self, event: Event) -> "Log":
        """Return the log with an entry that was made for its present end; raises LogError if another came first."""
        if event.before != self.head or event.place != len(self.events) + 1:
            raise LogError(
                f"event {event.kind}: somebody else wrote first; look at entry {len(self.events)} and try again"
            )
        return Log((*self.events, event))

    def of(self, *kinds: str) -> tuple[Event, ...]:
        """Return the entries of some kinds, in order."""
        return tuple(event for event in self.events if event.kind in kinds)


def digest(event: Event) -> str:
    """Return the SHA-256 of an entry's sealed part, in hex."""
    return hashlib.sha256(event.sealed).hexdigest()


def verify(
    events: Iterable[Event], keys: Mapping[str, Ed25519PublicKey] | None = None, *, head: str | None = None
) -> Log:
    """Return the log if it holds together; raises LogError that names the first entry which does not.

    ``keys`` are members' public keys: an entry of theirs must carry their signature. ``head`` is a hash printed
    elsewhere: without it, entries cut off at the end cannot be noticed.
    """
    found = Log()
    for event in events:
        if event.hash != digest(event):
            raise LogError(f"log: entry {event.place} was changed: its hash does not fit what it says")
        if event.before != found.head or event.place != len(found.events) + 1:
            raise LogError(
                f"log: entry {event.place} does not follow entry {len(found.events)}: one was dropped or moved"
            )
        if keys and event.actor in keys and not _signed(event, keys[event.actor]):
            raise LogError(f"log: entry {event.place} is not signed by {event.actor}")
        found = Log((*found.events, event))
    if head is not None and found.head != head:
        raise LogError(
            f"log: it ends at {found.head[:12]} and not at {head[:12]} as printed: entries are missing or added"
        )
    return found


def _signed(event: Event, key: Ed25519PublicKey) -> bool:
    try:
        key.verify(bytes.fromhex(event.signature), event.sealed)
    except (InvalidSignature, ValueError):
        return False
    return True
