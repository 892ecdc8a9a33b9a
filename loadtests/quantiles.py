"""Quantiles: what a sample proves about a quantile, by order statistics and without assuming a distribution."""

import math
from typing import NamedTuple

from scipy.special import bdtr, bdtrik  # not scipy.stats: it takes seconds to import

from loadtests.histogram import Histogram


class Bound(NamedTuple):
    """A quantile as seen and as proven, in milliseconds; ``upper`` is None when the sample is too small to say."""

    n: int
    seen: float | None
    upper: float | None
    needed: int


def needed(q: float, confidence: float = 0.95) -> int:
    """Return the smallest sample whose maximum bounds the q-quantile (299 for p99, 2 995 for 99.9 % at 95 %)."""
    return math.ceil(math.log(1 - confidence) / math.log(q))


def bound(histogram: Histogram, q: float, confidence: float = 0.95) -> Bound:
    """Return the q-quantile and its one-sided upper confidence bound.

    The bound is the u-th smallest value with u the least rank for which P(Bin(n, q) < u) >= confidence (David &
    Nagaraja, Order Statistics, 7.1). Values are upper edges of bins, so the bound errs to the safe side.
    """
    n = histogram.n
    seen = histogram.quantile(q)
    rank = _most(n, q, confidence) + 1 if n else 1
    upper = histogram.at_rank(rank) if n and rank <= n else None
    return Bound(n, _ms(seen), _ms(upper), needed(q, confidence))


def _most(n: int, q: float, confidence: float) -> int:
    """Return the least k for which P(Bin(n, q) <= k) >= confidence."""
    k: int = math.ceil(bdtrik(confidence, n, q))
    return k - 1 if k > 0 and bdtr(k - 1, n, q) >= confidence else k


def _ms(microseconds: int | None) -> float | None:
    return None if microseconds is None else microseconds / 1000
