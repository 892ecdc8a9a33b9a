"""Attestations: what answers about a sealed audit trail look like, for the published contract."""

from pydantic import BaseModel


class Statement(BaseModel):
    """A signed statement about entries of the trail: the signature (Ed25519, hex) is over the text of ``statement``."""

    number: int
    at: str
    first: int
    last: int
    entries: int
    statement: str
    signature: str
    key: str


class Statements(BaseModel):
    """Signed statements, the public key, where they are kept, and the last entry that is sealed."""

    key: str
    kept: str
    sealed_to: int
    items: list[Statement]


class Tampering(BaseModel):
    """One trace of tampering and its place."""

    kind: str
    entry: int
    detail: str


class Verification(BaseModel):
    """What came of holding the trail, or a copy of it, against the signed statements."""

    sound: bool
    checkpoints: int
    entries: int
    sealed_to: int
    unsealed: int
    key: str
    pinned: bool
    findings: list[Tampering]
