"""Shapes: how load rises and falls: points of time and rate, scaled to a length and a peak."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

import yaml

from loadtests.arrivals import Profile, Stage

#: A point of a shape: share of the time, share of the peak rate.
Point = tuple[float, float]


@cache
def shapes() -> Mapping[str, tuple[Point, ...]]:
    """Return the shipped shapes by name."""
    text = files("loadtests").joinpath("shapes.yaml").read_text(encoding="utf-8")
    return {name: tuple((at, rate) for at, rate in one["points"]) for name, one in yaml.safe_load(text).items()}


def flaw(points: Sequence[Point]) -> str:
    """Return what is wrong with points, empty if they make a shape."""
    if len(points) < 2:
        return "needs two points at least"
    if points[0][0] != 0 or points[-1][0] != 1:
        return f"runs from {points[0][0]:g} to {points[-1][0]:g}: the first point stands at 0, the last at 1"
    if any(later[0] < earlier[0] for earlier, later in pairwise(points)):
        return "goes back in time: order the points"
    if any(not 0 <= rate <= 1 for _, rate in points):
        return "has a rate outside 0..1: rates are shares of the peak"
    return "" if any(rate > 0 for _, rate in points) else "is 0 all the time"


def profile(points: Sequence[Point], *, peak: float, seconds: float, warm_up: float = 0.0) -> Profile:
    """Return a shape as stages at its peak rate (per second), after a warm-up at the rate with which it begins."""
    first = Stage(warm_up, points[0][1] * peak, points[0][1] * peak)
    stages = [
        Stage((later[0] - earlier[0]) * seconds, earlier[1] * peak, later[1] * peak)
        for earlier, later in pairwise(points)
        if later[0] > earlier[0]
    ]
    return Profile((first, *stages) if warm_up else tuple(stages))
