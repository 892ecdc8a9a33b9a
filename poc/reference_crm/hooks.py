"""Hooks: bodies and answers about webhooks, for checking what comes in and for publication."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from poc.reference_crm.schemas import Strict

Event = Literal["record.create", "record.update", "record.delete", "bulk.load"]
#: Visible ASCII only: nothing in an address can end a line of a request.
Url = Annotated[str, StringConstraints(min_length=9, max_length=500, pattern=r"^https://[!-~]+$")]


class NewWebhook(BaseModel):
    """Where events shall be told, and which."""

    model_config = Strict
    url: Url
    events: Annotated[list[Event], Field(min_length=1, max_length=8)]


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
