"""Limits: what a contract lets through (so many in a window, so many at once), and whether a workload keeps to it."""

import bisect
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from loadtests.arrivals import arrivals, pick
from loadtests.workload import Workload, pause

#: Seconds of a day; a window as long as this is a day's allowance.
DAY = 86_400.0
#: How near to the highest rate that fits a search comes.
_NEAR = 1.02

Per = Literal["all", "interface", "user"]


class Limit(NamedTuple):
    """At most so many requests in any window of so many seconds; 0 seconds: so many at once.

    Counted over ``all`` requests, or for each ``interface`` or ``user`` by itself.
    """

    requests: int
    seconds: float
    per: Per = "all"

    def told(self) -> str:
        """Return it in words."""
        whose = "" if self.per == "all" else f" per {self.per}"
        if not self.seconds:
            return f"{self.requests:,} at once{whose}"
        return f"{self.requests:,} in {'a day' if self.seconds == DAY else f'{self.seconds:g} s'}{whose}"


class Sent(NamedTuple):
    """A request as it would be sent if every answer came at once: seconds from the start, of which step, by whom."""

    moment: float
    interface: str
    user: str


def schedule(load: Workload) -> Iterator[Sent]:
    """Yield all requests of an open workload in the order of their arrivals: its seed knows them beforehand.

    A step of unknown length counts as one request.
    """
    weights = [(name, weight) for name, weight in load.mix.items() if weight > 0]
    stops = {name: load.stops(name) for name, _ in weights}
    steps = {name: load.step(name) for name in load.played()}
    for arrival in arrivals(load.profile, load.arrivals, load.seed):
        moment = arrival.due
        for place, stop in enumerate(stops[pick(arrival.draw, weights)]):
            moment += pause(stop, load.seed, arrival.number, place) if place else 0.0
            if moment > load.profile.seconds:
                break
            step = steps[stop.step]
            yield from [Sent(moment, stop.step, step.actor.value)] * max(1, step.requests)


def busiest(moments: Sequence[float], seconds: float) -> int:
    """Return the most of sorted moments that fall into any half-open window of so many seconds, to the microsecond."""
    ticks, width = [round(moment * 1e6) for moment in moments], round(seconds * 1e6)
    return max((bisect.bisect_left(ticks, at + width) - place for place, at in enumerate(ticks)), default=0)


def peak(load: Workload) -> float:
    """Return the highest mean rate of requests (a second) that a workload may reach; journeys count in full."""
    whole = sum(load.mix.values())
    steps = {name: max(1, load.step(name).requests) for name in load.played()}
    each = (weight * sum(steps[stop.step] for stop in load.stops(name)) for name, weight in load.mix.items() if weight)
    return (
        max((stage_rate for _, a, b in load.profile.stages for stage_rate in (a, b)), default=0.0) * sum(each) / whole
    )


def breaches(load: Workload, limits: Sequence[Limit], spent: int = 0) -> tuple[str, ...]:
    """Return which limits a workload would break, and by what; ``spent`` requests of today were made before.

    Nobody knows beforehand when a closed workload or a batch asks: held to a window, they count as breaking it.
    """
    found = [
        f"{connections} connections, {limit.told()} are declared: users = {limit.requests}"
        for limit in limits
        if not limit.seconds and (connections := load.users + (load.batch.hands if load.batch else 0)) > limit.requests
    ]
    windows = [limit for limit in limits if limit.seconds]
    if windows and (load.arrivals == "closed" or load.batch is not None):
        what = "a closed workload" if load.arrivals == "closed" else "a batch"
        return (*found, f"nobody can say beforehand when {what} asks, and {windows[0].told()} are declared")
    asked = sorted(schedule(load)) if windows else []
    for limit in windows:
        used = spent if limit.seconds == DAY else 0
        most = max((busiest(moments, limit.seconds) for moments in _apart(asked, limit.per).values()), default=0)
        if most + used > limit.requests:
            before = f" after {used:,} of today" if used else ""
            found.append(f"{most:,} requests{before} would fall into one window, {limit.told()} are declared")
    return tuple(found)


def _apart(asked: Sequence[Sent], per: Per) -> Mapping[str, list[float]]:
    kept: dict[str, list[float]] = defaultdict(list)
    for one in asked:
        kept["" if per == "all" else getattr(one, per)].append(one.moment)
    return kept


def fitting(load: Workload, limits: Sequence[Limit], spent: int = 0) -> Workload | None:
    """Return the workload at the highest rate that keeps to all limits, with no more connections than allowed.

    None if none does that makes a request at all. What its promises claim stays: a slower run proves less and says so.
    """
    at_once = [limit.requests for limit in limits if not limit.seconds]
    slim = load.with_users(min([load.users, *at_once]))
    low, high = load.rate / load.profile.total, load.rate
    if not breaches(slim, limits, spent):
        return slim
    if breaches(slim.at(rate=low), limits, spent):
        return None
    while high / low > _NEAR:
        middle = (low * high) ** 0.5
        low, high = (low, middle) if breaches(slim.at(rate=middle), limits, spent) else (middle, high)
    rounded = slim.at(rate=_down(low))
    return slim.at(rate=low) if breaches(rounded, limits, spent) else rounded


def _down(rate: float) -> float:
    """Return a rate of three digits that is not above a given one."""
    unit = 10.0 ** (math.floor(math.log10(rate)) - 2)
    return math.floor(rate / unit) * unit
