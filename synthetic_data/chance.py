"""Chance: seeded streams of chance for whole columns, one per cell and name, so that any cell can be grown alone.

The bits are Philox 4x64 (Salmon et al., SC 2011) under a key by BLAKE2b of the stream's address. Everything drawn is
made from the raw bits by comparing, adding and multiplying, never by a library's own transforms, whose results may
change with its version: the same address gives the same columns everywhere.
"""

import hashlib
from collections.abc import Sequence
from statistics import NormalDist
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

_STEP = 2.0**-53
#: Inverse of the normal distribution at 4097 points, rounded so that no machine's last bit shows.
_SHARES = np.linspace(0.0, 1.0, 4097)
_NORMAL = np.array([round(NormalDist().inv_cdf(min(max(s, 1 / 32768), 1 - 1 / 32768)), 9) for s in _SHARES.tolist()])


class Chance:
    """A stream of chance known by its address: ``Chance(7, 42, "transactions", "rent")`` for cell 42 of bank 7."""

    __slots__ = ("_bits",)

    def __init__(self, seed: int, cell: int, *name: str) -> None:
        address = "/".join((str(seed), str(cell), *name)).encode()
        self._bits = np.random.Philox(key=int.from_bytes(hashlib.blake2b(address, digest_size=16).digest(), "big"))

    def shares(self, n: int) -> Floats:
        """Return n fractions in [0, 1) of 53 bits."""
        raw = np.asarray(self._bits.random_raw(n), dtype=np.uint64)
        return (raw >> np.uint64(11)).astype(np.float64) * _STEP

    def happens(self, probability: ArrayLike, n: int | None = None) -> Bools:
        """Return whether each of n things happens; one probability for all, or one each (then n is its length)."""
        rates = np.asarray(probability, dtype=np.float64)
        return self.shares(n if n is not None else len(rates)) < rates

    def whole(self, low: ArrayLike, high: ArrayLike, n: int | None = None) -> Ints:
        """Return n whole numbers from low to high, both included; bounds are for all or one each."""
        first = np.asarray(low, dtype=np.int64)
        width = np.asarray(high, dtype=np.int64) - first + 1
        size = n if n is not None else max(first.size, width.size)
        return first + np.floor(self.shares(size) * width).astype(np.int64)

    def pick(self, weights: Sequence[float] | Floats, n: int) -> Ints:
        """Return n places in ``weights`` (any positive numbers), drawn according to them."""
        bounds = np.cumsum(np.asarray(weights, dtype=np.float64))
        return np.searchsorted(bounds[:-1] / bounds[-1], self.shares(n), side="right").astype(np.int64)

    def along(self, curve: Sequence[tuple[float, float]], n: int) -> Floats:
        """Return n values along a quantile curve of (share, value) points, linear in between."""
        at, values = zip(*curve, strict=True)
        return np.asarray(np.interp(self.shares(n), at, values))

    def normals(self, n: int) -> Floats:
        """Return n values of the standard normal distribution, cut at about four deviations."""
        return np.asarray(np.interp(self.shares(n), _SHARES, _NORMAL))

    def counts(self, rates: ArrayLike, n: int | None = None) -> Ints:
        """Return Poisson counts with the given means (each at most 700), by inversion of the distribution."""
        means = np.asarray(rates, dtype=np.float64)
        size = n if n is not None else means.size
        means = np.broadcast_to(means, (size,)).copy()
        left, found = self.shares(size), np.zeros(size, dtype=np.int64)
        term = np.exp(-means)
        undecided = left >= term
        step = 0
        while undecided.any():
            left = np.where(undecided, left - term, left)
            found += undecided
            step += 1
            term = term * means / step
            undecided &= (left >= term) & (term > 0)
        return found

    def order(self, n: int) -> Ints:
        """Return the places 0 ... n-1 in another order."""
        return np.argsort(self.shares(n), kind="stable").astype(np.int64)


def spread(shares: Floats, codes: NDArray[np.integer[Any]], curves: Sequence[Sequence[tuple[float, float]]]) -> Floats:
    """Return values along quantile curves at shares in [0, 1): each along the curve at its code's place."""
    found = np.zeros(len(shares))
    for place, curve in enumerate(curves):
        mine = codes == place
        at, values = zip(*curve, strict=True)
        found[mine] = np.interp(shares[mine], at, values)
    return found
