"""Truth: the sealed key to everything planted, which no vendor ever receives."""

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pydantic import BaseModel, ConfigDict, ValidationError

MAGIC = b"touchstone-truth-1\n"


class TruthError(ValueError):
    """A sealed truth that cannot be opened; the message says why and what to do."""


class DuplicatePair(NamedTuple):
    """Two files of one person: the first one, the second one, and what differs."""

    kept: str
    duplicate: str
    kind: str  # typo | script | mobile | old_id | order | moved | renamed | latin


class TwinPair(NamedTuple):
    """Two people who look like one and must never be merged."""

    first: str
    second: str
    kind: str  # twins | father_son | namesakes


class Stay(NamedTuple):
    """A customer's time in a household; ``until`` is the first day no longer in it."""

    household: str
    customer: str
    since: date
    until: date | None


class Money(NamedTuple):
    """An account that counts as money under management, and all who own it."""

    account: str
    balance: Decimal
    holders: tuple[str, ...]


class Truth(BaseModel):
    """What is true of a bank beyond its records."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bank: str  # digest of the bank it belongs to
    as_of: date
    currency: str
    duplicates: tuple[DuplicatePair, ...]
    traps: tuple[TwinPair, ...]
    stays: tuple[Stay, ...]
    money: tuple[Money, ...]

    @cached_property
    def households(self) -> tuple[str, ...]:
        """The numbers of all households, in the order of their founders."""
        return tuple(dict.fromkeys(stay.household for stay in self.stays))

    def members_at(self, household: str, at: date) -> frozenset[str]:
        """Who belonged to a household on a day; the day on which a stay ends is no longer part of it."""
        stays = self._stays_of[household]
        return frozenset(s.customer for s in stays if s.since <= at and (s.until is None or at < s.until))

    def roll_up(self, household: str, at: date) -> Decimal:
        """The money under management of those who belonged to a household on a day: balances as the bank stands now.

        Open accounts that are no loans count, each once, however many members own it.
        """
        owned = {m.account: m.balance for c in self.members_at(household, at) for m in self._money_of[c]}
        return sum(owned.values(), Decimal("0.00"))

    @cached_property
    def household_aum(self) -> Mapping[str, Decimal]:
        """The money under management of every household on the day the bank is seen."""
        return {household: self.roll_up(household, self.as_of) for household in self.households}

    @cached_property
    def _stays_of(self) -> Mapping[str, list[Stay]]:
        stays: dict[str, list[Stay]] = defaultdict(list)
        for stay in self.stays:
            stays[stay.household].append(stay)
        return stays

    @cached_property
    def _money_of(self) -> Mapping[str, list[Money]]:
        money: dict[str, list[Money]] = defaultdict(list)
        for piece in self.money:
            for holder in piece.holders:
                money[holder].append(piece)
        return money

    def among(self, customers: Iterable[str]) -> "Truth":
        """The truth about some of the customers: pairs of which both are there, stays and money of theirs."""
        there = set(customers)
        return self.model_copy(
            update={
                "duplicates": tuple(p for p in self.duplicates if p.kept in there and p.duplicate in there),
                "traps": tuple(p for p in self.traps if p.first in there and p.second in there),
                "stays": tuple(s for s in self.stays if s.customer in there),
                "money": tuple(m for m in self.money if all(h in there for h in m.holders)),
            }
        )


def seal(truth: Truth, path: Path, keys: tuple[bytes, bytes], *, entropy: Callable[[int], bytes] = os.urandom) -> None:
    """Write the truth so that only both keys together open it (AES-256-GCM under a key by scrypt from both)."""
    salt, nonce = entropy(16), entropy(12)
    closed = AESGCM(joint_key(keys, salt)).encrypt(nonce, truth.model_dump_json().encode(), MAGIC)
    draft = path.with_name(path.name + ".part")
    try:
        draft.write_bytes(MAGIC + salt + nonce + closed)
        draft.replace(path)
    except OSError as fault:
        draft.unlink(missing_ok=True)
        raise TruthError(f"truth {path}: cannot be written ({fault.strerror}); check folder and disk") from fault


def unseal(path: Path, keys: tuple[bytes, bytes]) -> Truth:
    """Open a sealed truth with both keys, in the order in which it was sealed; raises ``TruthError`` in one line."""
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise TruthError(f"truth {path}: cannot be read ({fault.strerror}); check the path") from fault
    if not data.startswith(MAGIC):
        raise TruthError(f"truth {path}: is no sealed truth; point at the file that `touchstone bank generate` wrote")
    salt, nonce, closed = (data := data[len(MAGIC) :])[:16], data[16:28], data[28:]
    try:
        return Truth.model_validate_json(AESGCM(joint_key(keys, salt)).decrypt(nonce, closed, MAGIC))
    except (InvalidTag, ValueError, ValidationError) as fault:
        raise TruthError(
            f"truth {path}: these two keys do not open it; both are needed, in the order of sealing"
        ) from fault


def joint_key(keys: tuple[bytes, bytes], salt: bytes) -> bytes:
    """The 32 bytes that follow from two keys, in this order, and a salt (scrypt); ``TruthError`` for an empty key."""
    if not all(keys):
        raise TruthError("keys: a key is empty; the truth is sealed and opened by two")
    both = b"".join(hashlib.sha256(key).digest() for key in keys)
    return Scrypt(salt=salt, length=32, n=2**14, r=8, p=1).derive(both)
