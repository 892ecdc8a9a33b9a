"""Quota: counts calls against what a vendor publishes, through the same gates by which a bank's day is played."""

from collections.abc import Sequence
from typing import NamedTuple

from loadtests.contracts.gates import Gate, gate
from loadtests.contracts.published import Allowance


class TurnedAway(NamedTuple):
    """The allowance that a call would break, and the seconds until it would not."""

    allowance: Allowance
    wait: float


class Quota:
    """A vendor's gates for one tenant; a call that is turned away is not counted."""

    def __init__(self, limits: Sequence[Allowance], *, licences: int = 0, packs: int = 1) -> None:
        """Begin with nothing used up, with so many licensed users and packs bought."""
        self.limits, self.licences, self.packs, self.used = tuple(limits), licences, packs, 0
        self._gates: dict[tuple[int, str], Gate] = {}

    def turns_away(self, now: float, *, interface: str, user: str = "", takes: float = 0.0) -> TurnedAway | None:
        """Count a call that takes so many seconds at a moment (seconds since 1970): None if it may pass.

        ``interface`` is a name with dots; a limit that is ``only`` for some is held against its end.
        """
        at, long = round(now * 1000), round(takes * 1000)
        known = [(one, self._gate(place, interface, user)) for place, one in enumerate(self.limits)]
        asked = [(one, own) for one, own in known if interface.endswith(one.only)]
        for one, own in asked:
            if (opens := own.opens(at, long)) > at:
                return TurnedAway(one, (opens - at) / 1000)
        for _, own in asked:
            own.passes(at, long)
        self.used += 1
        return None

    def size(self, kind: str) -> int:
        """Return how much the first limit of a kind lets through; 0 if there is none."""
        return next((one.size(self.licences, self.packs) for one in self.limits if one.kind == kind), 0)

    def _gate(self, place: int, interface: str, user: str) -> Gate:
        scope = {"all": "", "interface": interface, "user": user}[self.limits[place].per]
        if (place, scope) not in self._gates:
            self._gates[place, scope] = gate(self.limits[place], self.licences, self.packs)
        return self._gates[place, scope]
