"""Policies: defects in who may do what: the access policy that the service reads, with a rule too many or too few."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from poc.mutants.mutant import Make

Rules = Mapping[str, frozenset[str]]
STAFF = frozenset(
    {"teller", "rm", "manager", "agent", "marketing", "compliance", "auditor", "integration", "admin", "trainee"}
)


def policy(**parts: Callable[[Any], object]) -> Make:
    """Return a maker that spoils parts of the policy (``operations``, ``guarded_by``, ...), each by a function."""

    def make(load: Callable[..., Any]) -> Callable[..., Any]:
        def spoilt(*given: Any) -> Any:
            sound = load(*given)
            return replace(sound, **{name: change(getattr(sound, name)) for name, change in parts.items()})

        return spoilt

    return make


def granting(role: str, *operations: str) -> Make:
    """Return a maker after which a role may do operations that are none of its business."""
    return policy(operations=lambda rules: {**rules, **{name: rules[name] | {role} for name in operations}})


def barring(*operations: str) -> Make:
    """Return a maker after which nobody may do some operations."""
    return policy(operations=lambda rules: {**rules, **{name: frozenset() for name in operations}})


def withdrawing(role: str, *operations: str) -> Make:
    """Return a maker after which a role may not do what is its work."""
    return policy(operations=lambda rules: {**rules, **{name: rules[name] - {role} for name in operations}})


def every_third_open(rules: Rules) -> Rules:
    """Return rules in which every third operation is open to everybody."""
    return {name: STAFF if place % 3 == 0 else roles for place, (name, roles) in enumerate(sorted(rules.items()))}
