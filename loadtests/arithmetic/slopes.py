"""Slopes: whether a figure drifts over time or from run to run, by the median of all slopes."""

import math
from collections.abc import Sequence
from statistics import median
from typing import Literal, NamedTuple

import numpy as np
from scipy.special import ndtri

#: Points below which no drift is told.
FEWEST = 5


class Slope(NamedTuple):
    """The median slope and its two-sided interval, in units of y by units of x."""

    seen: float
    lower: float
    upper: float


def theil_sen(x: Sequence[float], y: Sequence[float], confidence: float = 0.95) -> Slope:
    """Return the Theil-Sen slope with the interval of Sen (JASA 63, 1968): a few wild points do not move it.

    The interval is cut from the sorted slopes at the normal quantile of Kendall's S, whose variance counts ties.
    Needs two different x at least.
    """
    xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    first, second = np.triu_indices(len(xs), 1)
    run = xs[second] - xs[first]
    slopes = np.sort((ys[second] - ys[first])[run != 0] / run[run != 0])
    if not len(slopes):
        raise ValueError("a slope needs two different moments")
    reach = float(ndtri(0.5 + confidence / 2)) * math.sqrt(_variance_of_s(xs, ys))
    low = max(round((len(slopes) - reach) / 2) - 1, 0)
    high = min(round((len(slopes) + reach) / 2), len(slopes) - 1)
    return Slope(float(np.median(slopes)), float(slopes[low]), float(slopes[high]))


def _variance_of_s(x: np.ndarray, y: np.ndarray) -> float:
    n = len(x)
    ties = [count for values in (x, y) for count in np.unique(values, return_counts=True)[1].tolist() if count > 1]
    tied = sum(k * (k - 1) * (2 * k + 5) for k in ties)
    return float(max(0, n * (n - 1) * (2 * n + 5) - tied)) / 18


class Drift(NamedTuple):
    """A slope as a share of the median in a unit of time, with its interval, and what that proves."""

    seen: float
    lower: float
    upper: float
    verdict: Literal["steady", "growing", "cannot tell"]


def drift(moments: Sequence[float], values: Sequence[float], budget: float) -> Drift | None:
    """Return how fast a figure above 0 grows; None below five points.

    Steady means that the upper bound keeps within the budget, growing that the lower bound exceeds it (both as a
    share of the median in a unit of ``moments``).
    """
    if len(values) < FEWEST or (middle := median(values)) <= 0:
        return None
    slope = theil_sen(moments, values)
    seen, lower, upper = (each / middle for each in slope)
    verdict: Literal["steady", "growing", "cannot tell"] = "cannot tell"
    if upper <= budget:
        verdict = "steady"
    elif lower > budget:
        verdict = "growing"
    return Drift(seen, lower, upper, verdict)


def soaked(seconds: Sequence[float], values: Sequence[float], budget: float = 0.05) -> Drift | None:
    """Return the drift an hour over the second half of a soak (PER-05: at most 5 % an hour); None if it is too short.

    The first half is left out: caches fill, pools grow, and that is no leak.
    """
    if not seconds:
        return None
    half = (seconds[0] + seconds[-1]) / 2
    late = [(second / 3600, value) for second, value in zip(seconds, values, strict=True) if second >= half]
    return drift([second for second, _ in late], [value for _, value in late], budget)


def recovery(shares: Sequence[float], end: int, allowed: float, hold: int = 5) -> int | None:
    """Return after how many seconds from the end of a spike a promise is kept again for ``hold`` seconds on end.

    ``shares`` are the bad requests of each second; None stands for a target that did not recover while it was watched.
    """
    for second in range(end, len(shares) - hold + 1):
        if all(share <= allowed for share in shares[second : second + hold]):
            return second - end
    return None
