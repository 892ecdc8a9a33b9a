"""Keyring: bodies and answers about algorithms and keys, for checking what comes in and for publication."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from poc.reference_crm.schemas import Strict


class Algorithm(BaseModel):
    """What an algorithm is used for, its strength in bits, and the standard that defines it."""

    use: str
    algorithm: str
    bits: int
    standard: str


class DataKey(BaseModel):
    """A data key by number, and whose data it encrypts; never the key itself."""

    number: int
    made_at: AwareDatetime
    seals: bool
    tenant: str


class Inventory(BaseModel):
    """Algorithms in use and on offer, families that are not offered, data keys, and who holds what wraps them."""

    algorithms: list[Algorithm]
    offered: list[str]
    digests: list[str]
    absent: list[str]
    fields: dict[str, str]
    keys: list[DataKey]
    held_by: Literal["bank", "service"]
    kept: str
    revoked_within_seconds: float | None


class Rotation(BaseModel):
    """A new data key, and the seconds until it seals."""

    number: int
    seals_in_seconds: float


class Choice(BaseModel):
    """What shall be used for what; ``field`` (table.field) is needed for encryption."""

    model_config = Strict
    use: Literal["encryption", "wrapping", "digest"] = "encryption"
    algorithm: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    field: Annotated[str, StringConstraints(max_length=80)] | None = None


class Chosen(BaseModel):
    """What was chosen, and the seconds until new values are encrypted with it."""

    field: str | None
    algorithm: str
    seals_in_seconds: float


class Batch(BaseModel):
    """How many records may be encrypted anew in this call."""

    model_config = Strict
    limit: Annotated[int, Field(ge=1, le=10_000)] = 1000


class Progress(BaseModel):
    """How many rows were encrypted anew, and how many are left under an older key or algorithm, in all and by store."""

    done: int
    left: int
    stores: dict[str, int]
