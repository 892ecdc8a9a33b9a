"""Conditions: under which circumstances a right holds: hours, networks, branches and tiers of customers.

A right must be given by role and by every condition that speaks of it; a condition never gives what a role does not
have, and no later one takes back what an earlier one forbids.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from ipaddress import IPv4Network, IPv6Network, ip_address
from zoneinfo import ZoneInfo

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Hours of the day on the bank's clock, the first included and the last not; it may reach over midnight."""

    opens: time
    closes: time

    def covers(self, at: time) -> bool:
        """Tell whether a time of day lies within."""
        if self.opens <= self.closes:
            return self.opens <= at < self.closes
        return at >= self.opens or at < self.closes


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What must hold beside a role's right to do some operations; a part that is left empty asks nothing.

    ``tier_up_to`` is the highest tier of customers that the roles reach by these operations.
    """

    number: str
    name: str
    operations: frozenset[str]
    roles: frozenset[str]
    hours: Window | None = None
    networks: tuple[Network, ...] = ()
    branches: frozenset[str] = frozenset()
    tier_up_to: str = ""

    def holds(self, *, branch: str, address: str, at: datetime, zone: ZoneInfo) -> bool:
        """Tell whether a caller meets it: by branch, by address as the service saw it, at a moment."""
        return (
            (self.hours is None or self.hours.covers(at.astimezone(zone).time()))
            and (not self.networks or within(address, self.networks))
            and (not self.branches or branch in self.branches)
        )


def within(address: str, networks: Sequence[Network]) -> bool:
    """Tell whether an address lies in one of some networks; what is no address lies in none."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None) or found
    return any(mapped.version == one.version and mapped in one for one in networks)


def closed_tiers(conditions: Sequence[Condition], role: str, tiers: Sequence[str]) -> tuple[str, ...]:
    """Return the tiers of customers that conditions close to a role; ``tiers`` run from the lowest to the highest."""
    highest = [tiers.index(one.tier_up_to) for one in conditions if one.tier_up_to and role in one.roles]
    return tuple(tiers[min(highest) + 1 :]) if highest else ()
