"""Keyring: what a target says of its algorithms and keys."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cipher:
    """An algorithm in use: what for, its name, and its strength in bits (NIST SP 800-57)."""

    use: str
    name: str
    bits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """The algorithms in use, and the name of the key that encrypts at the moment."""

    ciphers: tuple[Cipher, ...]
    sealing: str
