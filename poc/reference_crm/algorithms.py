"""Algorithms: ciphers for data at rest and digests for blind indexes that may be chosen; what is weak is refused."""

import hmac
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

TAG = 16


class Authenticated(Protocol):
    """A cipher that also proves what it opens (AEAD); ``decrypt`` raises InvalidTag for what was changed."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Return ciphertext and tag."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Return what was encrypted."""
        ...


class SM4GCM:
    """SM4 (GB/T 32907-2016) in the mode GCM, as RFC 8998 uses it; the same hand as the library's AESGCM."""

    def __init__(self, key: bytes) -> None:
        """Take a key of 16 bytes."""
        self._cipher = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Return ciphertext and tag."""
        sealing = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(associated_data or b"")
        return sealing.update(data) + sealing.finalize() + sealing.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Return what was encrypted; raises InvalidTag or ValueError."""
        opening = Cipher(self._cipher, modes.GCM(nonce, data[-TAG:])).decryptor()
        opening.authenticate_additional_data(associated_data or b"")
        return opening.update(data[:-TAG]) + opening.finalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """A cipher: its name, strength in bits, length of its key in bytes, family and standard."""

    name: str
    bits: int
    key_bytes: int
    family: str
    standard: str
    make: Callable[[bytes], Authenticated]

    def new_key(self) -> bytes:
        """Return a random key."""
        return os.urandom(self.key_bytes)


DEFAULT = "AES-256-GCM"
_OFFERED = (
    Algorithm(
        name=DEFAULT, bits=256, key_bytes=32, family="international", standard="NIST SP 800-38D", make=AESGCM
    ),
    Algorithm(
        name="CHACHA20-POLY1305", bits=256, key_bytes=32, family="international", standard="RFC 8439",
        make=ChaCha20Poly1305,
    ),
    Algorithm(
        name="SM4-GCM", bits=128, key_bytes=16, family="national", standard="GB/T 32907-2016", make=SM4GCM
    ),
)  # fmt: skip
#: What may be chosen, by name. All are authenticated and of at least 128 bits (OWASP ASVS 5.0, 11.2.3 and 11.3.2).
OFFERED: Mapping[str, Algorithm] = MappingProxyType({one.name: one for one in _OFFERED})


def chosen(name: str) -> Algorithm:
    """Return the algorithm of a name in any case; raises ValueError that tells what is offered.

    Everything else is refused alike: what cannot prove what it opens (ECB, CBC, CTR), what is broken (DES, RC4), and
    what this product does not know.
    """
    found = OFFERED.get(name.strip().upper())
    if found is None:
        raise ValueError(f"is weak or unknown: choose one of {', '.join(OFFERED)}")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A keyed digest: its name, strength in bits, family and standard, and the library's name of its hash."""

    name: str
    bits: int
    family: str
    standard: str
    hash: str

    def of(self, key: bytes, data: bytes) -> bytes:
        """Return the digest of data under a key (RFC 2104)."""
        return hmac.digest(key, data, self.hash)


USUAL = "HMAC-SHA256"
_DIGESTS = (
    Digest(name=USUAL, bits=256, family="international", standard="RFC 2104, FIPS 180-4", hash="sha256"),
    Digest(name="HMAC-SM3", bits=256, family="national", standard="RFC 2104, GB/T 32905-2016", hash="sm3"),
)
#: What blind indexes of a new database may be made with, by name.
DIGESTS: Mapping[str, Digest] = MappingProxyType({one.name: one for one in _DIGESTS})


def digest(name: str) -> Digest:
    """Return the digest of a name in any case; raises ValueError that tells what is offered."""
    found = DIGESTS.get(name.strip().upper())
    if found is None:
        raise ValueError(f"is weak or unknown: choose one of {', '.join(DIGESTS)}")
    return found
