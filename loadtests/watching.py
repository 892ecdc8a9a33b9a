"""Watching: looks at a run while it goes on, and says when a promise is broken beyond what chance would do."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from loadtests.arithmetic.wagers import Wager, refuted
from loadtests.judging import loosely
from loadtests.objectives import Objective
from loadtests.workload import Workload


class Watcher(Protocol):
    """Whoever is told each second of a run and may end it."""

    #: What ended the run as a broken promise: objective, second, capital; empty as long as nothing did.
    refuted: dict[str, object]

    @property
    def over(self) -> bool:
        """Whether the run may end."""

    def see(self, second: int, tallies: Mapping[str, Sequence[int]]) -> None:
        """Take in a second, all of whose requests have ended: objective -> (requests, bad)."""


class Watch:
    """A wager for each promise about a share of requests; a workload that proves nothing is not ended early either."""

    def __init__(self, load: Workload) -> None:
        """Begin before the first second."""
        self._warm_up = load.warm_up
        promises: Sequence[Objective] = () if loosely(load) else load.promises()
        self._wagers = {one.name: Wager(one.allowed) for one in promises if one.proportion}
        self.refuted: dict[str, object] = {}

    @property
    def over(self) -> bool:
        """Whether a promise is refuted."""
        return bool(self.refuted)

    def see(self, second: int, tallies: Mapping[str, Sequence[int]]) -> None:
        """Take in a second, all of whose requests have ended: objective -> (requests, bad)."""
        if second < self._warm_up or self.over:
            return
        for name, wager in self._wagers.items():
            requests, bad = tallies[name]
            if not requests:
                continue
            wager.see(bad / requests)
            if refuted(wager.capital, len(self._wagers)):
                self.refuted = {"objective": name, "second": second, "capital": round(min(wager.capital, 1e12), 1)}
                return
