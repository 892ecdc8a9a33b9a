"""Checkpoints: signed statements about batches of the audit trail, chained, in a file outside the database.

A line of the file is one checkpoint: what it states, the Ed25519 signature (RFC 8032) of that, and the contents'
digests, by which an altered entry is found and not only an altered batch. Entries have numbers; a number that no act
used up in the end is in no checkpoint, so that whatever turns up under it later was put in.
"""

import base64
import binascii
import fcntl
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from poc.reference_crm import digests

#: What the first checkpoint follows.
GENESIS = "0" * 64
SIZE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """One statement: ``spans`` are the numbers of the entries (first, last), ``first``..``last`` all numbers looked at.

    ``previous`` is the digest of the statement before, ``at`` the system's time in ISO form, ``key`` the public key.
    """

    number: int
    at: str
    first: int
    last: int
    spans: tuple[tuple[int, int], ...]
    root: str
    previous: str
    key: str
    signature: str = ""
    contents: tuple[bytes, ...] = ()

    @property
    def entries(self) -> int:
        """Return how many entries it speaks of."""
        return sum(last - first + 1 for first, last in self.spans)

    @property
    def numbers(self) -> Iterator[int]:
        """Yield the numbers of its entries."""
        return chain.from_iterable(range(first, last + 1) for first, last in self.spans)

    @property
    def statement(self) -> bytes:
        """Return what is signed."""
        names = ("number", "at", "first", "last", "spans", "root", "previous", "key")
        return orjson.dumps({name: getattr(self, name) for name in names})

    @property
    def digest(self) -> str:
        """Return what the next one refers to."""
        return hashlib.sha256(self.statement).hexdigest()

    @property
    def signed(self) -> bool:
        """Whether the signature is that of the key it names."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            key.verify(bytes.fromhex(self.signature), self.statement)
        except (InvalidSignature, ValueError):
            return False
        return True

    def line(self) -> bytes:
        """Return its line in the file."""
        digest_line = base64.b64encode(b"".join(self.contents)).decode()
        return (
            orjson.dumps({**orjson.loads(self.statement), "signature": self.signature, "contents": digest_line}) + b"\n"
        )


def parsed(line: bytes) -> Checkpoint:
    """Read a line of the file; raises ValueError if it is none."""
    try:
        told: dict[str, Any] = orjson.loads(line)
        packed = base64.b64decode(told.pop("contents"), validate=True)
        spans = tuple((int(first), int(last)) for first, last in told.pop("spans"))
        contents = tuple(packed[place : place + SIZE] for place in range(0, len(packed), SIZE))
        return Checkpoint(**told, spans=spans, contents=contents)
    except (KeyError, TypeError, AttributeError, binascii.Error) as fault:
        raise ValueError(f"not a checkpoint: {fault}") from None


def spans_of(numbers: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Return ascending numbers as spans without gaps."""
    spans: list[tuple[int, int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return tuple(spans)


class Signer:
    """Signs checkpoints with a key that follows from the master key, which the database never sees."""

    def __init__(self, master: bytes) -> None:
        """Derive the key."""
        self._key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"audit checkpoints\n" + master).digest())

    @property
    def public(self) -> str:
        """Return the public key in hex: auditors keep it, and verify with what they kept."""
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def sign(self, statement: bytes) -> str:
        """Return the signature in hex."""
        return self._key.sign(statement).hex()


class Book:
    """The file of checkpoints: one process writes at its end, all read."""

    #: What an auditor is told about where checkpoints rest.
    kept = "file outside the database"

    def __init__(self, path: Path) -> None:
        """Name the file; it is made when the first checkpoint is written."""
        self.path = path
        self._read_to = 0
        self.known: list[Checkpoint] = []
        self._places: list[int] = []
        self._lock = Lock()

    def refresh(self) -> list[Checkpoint]:
        """Read what was added since, keep it without contents, and return all; raises ValueError for a broken line."""
        if not self.path.exists():
            return self.known
        with self._lock, self.path.open("rb") as file:
            file.seek(self._read_to)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._took(line, parsed(line))
        return self.known

    def whole(self, first: int, last: int) -> Iterator[Checkpoint]:
        """Yield the checkpoints that speak of numbers from ``first`` to ``last``, contents included."""
        known = self.refresh()
        if not known:
            return
        with self.path.open("rb") as file:
            for place, one in zip(self._places, known, strict=True):
                if one.last >= first and one.first <= last:
                    file.seek(place)
                    yield parsed(file.readline())

    def append(self, one: Checkpoint) -> None:
        """Write a checkpoint at the end and make sure that it is on disk; half a line that a crash left goes."""
        line = one.line()
        with self._lock, self.path.open("ab") as file:
            file.truncate(self._read_to)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
            self._took(line, one)

    def _took(self, line: bytes, one: Checkpoint) -> None:
        self._places.append(self._read_to)
        self._read_to += len(line)
        self.known.append(_light(one))

    def held(self) -> BinaryIO:
        """Claim the file for writing until what is returned is closed; raises BlockingIOError if another has it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lock = self.path.with_name(self.path.name + ".lock").open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise
        return lock


def _light(one: Checkpoint) -> Checkpoint:
    return Checkpoint(**{name: getattr(one, name) for name in Checkpoint.__dataclass_fields__ if name != "contents"})


def next_after(
    last: Checkpoint | None, *, upto: int, numbers: Sequence[int], contents: Sequence[bytes], at: str, signer: Signer
) -> Checkpoint:
    """Return the checkpoint that follows, over all numbers up to ``upto``, signed."""
    told = Checkpoint(
        number=last.number + 1 if last else 1,
        at=at,
        first=last.last + 1 if last else 1,
        last=upto,
        spans=spans_of(numbers),
        root=digests.root(numbers, contents).hex(),
        previous=last.digest if last else GENESIS,
        key=signer.public,
        contents=tuple(contents),
    )
    known = {name: getattr(told, name) for name in Checkpoint.__dataclass_fields__}
    return Checkpoint(**{**known, "signature": signer.sign(told.statement)})
