"""Wrapping: how data keys rest: encrypted by the service's own secret, or to the key pair that the bank holds.

The bank's key is an RSA key pair of at least 3,072 bits in a PEM file of the bank's, which the service may read as long
as the bank lets it (NIST SP 800-57 part 1, table 2: 128 bits of strength; RSAES-OAEP by RFC 8017, 7.1).
"""

import os
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_pem_private_key

NONCE = 12
SECRET, BANK = "AES-256-GCM", "RSA-OAEP-SHA256"
#: The shortest RSA key that is taken, in bits.
SHORTEST = 3072


class Unreadable(Exception):
    """A ciphertext does not open: wrong key, wrong place or changed bytes."""


class WeakKey(Exception):
    """The bank's key is none that may be used; the text says why and what to do."""


class Wrapper(Protocol):
    """What data keys are wrapped with."""

    @property
    def scheme(self) -> str:
        """Return how it wraps."""
        ...

    def wrap(self, name: str, key: bytes) -> bytes:
        """Encrypt a data key; ``name`` is bound to it."""
        ...

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Return a data key; raises Unreadable if it was wrapped with anything else."""
        ...


class Secret:
    """Wraps with the service's own secret of 32 bytes."""

    scheme = SECRET

    def __init__(self, secret: bytes) -> None:
        """Take the secret."""
        self._cipher = AESGCM(secret)

    def wrap(self, name: str, key: bytes) -> bytes:
        """Encrypt a data key; its name is authenticated with it."""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, key, name.encode())

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Return a data key; raises Unreadable if another secret wrapped it."""
        try:
            return self._cipher.decrypt(wrapped[:NONCE], wrapped[NONCE:], name.encode())
        except InvalidTag as bad:
            raise Unreadable(f"data key {name} does not open: is this the master key it was wrapped with?") from bad


class BankKey:
    """Wraps to the bank's key pair."""

    scheme = BANK

    def __init__(self, pem: bytes) -> None:
        """Take the private key in PEM; raises WeakKey for any but RSA of at least 3,072 bits."""
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError) as bad:
            raise WeakKey(f"the bank's key is no PEM file of a private key: {bad}") from None
        if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < SHORTEST:
            told = f"RSA-{key.key_size}" if isinstance(key, rsa.RSAPrivateKey) else type(key).__name__
            raise WeakKey(f"the bank's key is {told}: give an RSA key of at least {SHORTEST} bits")
        self._key = key

    def wrap(self, name: str, key: bytes) -> bytes:
        """Encrypt a data key to the bank's public key; its name is the label."""
        return self._key.public_key().encrypt(key, _oaep(name))

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Return a data key; raises Unreadable if it was wrapped to another key pair."""
        try:
            return self._key.decrypt(wrapped, _oaep(name))
        except ValueError as bad:
            raise Unreadable(f"data key {name} does not open: is this the bank's key it was wrapped to?") from bad


def _oaep(name: str) -> padding.OAEP:
    return padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=name.encode())
