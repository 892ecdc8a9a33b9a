"""Seal: what master and workers say to each other is readable and makeable only by those who know the token."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import loadtests

_INFO = b"touchstone load crew v1"
_LENGTH = 32


class SealError(Exception):
    """A message that was not made by somebody who knows the token, or not in this place of this talk."""


class Seal:
    """One talk between the master and one worker, each message bound to its direction, kind and place in it.

    The key comes from the token, which is long and by chance, and from a nonce of each side (HKDF, RFC 5869), so that
    nothing of an earlier talk fits; the cipher is AES-256-GCM with the place of the message as nonce.
    """

    def __init__(self, token: str, mine: str, theirs: str, salt: bytes) -> None:
        """Begin a talk; ``mine`` and ``theirs`` name the two directions."""
        self._mine, self._theirs = mine, theirs
        self._sent = self._heard = 0
        self._ways = {way: AESGCM(_key(token, salt, way)) for way in (mine, theirs)}

    def close(self, kind: str, data: Any) -> bytes:
        """Return a message, sealed."""
        self._sent += 1
        plain = json.dumps(data).encode()
        return self._ways[self._mine].encrypt(self._sent.to_bytes(12), plain, kind.encode())

    def open(self, kind: str, box: bytes) -> Any:
        """Return what the other side said next; raises SealError."""
        self._heard += 1
        try:
            return json.loads(self._ways[self._theirs].decrypt(self._heard.to_bytes(12), box, kind.encode()))
        except InvalidTag:
            raise SealError("does not know the token, or a message was lost or changed on its way") from None


def _key(token: str, salt: bytes, way: str) -> bytes:
    return HKDF(SHA256(), length=_LENGTH, salt=salt, info=_INFO + way.encode()).derive(token.encode())


def fingerprint() -> str:
    """Return SHA-256 over the code that makes a run: workers of other code would make another schedule."""
    told = sha256()
    for file in sorted(Path(loadtests.__file__).parent.rglob("*.py")):
        told.update(file.read_bytes())
    return told.hexdigest()
