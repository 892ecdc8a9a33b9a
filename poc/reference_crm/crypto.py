"""Vault: encrypts restricted fields under wrapped data keys and makes blind indexes to look them up by.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. The ciphertext names its data key; the place where it rests
(table and record number) is authenticated, so that a value copied to another record does not open there.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE, KEY_ID = 12, 4


class Unreadable(Exception):
    """A ciphertext does not open: wrong key, wrong place or changed bytes."""


def wrap(master: bytes, name: str, key: bytes) -> bytes:
    """Encrypt a data key under the master key; ``name`` is authenticated with it."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(master).encrypt(nonce, key, name.encode())


def unwrap(master: bytes, name: str, wrapped: bytes) -> bytes:
    """Return a data key; raises Unreadable if the master key is not the one that wrapped it."""
    try:
        return AESGCM(master).decrypt(wrapped[:NONCE], wrapped[NONCE:], name.encode())
    except InvalidTag as bad:
        raise Unreadable(f"data key {name} does not open: is this the master key it was wrapped with?") from bad


class Vault:
    """Seals and opens the restricted fields of records, and computes blind indexes.

    ``keys`` are the data keys by id, the highest id seals; ``index_key`` feeds the blind indexes.
    """

    def __init__(self, keys: Mapping[int, bytes], index_key: bytes) -> None:
        """Take the unwrapped keys; they live in memory only."""
        self._ciphers: dict[int, AESGCM] = {}
        self._index_key = index_key
        self._field_keys: dict[str, bytes] = {}
        self.adopt(keys, max(keys))

    @property
    def sealing(self) -> int:
        """Return the number of the data key that seals."""
        return self._newest

    @property
    def known(self) -> frozenset[int]:
        """Return the numbers of the data keys that open."""
        return frozenset(self._ciphers)

    def adopt(self, keys: Mapping[int, bytes], sealing: int) -> None:
        """Take further data keys, and seal with the one named from now on; what older ones sealed still opens."""
        self._ciphers |= {number: AESGCM(key) for number, key in keys.items()}
        self._newest, self._prefix, self._cipher = sealing, sealing.to_bytes(KEY_ID, "big"), self._ciphers[sealing]

    def seal(self, place: str, data: bytes) -> bytes:
        """Encrypt bytes that will rest at ``place`` (``table/number``)."""
        nonce = os.urandom(NONCE)
        return self._prefix + nonce + self._cipher.encrypt(nonce, data, place.encode())

    def open(self, place: str, sealed: bytes) -> bytes:
        """Decrypt what rests at ``place``; raises Unreadable."""
        try:
            cipher = self._ciphers[int.from_bytes(sealed[:KEY_ID], "big")]
            return cipher.decrypt(sealed[KEY_ID : KEY_ID + NONCE], sealed[KEY_ID + NONCE :], place.encode())
        except (InvalidTag, KeyError, ValueError) as bad:
            raise Unreadable(f"the sealed fields of {place} do not open") from bad

    def seal_fields(self, place: str, fields: Mapping[str, object]) -> bytes:
        """Encrypt the restricted fields of one record as one ciphertext (dates and Decimals become text)."""
        return self.seal(place, orjson.dumps(fields, default=str))

    def open_fields(self, place: str, sealed: bytes) -> dict[str, object]:
        """Return the restricted fields of one record, as JSON values."""
        fields: dict[str, object] = orjson.loads(self.open(place, sealed))
        return fields

    def blind(self, table: str, field: str, value: str) -> bytes:
        """Return the blind index (HMAC-SHA256, a key for each field) of a value, for exact lookups.

        Equal values of different fields have different indexes; letter case and surrounding blanks do not matter.
        """
        name = f"{table}.{field}"
        key = self._field_keys.get(name)
        if key is None:
            key = self._field_keys[name] = hmac.digest(self._index_key, name.encode(), hashlib.sha256)
        return hmac.digest(key, value.strip().casefold().encode("utf-8", "replace"), hashlib.sha256)
