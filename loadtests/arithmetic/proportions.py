"""Proportions: whether a share of requests lies below what is allowed, when requests fail in clumps."""

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from scipy.special import betaincinv, stdtrit  # not scipy.stats: it takes seconds to import

#: Blocks (seconds) below which nobody can say how much requests resemble their neighbours: nothing is claimed then.
FEWEST_BLOCKS = 10
#: Lengths of blocks in which clumps are looked for.
LENGTHS = (1, 2, 5, 10)
#: Samples beyond which no run is proposed.
MOST_SAMPLES = 1_000_000_000

Verdict = Literal["passed", "failed", "inconclusive"]


class Interval(NamedTuple):
    """A share as seen, its one-sided bounds, and how many requests one independent one is worth (design effect)."""

    seen: float
    lower: float
    upper: float
    clumping: float


def lower_bound(bad: float, n: float, confidence: float = 0.95) -> float:
    """Return the one-sided lower Clopper-Pearson bound of a share (1934); 0 when nothing was bad."""
    return float(betaincinv(bad, n - bad + 1, 1 - confidence)) if bad > 0 else 0.0


def upper_bound(bad: float, n: float, confidence: float = 0.95) -> float:
    """Return the one-sided upper Clopper-Pearson bound of a share; 1 when everything was bad or nothing was seen."""
    return float(betaincinv(bad + 1, n - bad, confidence)) if bad < n else 1.0


def clumping(requests: Sequence[int], bad: Sequence[int]) -> float:
    """Return the design effect: the variance of the share over blocks, over that of independent requests; 1 at least.

    ``requests`` and ``bad`` are counted by second. A stall makes all requests of some seconds bad at once, so ten
    thousand requests may tell no more than a dozen. Longer blocks see longer stalls; the largest effect counts.
    """
    return max((_effect(*_grouped(requests, bad, length)) for length in LENGTHS), default=1.0)


def _grouped(requests: Sequence[int], bad: Sequence[int], length: int) -> tuple[np.ndarray, np.ndarray]:
    blocks = len(requests) // length
    first = len(requests) - blocks * length
    n, k = np.asarray(requests[first:], dtype=float), np.asarray(bad[first:], dtype=float)
    return n.reshape(blocks, length).sum(axis=1), k.reshape(blocks, length).sum(axis=1)


def _effect(n: np.ndarray, k: np.ndarray) -> float:
    """Return the effect by the linearised variance of a ratio of sums over blocks (Cochran 1977, 6.3)."""
    blocks, total = len(n), n.sum()
    share = k.sum() / total if total else 0.0
    if blocks < FEWEST_BLOCKS or not 0 < share < 1:
        return 1.0
    spread = blocks / (blocks - 1) * ((k - share * n) ** 2).sum() / total**2
    return max(1.0, float(spread / (share * (1 - share) / total)))


def interval(n: int, bad: int, effect: float, blocks: int, confidence: float = 0.95) -> Interval:
    """Return the share and its one-sided bounds at the sample size that clumped requests are worth.

    Korn & Graubard (Survey Methodology 24, 1998): Clopper-Pearson at n over the design effect, times the squared
    ratio of Student's t with n - 1 and with blocks - 1 degrees of freedom.
    """
    if not n:
        return Interval(math.nan, 0.0, 1.0, effect)
    worth = n / effect
    if effect > 1 and blocks > 1 and n > 1:
        worth *= (stdtrit(n - 1, confidence) / stdtrit(blocks - 1, confidence)) ** 2
    share = bad / n
    return Interval(
        share,
        lower_bound(share * worth, worth, confidence),
        upper_bound(share * worth, worth, confidence),
        n / worth,
    )


def decide(seen: Interval, allowed: float) -> Verdict:
    """Return passed if the upper bound keeps below what is allowed, failed if the lower one is above, else neither."""
    if seen.upper < allowed:
        return "passed"
    return "failed" if seen.lower > allowed else "inconclusive"


def still_needed(n: int, seen: Interval, allowed: float, confidence: float = 0.95) -> int | None:
    """Return how many more requests decide it if the share and its clumping stay; None when no run that long is made.

    A share that equals what is allowed is decided by no sample.
    """
    if not n or math.isnan(seen.seen) or seen.seen == allowed:
        return None
    low, high = n, 2 * n
    while not _decides(high, seen, allowed, confidence):
        low, high = high, 2 * high
        if high > MOST_SAMPLES:
            return None
    while high - low > max(1, low // 1000):
        middle = (low + high) // 2
        low, high = (low, middle) if _decides(middle, seen, allowed, confidence) else (middle, high)
    return high - n


def _decides(n: int, seen: Interval, allowed: float, confidence: float) -> bool:
    worth = n / seen.clumping
    bad = seen.seen * worth
    if seen.seen < allowed:
        return upper_bound(bad, worth, confidence) < allowed
    return lower_bound(bad, worth, confidence) > allowed


def fewest(allowed: float, confidence: float = 0.95) -> int:
    """Return the smallest sample that can prove a share below what is allowed: all of it good (299 for 1 %)."""
    return math.ceil(math.log(1 - confidence) / math.log1p(-allowed))
