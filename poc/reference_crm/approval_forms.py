"""Approval forms: how flows, requests and decisions are written in bodies, in answers and in the database."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints
from pydantic import Field as Constraint

from poc.reference_crm.contracts import Key, Line
from poc.reference_crm.domain.approval import Condition, Flow, Level, Standing, Voice

Strict = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]
Role = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_-]{0,39}$")]
Amount = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,16}(\.[0-9]{1,4})?$")]
Segment = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{0,39}$")]
User = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.@-]{0,79}$")]
Note = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]

#: Most levels of a flow, and longest silence before it passes to others: a year.
MOST_LEVELS, LONGEST_HOURS = 4, 8_784.0


class ConditionForm(BaseModel):
    """What the value of a field must be after the change; amounts are text, ``below`` is not included."""

    model_config = Strict
    field: FieldName
    at_least: Amount | None = None
    below: Amount | None = None
    among: Annotated[list[Annotated[str, StringConstraints(max_length=80)]], Constraint(max_length=50)] = []


Conditions = Annotated[list[ConditionForm], Constraint(max_length=8)]
Roles = Annotated[list[Role], Constraint(min_length=1, max_length=6)]


class LevelForm(BaseModel):
    """One level: one or all of some roles agree; after so many hours of silence it passes to other roles."""

    model_config = Strict
    roles: Roles
    need: Literal["any", "all"] = "any"
    when: Conditions = []
    hours: Annotated[float, Constraint(gt=0, le=LONGEST_HOURS)] | None = None
    escalate_to: Annotated[list[Role], Constraint(max_length=6)] = []


class FlowForm(BaseModel):
    """A flow: changes of records of a kind for which ``when`` holds wait for the levels."""

    model_config = Strict
    name: Line
    kind: Segment
    when: Conditions = []
    levels: Annotated[list[LevelForm], Constraint(min_length=1, max_length=MOST_LEVELS)]


class FlowView(FlowForm):
    """A flow on file; it gets a new version with every change."""

    number: str
    version: int


class FlowViews(BaseModel):
    """All flows at work."""

    items: list[FlowView]


class Made(BaseModel):
    """The number of what was set up."""

    number: str


class Trial(BaseModel):
    """Values of a record that does not exist, to see what would be needed."""

    model_config = Strict
    kind: Segment
    values: Annotated[dict[FieldName, Any], Constraint(max_length=40)]


class Path(BaseModel):
    """The flow that would be used, None for none, and the levels that would have to agree."""

    flow: str | None
    levels: list[LevelForm]


class Wish(BaseModel):
    """A change that is asked for."""

    model_config = Strict
    kind: Segment
    record: Key
    changes: Annotated[dict[FieldName, Any], Constraint(min_length=1, max_length=40)]
    note: Note = ""


class Decision(BaseModel):
    """What is done about a request; ``to`` is the level it returns to (0: who asked), ``changes`` amend it."""

    model_config = Strict
    act: Literal["approve", "reject", "return", "recall", "amend"]
    to: Annotated[int, Constraint(ge=0, le=MOST_LEVELS)] | None = None
    changes: Annotated[dict[FieldName, Any], Constraint(min_length=1, max_length=40)] | None = None
    note: Note = ""


class Agreement(BaseModel):
    """Who agreed at which level (from 1), for which role and in whose stead."""

    level: int
    who: str
    role: str
    on_behalf: str


class Event(BaseModel):
    """One thing that happened to a request."""

    at: AwareDatetime
    act: str
    who: str
    note: str


class RequestView(BaseModel):
    """How a request stands; ``level`` counts from 1 and is 0 once nobody is waited for."""

    number: str
    flow: str
    kind: str
    record: str
    changes: dict[str, Any]
    maker: str
    state: Literal["pending", "returned", "approved", "rejected", "recalled"]
    level: int
    round: int
    levels: list[LevelForm]
    waits_for: list[str]
    agreed: list[Agreement]
    escalated_at: AwareDatetime | None
    events: list[Event]


class RequestViews(BaseModel):
    """Requests under way, the newest first."""

    items: list[RequestView]


class Lend(BaseModel):
    """To whom the right to approve is lent, and until when (an ISO moment with offset)."""

    model_config = Strict
    to: User
    until: Annotated[str, StringConstraints(max_length=40)]


def flow_of(rule: Mapping[str, Any]) -> Flow:
    """Return a flow as the rules need it, from its form or the database."""
    return Flow(when=_conditions(rule["when"]), levels=tuple(map(_level, rule["levels"])))


def _conditions(told: Iterable[Mapping[str, Any]]) -> tuple[Condition, ...]:
    return tuple(
        Condition(
            field=one["field"],
            at_least=None if one["at_least"] is None else Decimal(one["at_least"]),
            below=None if one["below"] is None else Decimal(one["below"]),
            among=tuple(one["among"]),
        )
        for one in told
    )


def _level(told: Mapping[str, Any]) -> Level:
    return Level(
        roles=tuple(told["roles"]),
        need=told["need"],
        when=_conditions(told["when"]),
        hours=told["hours"],
        escalate_to=tuple(told["escalate_to"]),
    )


def written(part: Standing | Level | Flow) -> dict[str, Any]:
    """Return a part of the rules as JSON values; amounts and moments are text."""
    told: dict[str, Any] = _plain(asdict(part))
    return told


def _plain(value: object) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def standing_of(told: Mapping[str, Any]) -> Standing:
    """Return how a request stands, as the database tells it."""
    return Standing(
        maker=told["maker"],
        levels=tuple(map(_level, told["levels"])),
        since=datetime.fromisoformat(told["since"]),
        place=told["place"],
        round=told["round"],
        state=told["state"],
        voices=tuple(Voice(**voice) for voice in told["voices"]),
    )
