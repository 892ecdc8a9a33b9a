"""Contracts: bodies and answers of the banking operations, for checking what comes in and for publication."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints
from pydantic import Field as Constraint

from poc.reference_crm.kinds import NUMBER_PATTERN

Strict = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
Key = Annotated[str, StringConstraints(pattern=NUMBER_PATTERN, max_length=40)]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Details = dict[Annotated[str, StringConstraints(max_length=40)], Any]

#: Longest wait of a recipe: ten years; how often it may repeat.
LONGEST_WAIT, MOST_REPEATS = 315_360_000, 100
#: Most rows of one bulk call.
MOST_ROWS = 5_000


class Overview(BaseModel):
    """A customer at one glance: the record and twelve domains, the newest rows first."""

    model_config = ConfigDict(extra="allow")
    customer: dict[str, Any]
    identity: list[dict[str, Any]]
    contact: list[dict[str, Any]]
    kyc: list[dict[str, Any]]
    consents: list[dict[str, Any]]
    holdings: list[dict[str, Any]]
    transactions: list[dict[str, Any]]
    household: list[dict[str, Any]]
    tickets: list[dict[str, Any]]
    campaigns: list[dict[str, Any]]
    interactions: list[dict[str, Any]]
    risk: list[dict[str, Any]]
    opportunities: list[dict[str, Any]]


class LikelyPair(BaseModel):
    """Two customers who are likely one person; ``score`` is the confidence, 0..1."""

    first: str
    second: str
    score: float


class LikelyPairs(BaseModel):
    """A page of likely pairs, the surest first."""

    items: list[LikelyPair]
    next: str | None


class Drop(BaseModel):
    """The customer that is merged into the one addressed."""

    model_config = Strict
    drop: Key


class RollUp(BaseModel):
    """A household's money under management and its members on a day; money is text."""

    household: str
    total: str
    currency: str
    totals: dict[str, str]
    members: list[str]


class SubjectRequest(BaseModel):
    """What a customer asks about their own data."""

    model_config = Strict
    request: Literal["access", "portability", "rectify", "restrict", "object", "erase"]
    details: Details = {}


class SubjectAnswer(BaseModel):
    """What was done about it; ``until`` is an ISO date."""

    status: Literal["done", "refused", "restricted"]
    basis: str
    until: str
    data: dict[str, Any]


class TicketAct(BaseModel):
    """What is done to a ticket."""

    model_config = Strict
    act: Literal["pause", "resume", "resolve", "reopen", "reassign", "severity", "close"]
    details: Details = {}


class TicketClock(BaseModel):
    """How a ticket's time stands."""

    number: str
    due_at: AwareDatetime
    status: str
    severity: str
    breached: bool
    escalated_at: AwareDatetime | None
    paused_seconds: int
    root_cause: str | None
    events: list[str]


class Recipe(BaseModel):
    """An automation: when ``trigger`` happens, after the wait do ``action``; ``stop_on`` ends the wait."""

    model_config = Strict
    name: Line
    trigger: Word
    action: Literal["remind", "follow_up", "message"]
    wait_seconds: Annotated[int, Constraint(ge=0, le=LONGEST_WAIT)] = 0
    skip: Annotated[list[Literal["weekend", "holiday"]], Constraint(max_length=2)] = []
    stop_on: Word | None = None
    repeat: Annotated[int, Constraint(ge=1, le=MOST_REPEATS)] = 1


class RecipeId(BaseModel):
    """The id of an automation."""

    id: str


class Happening(BaseModel):
    """Something that happened to a customer."""

    model_config = Strict
    event: Word
    customer: Key


class FiredItem(BaseModel):
    """One thing that an automation did."""

    recipe: str
    name: str
    customer: str
    action: str
    at: AwareDatetime


class FiredItems(BaseModel):
    """What an automation did, oldest first."""

    items: list[FiredItem]


class BulkRows(BaseModel):
    """Rows of one kind, each as it would be created."""

    model_config = Strict
    rows: Annotated[list[dict[str, Any]], Constraint(max_length=MOST_ROWS)]


class Rejected(BaseModel):
    """A row that was not taken: its place in the file from 0, the field and why."""

    row: int
    field: str
    reason: str


class BulkReport(BaseModel):
    """What a bulk load did."""

    job: str
    accepted: int
    rejected: list[Rejected]
    state: Literal["done", "reverted"]
    dry_run: bool
