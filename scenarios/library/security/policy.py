"""Policy: who may do what in this bank, read from policy.toml beside this file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from scenarios.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """What of a masked value may stay readable: characters at the ends, or all that follows a mark."""

    first: int
    last: int = 0
    after: str = ""  # the part from this mark on may be shown (the domain of an e-mail address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional:
    """Rights that hold under a condition: by kind (hours, network, tier) who tries what, and what is set for it."""

    zone: ZoneInfo
    tiers: tuple[str, ...]
    branch_actors: tuple[Actor, ...]
    branch_operations: tuple[str, ...]
    decisions: Mapping[str, tuple[tuple[Actor, str], ...]]
    elsewhere: tuple[str, ...]  # networks in which nobody sits
    pretended: str  # an address in them
    tier_up_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The bank's access policy: operations and their roles, roles of the actors, masks and rations."""

    operations: Mapping[str, frozenset[str]]
    sensitive: frozenset[str]
    conditions: Conditional
    roles: Mapping[Actor, str]
    masks: Mapping[str, Mask]
    clear: Mapping[str, frozenset[str]]
    clear_on: Mapping[str, frozenset[str]]
    allow_listed: Mapping[str, frozenset[str]]
    unmask_per_hour: int

    def role(self, actor: Actor) -> str | None:
        """Return the actor's role, None for those who hold none (anonymous, expired token, leaver)."""
        return self.roles.get(actor)

    def may(self, actor: Actor, operation: str) -> bool:
        """Tell whether an actor may; what the policy does not grant is denied."""
        return self.role(actor) in self.operations.get(operation, frozenset())

    def sees_clear(self, actor: Actor, field: str, operation: str = "") -> bool:
        """Tell whether an actor may see a restricted field in clear, in general or on one operation."""
        role = self.role(actor)
        return field in self.clear.get(role or "", frozenset()) or role in self.clear_on.get(operation, frozenset())

    def beyond(self, actor: Actor, shown: Mapping[str, object]) -> tuple[str, ...]:
        """Return which fields of a customer an actor is shown that are not on the list of a role that has one."""
        listed = self.allow_listed.get(self.role(actor) or "")
        if listed is None:
            return ()
        return tuple(sorted(name for name, value in shown.items() if value is not None and name not in listed))


@cache
def the_policy() -> Policy:
    """Read the bank's policy."""
    told = tomllib.loads(files(__package__).joinpath("policy.toml").read_text("utf-8"))
    return Policy(
        operations={operation: frozenset(roles) for operation, roles in told["operations"].items()},
        sensitive=frozenset(told["sensitive"]["operations"]),
        conditions=_conditional(told["conditions"]),
        roles={Actor(name): role for name, role in told["roles"].items()},
        masks={field: _mask(ends) for field, ends in told["masks"].items()},
        clear={role: frozenset(fields) for role, fields in told["clear"].items()},
        clear_on={operation: frozenset(roles) for operation, roles in told["clear_on"].items()},
        allow_listed={role: frozenset(fields) for role, fields in told["allow_listed"].items()},
        unmask_per_hour=int(told["rations"]["unmask_per_hour"]),
    )


def _conditional(told: Mapping[str, Any]) -> Conditional:
    kinds = ("hours", "network", "tier")
    return Conditional(
        zone=ZoneInfo(told["timezone"]),
        tiers=tuple(told["tiers"]),
        branch_actors=tuple(Actor(name) for name in told["branch"]["actors"]),
        branch_operations=tuple(told["branch"]["operations"]),
        decisions={
            kind: tuple((Actor(actor), operation) for actor, operation in told[kind]["decisions"]) for kind in kinds
        },
        elsewhere=tuple(told["network"]["elsewhere"]),
        pretended=told["network"]["pretended"],
        tier_up_to=told["tier"]["up_to"],
    )


def _mask(ends: Mapping[str, object]) -> Mask:
    return Mask(first=int(str(ends["first"])), last=int(str(ends.get("last", 0))), after=str(ends.get("from", "")))
