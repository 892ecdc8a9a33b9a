"""Hooks: bodies and answers about webhooks and callers' keys, for checking what comes in and for publication."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from poc.reference_crm.schemas import Strict

Event = Literal["record.create", "record.update", "record.delete", "bulk.load"]
#: Visible ASCII only: nothing in an address can end a line of a request.
Url = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[!-~]+$")]


class NewWebhook(BaseModel):
    """Where events shall be told, and which."""

    model_config = Strict
    url: Url
    events: Annotated[list[Event], Field(min_length=1, max_length=8)]


class PayloadKey(BaseModel):
    """A public key on the curve P-256 as a JSON Web Key (RFC 7517); coordinates are 32 bytes in base64url."""

    model_config = Strict
    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
    y: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]


class KnownWebhook(BaseModel):
    """A webhook as it can be read back."""

    id: str
    url: str
    events: list[str]


class Webhook(KnownWebhook):
    """A new webhook; its secret signs every event and is shown this once."""

    secret: str


class Webhooks(BaseModel):
    """All webhooks."""

    items: list[KnownWebhook]


class Delivery(BaseModel):
    """What became of one event at one receiver."""

    id: str
    event: str
    subject: str
    at: AwareDatetime
    attempts: int
    state: Literal["waiting", "delivered", "failed"]
    note: str


class Deliveries(BaseModel):
    """The last deliveries, newest first."""

    items: list[Delivery]
