"""Sealed: what a target answers when it is asked to prove its audit trail."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditCopy:
    """Entries of the trail in the form in which the product verifies them: one line each, under their ids."""

    ids: tuple[str, ...]
    lines: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tampering:
    """A trace of tampering that the product found: its own word for it, and the id of the entry it points at."""

    kind: str
    entry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditProof:
    """What the product says of a trail: whether it is as it was written, and if not what was done where."""

    sound: bool
    findings: tuple[Tampering, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSeal:
    """A statement about the trail up to ``last`` (an entry's id), signed; ``kept`` says where such statements rest.

    ``signature`` and ``key`` are empty where the product does not sign; ``algorithm`` names the scheme (Ed25519).
    """

    number: int
    at: datetime
    last: str
    statement: bytes
    signature: bytes = b""
    key: bytes = b""
    algorithm: str = ""
    kept: str = ""  # database | whatever the product says
