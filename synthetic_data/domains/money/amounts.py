"""Amounts: sums of money drawn for whole columns, the same to the cent on every machine."""

import math
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from synthetic_data.chance import Chance, Floats, Ints
from synthetic_data.columns import Cents

_POINTS = 2049


@cache
def _curve(deviation: float) -> Floats:
    """Quantiles of the lognormal distribution of median 1, rounded so that no machine's last bit shows."""
    normal, edge = NormalDist(), 1 / 16384
    shares = (min(max(at / (_POINTS - 1), edge), 1 - edge) for at in range(_POINTS))
    return np.array([round(math.exp(deviation * normal.inv_cdf(share)), 9) for share in shares])


def lognormal(chance: Chance, deviation: float, n: int) -> Floats:
    """Return factors of median 1 whose logarithms have this deviation, cut at about four deviations."""
    return np.asarray(np.interp(chance.shares(n) * (_POINTS - 1), np.arange(_POINTS), _curve(deviation)))


def lognormals(chance: Chance, deviations: tuple[float, ...], codes: Ints) -> Floats:
    """Return factors of median 1, each with the deviation at its code's place."""
    shares = chance.shares(len(codes)) * (_POINTS - 1)
    table = np.concatenate([_curve(deviation) for deviation in deviations])
    low = shares.astype(np.int64)
    at = codes * _POINTS + low
    below = table[at]
    return np.asarray(below + (table[at + 1] - below) * (shares - low))


def cents(amounts: ArrayLike) -> Cents:
    """Return amounts of money in whole cents, halves rounded up."""
    return np.floor(np.asarray(amounts, dtype=np.float64) * 100 + 0.5).astype(np.int64)


def stepped(amounts: Cents, step: int) -> Cents:
    """Return amounts rounded up to whole steps of so many cents."""
    return -(-amounts // step) * step


def rounded(values: Floats) -> Floats:
    """Return fractions to six decimals, so that no machine's last bit shows."""
    return np.asarray(np.floor(values * 1e6 + 0.5) / 1e6)
