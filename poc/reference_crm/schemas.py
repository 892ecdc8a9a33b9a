"""Schemas: what answers and bodies look like, for checking what comes in and for the published contract."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Strict = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.@-]*$")]
Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Role = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,30}$")]
BranchNumber = Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9_.:-]*$")]


Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Operation = Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z_]+\.[a-z_]+$")]


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str
    message: str
    value: str | None = None


class ProblemDocument(BaseModel):
    """A refusal (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    trace: str
    errors: list[FieldProblem] | None = None


class SignIn(BaseModel):
    """A user name and a password."""

    model_config = Strict
    username: Annotated[str, StringConstraints(max_length=200)]
    password: Annotated[str, StringConstraints(max_length=200)]
    otp: Code | None = None


class Tokens(BaseModel):
    """What a sign-in hands out; ``expires_in`` seconds of idleness end it."""

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str


class Renewal(BaseModel):
    """A refresh token."""

    model_config = Strict
    refresh_token: Annotated[str, StringConstraints(max_length=512)]


class Me(BaseModel):
    """Who the caller is."""

    username: str
    role: str
    branch: str
    name: str


class NewUser(BaseModel):
    """A user to be."""

    model_config = Strict
    username: Name
    password: Annotated[str, StringConstraints(max_length=200)]
    role: Role
    branch: BranchNumber = ""
    name: Line = ""


class UserChanges(BaseModel):
    """What may be changed of a user."""

    model_config = Strict
    role: Role | None = None
    branch: BranchNumber | None = None
    disabled: bool | None = None
    password: Annotated[str, StringConstraints(max_length=200)] | None = None
    idle_seconds: Annotated[int, Field(ge=3, le=86_400)] | None = None
    leaves_on: date | None = None
    sso_only: bool | None = None


class NewView(BaseModel):
    """Why an administrator looks through a user's eyes, and for how many seconds."""

    model_config = Strict
    reason: Annotated[str, StringConstraints(min_length=8, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
    seconds: Annotated[int, Field(ge=1, le=86_400)] = 300


class View(BaseModel):
    """A session as another user; it cannot be renewed, and a logout ends it."""

    access_token: str
    token_type: str
    expires_in: int
    username: str


class User(BaseModel):
    """A user as the administrator sees it."""

    username: str
    name: str
    role: str
    branch: str
    disabled: bool


class Users(BaseModel):
    """All users."""

    items: list[User]


class Enrolled(BaseModel):
    """A second factor to be: its secret (base32) and the same as an otpauth address."""

    secret: str
    uri: str


class Proof(BaseModel):
    """A code of a second factor."""

    model_config = Strict
    otp: Code


class NewKey(BaseModel):
    """A key to be: whose rights, which of them, and for how long."""

    model_config = Strict
    username: Name
    scopes: Annotated[list[Operation], Field(min_length=1, max_length=60)]
    expires_in: Annotated[int, Field(ge=1, le=366 * 86_400)]
    label: Line = ""


class Key(BaseModel):
    """A key as it is listed; the key itself is shown once, when it is made."""

    id: str
    username: str
    label: str
    scopes: list[str]
    expires_at: str
    ended: bool
    last_seen_at: str | None = None


class IssuedKey(Key):
    """A key that was made just now."""

    api_key: str


class Keys(BaseModel):
    """All keys."""

    items: list[Key]


class Live(BaseModel):
    """The process answers."""

    status: str


class Ready(BaseModel):
    """The service can work."""

    status: str
    database: str
    migrations: str


class Unmasking(BaseModel):
    """Which restricted fields are asked for in clear, and why."""

    model_config = Strict
    fields: Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(min_length=1, max_length=8)]
    reason: Annotated[str, StringConstraints(min_length=8, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Counts(BaseModel):
    """How many records have each value."""

    groups: dict[str, int]


class Change(BaseModel):
    """One changed field of a record; values may be masked."""

    id: str
    at: str
    who: str
    field: str
    before: Any = None
    after: Any = None
    source: str
    trace: str


class Changes(BaseModel):
    """The history of a record, oldest first."""

    items: list[Change]


class AuditEntry(BaseModel):
    """Who did what to what, when, from where, and with what result."""

    id: str
    at: str
    who: str
    role: str
    action: str
    subject: str
    where: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    result: str
    trace: str


class Entries(BaseModel):
    """A page of the audit trail."""

    items: list[AuditEntry]
    next: str | None


class PolicyDocument(BaseModel):
    """The rules of the service."""

    operations: dict[str, list[str]]
    conditions: list[dict[str, Any]]
    scope: dict[str, list[str]]
    masking: dict[str, Any]
    sla: dict[str, Any]


class Now(BaseModel):
    """The business time."""

    now: str


class Advance(BaseModel):
    """How far a trial clock should move; five years at most at a time."""

    model_config = Strict
    advance_seconds: Annotated[float, Field(ge=0, le=5 * 366 * 86_400, allow_inf_nan=False)]


class NewTenant(BaseModel):
    """A legal entity to be, and its first administrator."""

    model_config = Strict
    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{1,19}$")]
    username: Name
    password: Annotated[str, StringConstraints(max_length=200)]


class Tenant(BaseModel):
    """A legal entity: where it keeps its data, and a fingerprint of the key under which its own keys rest."""

    name: str
    store: str
    key: str


class TenantList(BaseModel):
    """The bank itself, under no name, and its tenants."""

    items: list[Tenant]


class Members(BaseModel):
    """Who is inside a wall, by user name."""

    model_config = Strict
    members: Annotated[list[Name], Field(max_length=200)]


class Wall(BaseModel):
    """A record behind a wall, and who is inside."""

    number: str
    members: list[str]


Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]


class AlertRuleChanges(BaseModel):
    """What may be changed of a rule."""

    model_config = Strict
    most: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None
    minutes: Annotated[int, Field(ge=1, le=10_080)] | None = None
    days: Annotated[int, Field(ge=0, le=366)] | None = None
    day: Annotated[list[Hour], Field(min_length=2, max_length=2)] | None = None
    tiers: Annotated[list[Name], Field(max_length=20)] | None = None
    then: Annotated[str, StringConstraints(pattern=r"^(alert|stop)$")] | None = None


class AlertRule(BaseModel):
    """A rule: more than ``most`` within ``minutes`` fires."""

    name: str
    says: str
    most: int
    minutes: int
    then: str
    tiers: list[str]
    day: list[str]
    days: int


class AlertRules(BaseModel):
    """The rules in force."""

    items: list[AlertRule]


class Alert(BaseModel):
    """Something that was taken for misuse: ``at`` is the moment of the last act, ``told_at`` that of the alert."""

    id: str
    rule: str
    says: str
    who: str
    at: str
    told_at: str
    count: int
    stopped: bool


class Alerts(BaseModel):
    """The newest alerts, oldest first."""

    items: list[Alert]


class OriginOfValue(BaseModel):
    """Where a field's value comes from: through which door, from which job or record, by whom, when."""

    field: str
    source: str
    job: str
    origin: str
    who: str
    at: str | None
    change: str


class Lineage(BaseModel):
    """All fields of a record with where their values come from."""

    items: list[OriginOfValue]
