"""Keyring: what a target says of its algorithms and keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Cipher:
    """An algorithm in use: what for, its name, and its strength in bits (NIST SP 800-57)."""

    use: str
    name: str
    bits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """The algorithms in use, and the name of the key that encrypts at the moment.

    ``offered`` are the ciphers that may be chosen for data, ``absent`` families that the product says it lacks,
    ``fields`` tells which cipher encrypts which field (``Customer.email``), ``tenants`` whose data each key encrypts,
    ``held_by`` who holds the key that wraps the others (bank, vendor, service), ``kept`` where it is kept, and
    ``revoked_within_s`` after how many seconds a key that the bank takes away has no effect, by the product's own word.
    """

    ciphers: tuple[Cipher, ...]
    sealing: str
    offered: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    tenants: tuple[str, ...] = ()
    held_by: str = ""
    kept: str = ""
    revoked_within_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Anew:
    """How many records were encrypted anew, and how many are left under an older key or cipher."""

    done: int
    left: int
