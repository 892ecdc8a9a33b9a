"""topsis(): closeness to the ideal (Hwang and Yoon 1981), with fixed ideals or with those that the table suggests."""

import numpy as np
from numpy.typing import ArrayLike

from scorecards.methods.scaling import scaled
from scorecards.methods.tables import Directions, Floats, TableError, numbers, shares, signs


def topsis(
    values: ArrayLike,
    weights: ArrayLike,
    directions: Directions = "max",
    *,
    scaling: str = "vector",
    ideal: ArrayLike | None = None,
    anti_ideal: ArrayLike | None = None,
) -> Floats:
    """Return C = d- / (d+ + d-) of each alternative, 1 is best, Euclidean distances of weighted scaled values.

    Without ``ideal`` and ``anti_ideal`` the best and worst of each column stand in, and a newcomer can reverse ranks;
    with both (in units of the table, scaling "none") no rank can reverse. The scaling changes the answer: name it
    beside every result. Alternatives of which ideal and anti-ideal are the same point,
    because all are equal, are as close to one as to the other: 0.5.
    """
    if (ideal is None) != (anti_ideal is None):
        raise TableError("ideal: give both ideal and anti_ideal, or neither")
    cells = scaled(values, directions, scaling=scaling)
    n = cells.shape[1]
    weight = shares(weights, n)
    # minmax, sum and max have turned costs into gains already
    sign = np.ones(n) if scaling in ("minmax", "sum", "max") else signs(directions, n)
    if ideal is None:
        best = np.where(sign > 0, cells.max(axis=0), cells.min(axis=0))
        worst = np.where(sign > 0, cells.min(axis=0), cells.max(axis=0))
    else:
        best, worst = (_point(one, n) for one in (ideal, anti_ideal))
    away = np.sqrt((((cells - best) * weight) ** 2).sum(axis=1))
    towards = np.sqrt((((cells - worst) * weight) ** 2).sum(axis=1))
    between = away + towards
    return np.where(between > 0, towards / np.where(between > 0, between, 1.0), 0.5)


def _point(given: ArrayLike | None, n: int) -> Floats:
    point = numbers(given if given is not None else np.nan, "ideal")
    if point.shape not in ((), (n,)) or not np.isfinite(point).all():
        raise TableError(f"ideal: give one finite number, or one for each of {n} criteria")
    return np.broadcast_to(point, (n,))
