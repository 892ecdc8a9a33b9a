"""Policy forms: rules of access as they come in over the interface, rest in the database and are shown."""

from collections.abc import Mapping
from datetime import time
from ipaddress import ip_network
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from poc.reference_crm.domain.conditions import Condition, Window
from poc.reference_crm.problems import invalid
from poc.reference_crm.schemas import BranchNumber, Operation, Role, Strict

Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Cidr = Annotated[str, StringConstraints(min_length=3, max_length=49, pattern=r"^[0-9a-fA-F.:]+/[0-9]{1,3}$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Hours(BaseModel):
    """From when until when, on the bank's clock."""

    model_config = Strict
    opens: Hour
    closes: Hour


class NewCondition(BaseModel):
    """What must hold, beside their right, when some roles do some operations; give at least one of the last four."""

    model_config = Strict
    name: Title
    operations: Annotated[list[Operation], Field(min_length=1, max_length=60)]
    roles: Annotated[list[Role], Field(min_length=1, max_length=20)]
    hours: Hours | None = None
    networks: Annotated[list[Cidr], Field(max_length=60)] = []
    branches: Annotated[list[BranchNumber], Field(max_length=500)] = []
    tier_up_to: Annotated[str, StringConstraints(max_length=20)] = ""


class KnownCondition(NewCondition):
    """A condition that stands, with the number by which it can be lifted."""

    number: str


class NewRights(BaseModel):
    """The roles that may do an operation from now on."""

    model_config = Strict
    roles: Annotated[list[Role], Field(max_length=20)]


class Rights(BaseModel):
    """The roles that may do an operation."""

    operation: str
    roles: list[str]


def condition_of(number: str, form: Mapping[str, Any]) -> Condition:
    """Return the condition that a checked form or the policy file tells; raises invalid for what no one can meet."""
    hours = form.get("hours")
    window = None if not hours else Window(opens=_hour(hours["opens"]), closes=_hour(hours["closes"]))
    if window is not None and window.opens == window.closes:
        raise invalid("hours", "must not open and close at the same minute")
    try:
        networks = tuple(ip_network(one) for one in form.get("networks") or ())
    except ValueError:
        raise invalid("networks", "must be networks in CIDR notation, such as 10.1.0.0/16") from None
    return Condition(
        number=number,
        name=str(form["name"]),
        operations=frozenset(form["operations"]),
        roles=frozenset(form["roles"]),
        hours=window,
        networks=networks,
        branches=frozenset(form.get("branches") or ()),
        tier_up_to=str(form.get("tier_up_to") or ""),
    )


def shown(condition: Condition) -> dict[str, object]:
    """Return a condition as it is shown and exported."""
    hours = condition.hours
    return {
        "number": condition.number,
        "name": condition.name,
        "operations": sorted(condition.operations),
        "roles": sorted(condition.roles),
        "hours": None if hours is None else {"opens": f"{hours.opens:%H:%M}", "closes": f"{hours.closes:%H:%M}"},
        "networks": [str(one) for one in condition.networks],
        "branches": sorted(condition.branches),
        "tier_up_to": condition.tier_up_to,
    }


def _hour(text: str) -> time:
    return time.fromisoformat(text)
