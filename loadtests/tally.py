"""Tally: how many requests an objective is about and how many of them break it; what failed was not quick."""

from collections.abc import Iterable
from typing import NamedTuple

from loadtests.histogram import Histogram
from loadtests.objectives import Objective


class Cell(NamedTuple):
    """Latencies of the requests of one step that ended one way."""

    step: str
    kind: str  # read | write | batch
    outcome: str  # ok | refused | throttled | fault
    histogram: Histogram


class Tally(NamedTuple):
    """Requests, and those among them that break an objective."""

    requests: int
    bad: int

    def __add__(self, other: object) -> "Tally":
        """Return the sum of two."""
        assert isinstance(other, Tally)
        return Tally(self.requests + other.requests, self.bad + other.bad)


def concerns(objective: Objective, step: str, kind: str) -> bool:
    """Whether an objective speaks of a request: ``all`` means all online ones, a batch is spoken of by name only."""
    scope = objective.scope
    return scope in (kind, step) or (scope == "all" and kind != "batch")


def tally(cells: Iterable[Cell], objective: Objective) -> Tally:
    """Count; a request that failed breaks a promise of latency whatever time that took."""
    requests = bad = 0
    limit = None if objective.limit_ms is None else round(objective.limit_ms * 1000)
    for step, kind, outcome, histogram in cells:
        if not concerns(objective, step, kind):
            continue
        n = histogram.n
        requests += n
        bad += n if outcome != "ok" else 0 if limit is None else histogram.above(limit)
    return Tally(requests, bad)
