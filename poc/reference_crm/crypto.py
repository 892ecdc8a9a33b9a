"""Vault: encrypts restricted fields under data keys and makes blind indexes to look them up by.

Authenticated ciphers only, each value under a random 96-bit nonce (NIST SP 800-38D, 8.2.2). The ciphertext names its
data key, and the key its algorithm; the place where it rests (table and record number) is authenticated, so that a
value copied to another record does not open there. A field may have an algorithm of its own: it then rests in a part
of its own, and the other part names it, so that none can be taken out.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import orjson
from cryptography.exceptions import InvalidTag

from poc.reference_crm.algorithms import DEFAULT, DIGESTS, OFFERED, USUAL, Authenticated
from poc.reference_crm.wrapping import Unreadable

NONCE, KEY_ID = 12, 4
#: What stands where the number of a data key would, if a record rests in parts.
PARTS = b"\xff" * KEY_ID
HEADING = 8


class Closed(Exception):
    """The bank holds its key back: nothing restricted is opened or sealed until it returns."""


class Shut:
    """The cipher of a closed vault."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Refuse."""
        raise Closed

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Refuse."""
        raise Closed


@dataclass(frozen=True, slots=True, kw_only=True)
class DataKey:
    """A data key in clear, in memory only, and the algorithm that it is for."""

    key: bytes
    algorithm: str = DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """What seals from now on: the number of the data key, and of those of fields (``table.field``) with their own."""

    key: int
    fields: Mapping[str, int] = field(default_factory=dict)


class Vault:
    """Seals and opens the restricted fields of records, and computes blind indexes.

    ``keys`` are the data keys by number (bytes alone are for the default algorithm), the highest seals; ``index_key``
    feeds the blind indexes, which are made with the digest called ``indexing``.
    """

    def __init__(self, keys: Mapping[int, bytes | DataKey], index_key: bytes, indexing: str = USUAL) -> None:
        """Take the unwrapped keys; they live in memory only."""
        self._digest = DIGESTS[indexing]
        self._ciphers: dict[int, Authenticated] = {}
        self._names: dict[int, str] = {}
        self._field_keys: dict[str, bytes] = {}
        self._index_key: bytes | None = index_key
        self.adopt(keys, Sealing(key=max(keys)))

    @property
    def sealing(self) -> int:
        """Return the number of the data key that seals."""
        return self._sealing.key

    @property
    def plan(self) -> Sealing:
        """Return what seals now."""
        return self._sealing

    @property
    def indexing(self) -> str:
        """Return the name of the digest of blind indexes."""
        return self._digest.name

    @property
    def known(self) -> frozenset[int]:
        """Return the numbers of the data keys that open."""
        return frozenset(self._ciphers)

    @property
    def closed(self) -> bool:
        """Tell whether nothing opens at the moment."""
        return self._index_key is None

    def algorithm_of(self, number: int) -> str:
        """Return the algorithm of a data key."""
        return self._names[number]

    def adopt(self, keys: Mapping[int, bytes | DataKey], sealing: Sealing) -> None:
        """Take further data keys, and seal as told from now on; what older ones sealed still opens."""
        for number, given in keys.items():
            known = given if isinstance(given, DataKey) else DataKey(key=given)
            self._ciphers[number] = OFFERED[known.algorithm].make(known.key)
            self._names[number] = known.algorithm
        self._sealing, self._prefix = sealing, sealing.key.to_bytes(KEY_ID, "big")
        self._cipher = self._ciphers[sealing.key]

    def close(self) -> None:
        """Forget every key; whatever is asked raises Closed until the vault is opened again."""
        self._ciphers, self._field_keys, self._index_key, self._cipher = {}, {}, None, Shut()

    def reopen(self, keys: Mapping[int, bytes | DataKey], index_key: bytes, sealing: Sealing) -> None:
        """Take all keys anew."""
        self._index_key = index_key
        self.adopt(keys, sealing)

    def seal(self, place: str, data: bytes, *, owner: str = "") -> bytes:
        """Encrypt bytes that will rest at ``place``; ``owner`` names the field (``table.field``) that they are of."""
        number = self._sealing.fields.get(owner) if owner else None
        nonce = os.urandom(NONCE)
        if number is None:
            return self._prefix + nonce + self._cipher.encrypt(nonce, data, place.encode())
        return number.to_bytes(KEY_ID, "big") + nonce + self._of(number).encrypt(nonce, data, place.encode())

    def open(self, place: str, sealed: bytes) -> bytes:
        """Decrypt what rests at ``place``; raises Unreadable, or Closed."""
        try:
            cipher = self._ciphers[int.from_bytes(sealed[:KEY_ID], "big")]
            return cipher.decrypt(sealed[KEY_ID : KEY_ID + NONCE], sealed[KEY_ID + NONCE :], place.encode())
        except (InvalidTag, KeyError, ValueError) as bad:
            if self.closed:
                raise Closed from None
            raise Unreadable(f"the sealed fields of {place} do not open") from bad

    def _of(self, number: int) -> Authenticated:
        return Shut() if self.closed else self._ciphers[number]

    def seal_fields(self, place: str, fields: Mapping[str, object]) -> bytes:
        """Encrypt the restricted fields of one record (dates and Decimals become text)."""
        own = self._own(place) if self._sealing.fields else {}
        if not own:
            return self.seal(place, orjson.dumps(fields, default=str))
        names = sorted(own.keys() & fields.keys())
        rest = {name: value for name, value in fields.items() if name not in own}
        parts = [(",".join(names), self.seal(f"{place}#{','.join(names)}", orjson.dumps(rest, default=str)))]
        for name in names:
            data = orjson.dumps(fields[name], default=str)
            parts.append((name, self.seal(f"{place}#{name}", data, owner=f"{_table(place)}.{name}")))
        return self.heading(_table(place)) + b"".join(map(_framed, parts))

    def open_fields(self, place: str, sealed: bytes) -> dict[str, object]:
        """Return the restricted fields of one record, as JSON values; raises Unreadable, or Closed."""
        if sealed[:KEY_ID] != PARTS:
            fields: dict[str, object] = orjson.loads(self.open(place, sealed))
            return fields
        parts = _parts(place, sealed)
        names, rest = next(parts, ("", b""))
        fields = orjson.loads(self.open(f"{place}#{names}", rest))
        found = {name: orjson.loads(self.open(f"{place}#{name}", part)) for name, part in parts}
        if sorted(found) != names.split(","):
            raise Unreadable(f"the sealed fields of {place} are not all there")
        return fields | found

    def heading(self, table: str) -> bytes:
        """Return what the ciphertext of a record of a table begins with if it is sealed as told now."""
        own = self._own(table)
        if not own:
            return self._prefix
        told = ";".join(f"{name}={number}" for name, number in sorted(own.items())) + f";{self._sealing.key}"
        return PARTS + hashlib.sha256(told.encode()).digest()[: HEADING - KEY_ID]

    def _own(self, place: str) -> dict[str, int]:
        """Return the fields of a table that have an algorithm of their own, with the numbers of their keys."""
        table = f"{_table(place)}."
        told = self._sealing.fields.items()
        return {name.removeprefix(table): number for name, number in told if name.startswith(table)}

    def blind(self, table: str, field: str, value: str) -> bytes:
        """Return the blind index (a keyed digest, with a key for each field) of a value, for exact lookups.

        Equal values of different fields have different indexes; letter case and surrounding blanks do not matter.
        """
        name = f"{table}.{field}"
        key = self._field_keys.get(name)
        if key is None:
            key = self._field_keys[name] = self._field_key(name)
        return self._digest.of(key, value.strip().casefold().encode("utf-8", "replace"))

    def _field_key(self, name: str) -> bytes:
        if self._index_key is None:
            raise Closed
        return self._digest.of(self._index_key, name.encode())


def _table(place: str) -> str:
    return place.partition("/")[0]


def _framed(part: tuple[str, bytes]) -> bytes:
    name, sealed = part
    return len(name).to_bytes(2, "big") + name.encode() + len(sealed).to_bytes(4, "big") + sealed


def _parts(place: str, sealed: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the parts of a record's ciphertext with their names; raises Unreadable if the framing is broken."""
    at = HEADING
    while at < len(sealed):
        long = int.from_bytes(sealed[at : at + 2], "big")
        name = sealed[at + 2 : at + 2 + long]
        at += 2 + long
        size = int.from_bytes(sealed[at : at + 4], "big")
        part = sealed[at + 4 : at + 4 + size]
        at += 4 + size
        if len(part) != size or not name.isascii():
            raise Unreadable(f"the sealed fields of {place} do not open")
        yield name.decode(), part
