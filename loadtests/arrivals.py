"""Arrivals: when requests are due in an open model: staged rates, seeded moments, exact for any number of workers."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Stage(NamedTuple):
    """Some seconds over which the rate goes in a straight line from one figure to another (requests per second)."""

    seconds: float
    start: float
    end: float


class Arrival(NamedTuple):
    """One due request: its number, seconds after the start, and a draw in [0, 1) that picks what it asks.

    ``place`` is its place in a journey: those after the first are not scheduled, they follow from an answer.
    """

    number: int
    due: float
    draw: float
    place: int = 0


@dataclass(frozen=True, slots=True)
class Profile:
    """Rates in stages, one after the other."""

    stages: tuple[Stage, ...]

    @classmethod
    def steady(cls, rate: float, seconds: float) -> "Profile":
        """Return a constant rate."""
        return cls((Stage(seconds, rate, rate),))

    @property
    def seconds(self) -> float:
        """Return how long all stages last."""
        return sum(stage.seconds for stage in self.stages)

    @property
    def total(self) -> float:
        """Return how many arrivals are expected in all."""
        return sum(stage.seconds * (stage.start + stage.end) / 2 for stage in self.stages)

    def rates(self, points: int) -> tuple[float, ...]:
        """Return the rate in the middle of each of so many equal parts, for drawing."""
        return tuple(self._rate(self.seconds * (place + 0.5) / points) for place in range(points))

    def _rate(self, moment: float) -> float:
        began = 0.0
        for seconds, start, end in self.stages:
            if moment <= began + seconds:
                return start + (end - start) * (moment - began) / seconds
            began += seconds
        return 0.0

    def moment(self, count: float) -> float | None:
        """Return when the expected number of arrivals reaches ``count``; None if it never does."""
        began = passed = 0.0
        for seconds, start, end in self.stages:
            here = seconds * (start + end) / 2
            if count <= passed + here:
                return began + _within(count - passed, seconds, start, end)
            began, passed = began + seconds, passed + here
        return None


def _within(count: float, seconds: float, start: float, end: float) -> float:
    slope = (end - start) / seconds
    if abs(slope) < 1e-12:
        return count / start if start else seconds
    return (math.sqrt(start * start + 2 * slope * count) - start) / slope


def arrivals(profile: Profile, kind: str, seed: int, *, worker: int = 0, workers: int = 1) -> Iterator[Arrival]:
    """Yield the arrivals of one worker; all workers walk the same seeded sequence and keep every workers-th.

    ``kind`` is ``constant`` (evenly spaced) or ``poisson``: unit-rate exponential gaps pushed through the inverse of
    the cumulative rate (time rescaling, Lewis & Shedler 1979), so ramps are exact too.
    """
    if kind not in ("constant", "poisson"):
        raise ValueError(f"arrivals {kind!r} are unknown: use constant or poisson")
    gaps, draws = random.Random(f"{seed}/gaps"), random.Random(f"{seed}/draws")
    count, number = 0.0, 0
    while True:
        count = number + 0.5 if kind == "constant" else count + gaps.expovariate(1.0)
        due, draw = profile.moment(count), draws.random()
        if due is None:
            return
        if number % workers == worker:
            yield Arrival(number, due, draw)
        number += 1


def crowd(users: int, rate: float, seed: int) -> Iterator[Arrival]:
    """Yield the first arrivals of a closed model: each user begins once, ``rate`` a second; answers call the next."""
    draws = random.Random(f"{seed}/draws")
    for number in range(users):
        yield Arrival(number, number / rate, draws.random())


def pick(draw: float, weights: Sequence[tuple[str, float]]) -> str:
    """Return the name on which a draw in [0, 1) falls when names take room by weight."""
    left = draw * sum(weight for _, weight in weights)
    for name, weight in weights:
        left -= weight
        if left < 0:
            return name
    return weights[-1][0]
