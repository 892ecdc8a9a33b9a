"""Value: the additive model on absolute anchors, with what is unknown as an interval; and its closest relatives."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scorecards.methods.scaling import scaled
from scorecards.methods.tables import Directions, Floats, TableError, shares, signs, table

#: The top of the absolute scale.
TOP = 5.0
#: A geometric mean needs values above 0; less than this counts as this much.
FLOOR = 0.1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bounded:
    """What additive values can be: ``low`` counts unknown cells as ``bottom`` and ``high`` as ``top`` of the scale.

    ``middle`` is None-like (NaN) wherever a cell is unknown: there is no point value without the interval.
    ``coverage`` is the share of all weight that lies on known cells.
    """

    low: Floats
    high: Floats
    coverage: Floats

    @property
    def middle(self) -> Floats:
        """The value where everything is known, NaN elsewhere."""
        return np.where(self.low == self.high, self.low, np.nan)

    def certainly_better(self, first: int, second: int) -> bool:
        """Whether the first is better than the second whatever the unknown cells turn out to be."""
        return bool(self.low[first] > self.high[second])


def value_function(x: ArrayLike, anchors: Sequence[float], points: Sequence[float] | None = None) -> Floats:
    """Return points by straight lines through the anchors, flat outside (``smaa.pvf``); anchors rise or fall.

    ``points`` default to 0 ... 5 spread evenly over the anchors. Raises TableError for anchors that turn back.
    """
    places = np.asarray(anchors, dtype=np.float64)
    levels = np.linspace(0.0, TOP, len(places)) if points is None else np.asarray(points, dtype=np.float64)
    steps = np.diff(places)
    if len(places) < 2 or len(places) != len(levels) or not ((steps > 0).all() or (steps < 0).all()):
        raise TableError(f"anchors: {list(anchors)} must rise or fall throughout, one for each of the points")
    if steps[0] < 0:
        places, levels = places[::-1], levels[::-1]
    return np.asarray(np.interp(np.asarray(x, dtype=np.float64), places, levels))


def additive(values: ArrayLike, weights: ArrayLike, *, bottom: float = 0.0, top: float = TOP) -> Bounded:
    """Return additive values V = sum w v of alternatives on an absolute scale (Keeney and Raiffa 1976).

    NaN cells are unknown and become intervals; every row is summed on its own in a fixed order, so that who else is
    compared changes no bit of it. Raises TableError.
    """
    cells = table(values, unknown=True)
    weight = shares(weights, cells.shape[1])
    known = ~np.isnan(cells)
    seen = np.where(known, cells, 0.0)
    return Bounded(
        low=_sums(np.where(known, seen, bottom), weight),
        high=_sums(np.where(known, seen, top), weight),
        coverage=_sums(known.astype(np.float64), weight),
    )


def _sums(cells: Floats, weight: Floats) -> Floats:
    """Row sums by one rule for every row: a matrix product may round by how many rows there are."""
    return np.array([float(np.sum(row * weight)) for row in cells])


def weighted_sum(
    values: ArrayLike, weights: ArrayLike, directions: Directions = "max", *, scaling: str = "none"
) -> Floats:
    """Return weighted sums after a scaling: none, vector, minmax, sum or max. Raises TableError."""
    cells = scaled(values, directions, scaling=scaling)
    if scaling in ("none", "vector", "plain-sum"):
        cells = cells * signs(directions, cells.shape[1])
    return _sums(cells, shares(weights, cells.shape[1]))


def weighted_product(
    values: ArrayLike, weights: ArrayLike, directions: Directions = "max", *, floor: float = FLOOR
) -> Floats:
    """Return weighted geometric means: a low cell is not made good by a high one (Bridgman 1922; Miller, Starr 1969).

    Cells below ``floor`` count as ``floor``. Costs enter with negative exponents.
    """
    cells = np.maximum(table(values), floor)
    weight = shares(weights, cells.shape[1]) * signs(directions, cells.shape[1])
    return np.exp(_sums(np.log(cells), weight))


def imbalance(values: ArrayLike, weights: ArrayLike) -> Floats:
    """Return 1 - weakest / mean of each alternative: 0 when all criteria are equally good, 1 when one is worth 0."""
    cells = table(values)
    mean = _sums(cells, shares(weights, cells.shape[1]))
    return np.asarray(1.0 - cells.min(axis=1) / np.where(mean > 0, mean, 1.0))


def spotis(values: ArrayLike, weights: ArrayLike, bounds: ArrayLike, directions: Directions = "max") -> Floats:
    """Return weighted distances to the ideal within fixed bounds, lower is better (Dezert et al. 2020, FUSION).

    ``bounds`` are (lowest, highest) for each criterion. No rank can reverse when an alternative comes or goes.
    """
    cells = table(values)
    n = cells.shape[1]
    limits = np.asarray(bounds, dtype=np.float64)
    if limits.shape != (n, 2) or (limits[:, 1] <= limits[:, 0]).any():
        raise TableError(f"bounds: give (lowest, highest) with lowest < highest for each of {n} criteria")
    ideal = np.where(signs(directions, n) > 0, limits[:, 1], limits[:, 0])
    distances = np.abs(cells - ideal) / (limits[:, 1] - limits[:, 0])
    return _sums(distances, shares(weights, n))


def dominated(values: ArrayLike, directions: Directions = "max") -> tuple[bool, ...]:
    """Return for each alternative whether another is at least as good everywhere and better somewhere."""
    cells = table(values)
    cells = cells * signs(directions, cells.shape[1])
    return tuple(any(_beats(other, own) for other in cells) for own in cells)


def _beats(other: Floats, own: Floats) -> bool:
    return bool(np.all(other >= own)) and bool(np.any(other > own))
