"""Answers: what a target gives back, in the bank's words and with nothing added."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from synthetic_data.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class OnFile:
    """One record as a target shows it to one actor: our field names, JSON values, possibly masked or missing.

    ``number`` is the key by which the target finds it again; ``version`` is what an update must present (ETag).
    """

    kind: str
    number: str
    fields: Mapping[str, object]
    version: str | None = None
    included: Mapping[str, tuple["OnFile", ...]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> object:
        """Return the value shown for a field, None when it is not shown."""
        return self.fields.get(name)

    def text(self, name: str) -> str:
        """Return the value as text, empty when it is not shown."""
        value = self.fields.get(name)
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list; ``next`` is the cursor of the following one, None on the last."""

    rows: tuple[OnFile, ...]
    next: str | None = None
    total: int | None = None

    def __iter__(self) -> Iterator[OnFile]:
        """Walk over the rows of this page."""
        return iter(self.rows)

    def __len__(self) -> int:
        """Return the number of rows on this page."""
        return len(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of one record changed: when, by whom, from what to what, and through which door."""

    at: datetime
    who: str
    field: str
    before: object
    after: object
    source: str = ""  # api | ui | bulk | merge | automation | sync, or a job id
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One act on record. Missing parts are empty, so that a check can say which."""

    id: str
    at: datetime
    who: str
    action: str
    subject: str = ""
    where: str = ""
    before: object = None
    after: object = None
    result: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A row that a bulk load would not take: its place in the file (0-based), the field and why."""

    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkReport:
    """What a bulk load did."""

    job: str
    accepted: int
    rejected: tuple[Rejection, ...] = ()
    dry_run: bool = False
    state: str = "done"  # running | done | reverted


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two records that the target takes for the same person; ``score`` is its own confidence, 0..1."""

    first: str
    second: str
    score: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A customer at one glance: domain name -> the rows shown for it; ``calls`` is how many requests it took."""

    customer: OnFile
    domains: Mapping[str, tuple[Mapping[str, object], ...]]
    calls: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUp:
    """A household's money and members at a moment."""

    household: str
    total: Decimal
    currency: str
    members: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketClock:
    """How a target keeps a ticket's time."""

    number: str
    due_at: datetime | None
    status: str
    breached: bool = False
    escalated_at: datetime | None = None
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One automation: when ``trigger`` happens to a customer, after ``wait`` do ``action``.

    ``skip`` names the days to leave out (weekend, holiday); ``stop_on`` ends the wait early (reply).
    """

    name: str
    trigger: str
    action: str  # remind | follow_up | message
    wait_seconds: int = 0
    skip: tuple[str, ...] = ()
    stop_on: str | None = None
    repeat: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """One thing that an automation did."""

    recipe: str
    customer: str
    action: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectAnswer:
    """What a target did about a data subject's request (GDPR 15-21, PIPL 44-47)."""

    status: str  # done | refused | restricted
    basis: str = ""  # the rule that the refusal rests on
    until: str = ""  # ISO date to which it holds
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in session: the headers that prove it, and what renews it."""

    headers: Mapping[str, str]
    renewal: str | None = None
    seconds: int | None = None  # how long the target says it lasts


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalLevel:
    """One step of an approval flow: one or all of some roles agree; after ``hours`` of silence others may.

    The level is needed for records whose value of the flow's ``amount`` field is ``at_least`` so much.
    """

    roles: tuple[str, ...]
    need: str = "any"  # any | all
    at_least: Decimal | None = None
    hours: float | None = None
    escalate_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalFlow:
    """What must be agreed to: changes of records of a kind whose fields have these values, and by whom, in order."""

    name: str
    kind: type[Record]
    levels: tuple[ApprovalLevel, ...]
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    amount: str = "amount"
    at_least: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """How an approval request stands; ``level`` counts from 1, and is 0 when nobody's decision is waited for."""

    number: str
    state: str  # pending | returned | approved | rejected | recalled
    level: int = 0
    levels: int = 0
    waits_for: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()  # user names
