"""Quantiles: the whole curve of a run's latencies between bounds that know that requests fail in clumps."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from loadtests.arithmetic.proportions import clumping, interval
from loadtests.histogram import Histogram, highest
from loadtests.result import LoadResult

#: The quantiles of a curve: ten to each tenfold of what lies beyond them.
STEPS = 10


class Point(NamedTuple):
    """A quantile (share), the latency there in ms, and its two one-sided 95 % bounds; None where nothing bounds it."""

    q: float
    ms: float
    lower: float | None
    upper: float | None


def curve(result: LoadResult, metric: str = "response", *, bounded: bool = True) -> tuple[Point, ...]:
    """Return the quantiles of all answered requests after the warm-up, as far out as the sample reaches.

    A quantile's bounds are those of the share beyond it, at the sample that clumped requests are worth (see
    ``interval``): the latencies at which that share could as well have been.
    """
    counted = _counted(result, metric)
    whole = Histogram(_by_bin(counted))
    if not (n := whole.n):
        return ()
    points = []
    for place in range(math.floor(math.log10(n) * STEPS) + 1):
        beyond = 10 ** (-place / STEPS)
        seen = whole.quantile(1 - beyond)
        assert seen is not None
        bounds = _bounds(whole, counted, beyond, seen) if bounded else (None, None)
        points.append(Point(1 - beyond, seen / 1000, *bounds))
    return tuple(points)


class Counted(NamedTuple):
    """Counts of answered requests as columns: second, bin, how many; and how many seconds were counted."""

    second: np.ndarray
    bin: np.ndarray
    requests: np.ndarray
    seconds: int


def _counted(result: LoadResult, metric: str) -> Counted:
    since = math.ceil(result.workload.warm_up)
    rows = [
        (row.second - since, row.bin, row.requests)
        for row in result.rows
        if row.metric == metric and row.kind != "batch" and row.outcome == "ok" and row.second >= since
    ]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3)
    last = int(columns[:, 0].max()) + 1 if len(columns) else 0
    return Counted(columns[:, 0], columns[:, 1], columns[:, 2], last)


def _by_bin(counted: Counted) -> Mapping[int, int]:
    bins, place = np.unique(counted.bin, return_inverse=True)
    sums = np.bincount(place, weights=counted.requests, minlength=len(bins))
    return {int(at): int(n) for at, n in zip(bins, sums, strict=True)}


def _bounds(whole: Histogram, counted: Counted, beyond: float, seen: int) -> tuple[float | None, float | None]:
    edge = max((at for at in whole.counts if highest(at) <= seen), default=0)
    slow = counted.bin > edge
    requests = np.bincount(counted.second, weights=counted.requests, minlength=counted.seconds)
    bad = np.bincount(counted.second[slow], weights=counted.requests[slow], minlength=counted.seconds)
    effect = clumping([int(n) for n in requests], [int(n) for n in bad])
    share = interval(whole.n, min(whole.n, round(beyond * whole.n)), effect, counted.seconds)
    low, high = whole.quantile(max(0.0, 1 - share.upper)), whole.quantile(1 - share.lower)
    # a bound that lies beyond the slowest request is one that this sample does not give
    unbounded = share.lower * whole.n < 1
    return (None if low is None else low / 1000, None if unbounded or high is None else high / 1000)
