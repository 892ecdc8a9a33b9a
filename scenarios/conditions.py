"""Conditions: the verbs by which a bank binds rights to hours, networks and tiers, and sets its policy anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from scenarios.protocol import Steps, Unsupported


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessCondition:
    """What must hold, beside the right, when holders of some roles do some operations; an empty part asks nothing.

    ``hours`` are from and until on the bank's clock, ``networks`` in CIDR notation, ``tier_up_to`` is the highest tier
    of customers that the roles reach by these operations.
    """

    name: str
    operations: tuple[str, ...]
    roles: tuple[str, ...]
    hours: tuple[time, time] | None = None
    networks: tuple[str, ...] = ()
    tier_up_to: str = ""


def _missing(verb: str) -> Unsupported:
    return Unsupported(f"the product offers no {verb}")


class Conditions:
    """What a connector may offer of conditional rights; each verb is a stub until a connector overrides it."""

    def set_condition(self, condition: AccessCondition) -> Steps[str]:
        """Bind rights to a condition from now on; return the number by which it is lifted."""
        raise _missing("conditions on rights")

    def lift_condition(self, number: str) -> Steps[None]:
        """Take a condition back."""
        raise _missing("lifting of conditions")

    def conditions(self) -> Steps[Sequence[AccessCondition]]:
        """Export the conditions that stand, as part of the access policy."""
        raise _missing("export of conditions")

    def set_rights(self, operation: str, roles: Sequence[str] | None) -> Steps[None]:
        """Say which roles may do an operation from now on; None gives back what stood before anything was set."""
        raise _missing("setting of rights")
