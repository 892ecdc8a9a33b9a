"""Digests: what stands for an entry of the audit trail and for a batch of them; the same for sealing and for verifying.

An entry's content is digested without its number, so that a copy of it is known wherever it turns up; the leaf binds
content and number. Leaves are joined into a Merkle tree as RFC 6962 section 2.1 does it. Values before and after an act
are digested apart: when the law asks to forget them, their digest stays and the entry can still be proven.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

#: The parts of an entry that its content is made of, beside the values before and after.
PARTS = ("at", "who", "role", "action", "subject", "origin", "result", "trace")
#: Reads entries as they are sealed and exported: values as PostgreSQL writes them out, since texts have one form only.
SELECT = (
    "SELECT id, at, who, role, action, subject, origin, before::text AS before, after::text AS after, result, trace,"
    " encode(forgotten, 'hex') AS forgotten FROM audit"
)
#: The digest of values that are not there.
EMPTY = hashlib.sha256(b"\n").hexdigest()


def values_digest(before: str | None, after: str | None) -> str:
    """Return the digest of the values before and after an act; JSON as PostgreSQL writes it has no line ends."""
    if before is None and after is None:
        return EMPTY
    return hashlib.sha256(f"{before or ''}\n{after or ''}".encode()).hexdigest()


def content_digest(entry: Mapping[str, Any]) -> bytes:
    """Return the digest of an entry without its number; ``forgotten`` stands for values that were forgotten."""
    values = entry["forgotten"] or values_digest(entry["before"], entry["after"])
    return hashlib.sha256(orjson.dumps([*[entry[name] for name in PARTS], values])).digest()


def leaf(number: int, content: bytes) -> bytes:
    """Return the leaf of an entry: its number and its content."""
    return hashlib.sha256(b"\x00" + number.to_bytes(8, "big") + content).digest()


def root(numbers: Iterable[int], contents: Sequence[bytes]) -> bytes:
    """Return the root of the Merkle tree over entries in their order; the root of none is the digest of nothing."""
    layer = [leaf(number, content) for number, content in zip(numbers, contents, strict=True)]
    if not layer:
        return hashlib.sha256(b"").digest()
    while len(layer) > 1:
        pairs = [
            hashlib.sha256(b"\x01" + layer[place] + layer[place + 1]).digest() for place in range(0, len(layer) - 1, 2)
        ]
        layer = pairs + layer[len(layer) - len(layer) % 2 :]
    return layer[0]
