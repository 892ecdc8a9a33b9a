"""Cells: what is believed of every score before it is measured better: three numbers a cell, from its evidence.

A stated score is a triangular distribution whose width and lean depend on its evidence grade: claims err upwards. A
measured one carries its own spread. An unknown one may be anything on the scale, and counts as no point value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scorecards.methods.tables import Floats, TableError, table
from scorecards.methods.value import TOP

#: Evidence class -> (low, mode, high) of the true score given the stated s, as (share of s, points added) each.
#: Doubt by grade: decision notes of the method (argued, not measured); E3 and E4 carry the spread of their measurement.
SPREADS: Mapping[str, tuple[tuple[float, float], ...]] = MappingProxyType(
    {
        "E0": ((0.25, 0.0), (0.6, 0.0), (1.0, 0.0)),
        "E1v": ((1.0, -1.0), (1.0, -0.25), (1.0, 0.0)),
        "E1t": ((1.0, -0.5), (1.0, 0.0), (1.0, 0.25)),
        "E2": ((1.0, -0.5), (1.0, 0.0), (1.0, 0.25)),
        "E3": ((1.0, -0.25), (1.0, 0.0), (1.0, 0.25)),
        "E4": ((1.0, -0.25), (1.0, 0.0), (1.0, 0.25)),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """Triangular beliefs ``low <= mode <= high`` of every cell (alternatives x criteria), in points from 0 to 5.

    ``unknown`` marks cells that nothing usable is known of: they are uniform between low and high and have no mode.
    """

    low: Floats
    mode: Floats
    high: Floats
    unknown: NDArray[np.bool_]

    @property
    def shape(self) -> tuple[int, int]:
        """Alternatives and criteria."""
        return self.low.shape[0], self.low.shape[1]

    @property
    def mean(self) -> Floats:
        """The mean of every cell's belief; of an unknown one the middle of its range."""
        return np.where(self.unknown, (self.low + self.high) / 2, (self.low + self.mode + self.high) / 3)

    @property
    def uncertain(self) -> NDArray[np.bool_]:
        """Which cells are no single number."""
        return np.asarray(self.high > self.low)

    def only(self, rows: Sequence[int]) -> "Cells":
        """The same beliefs of some alternatives, in the order given."""
        at = list(rows)
        return Cells(low=self.low[at], mode=self.mode[at], high=self.high[at], unknown=self.unknown[at])

    def pessimistic(self, row: int, *, most: float = 2.0) -> "Cells":
        """The same beliefs with one alternative's own unknowns between 0 and ``most`` points: a winner's test."""
        high = self.high.copy()
        high[row] = np.where(self.unknown[row], np.minimum(self.high[row], most), self.high[row])
        return replace(self, high=high)

    def quantile(self, share: float) -> Floats:
        """Return the ``share`` quantile of every cell."""
        return self.at(np.full(self.shape, share))

    def at(self, share: ArrayLike) -> Floats:
        """Return the values at shares (0 to 1) of every cell's distribution, by inversion; broadcasts over draws."""
        u = np.asarray(share)
        width = np.where(self.uncertain, self.high - self.low, 1.0)
        up = u < (self.mode - self.low) / width
        root = np.sqrt(np.where(up, u * width * (self.mode - self.low), (1 - u) * width * (self.high - self.mode)))
        found = np.where(up, self.low + root, self.high - root)
        even = self.low + u * (self.high - self.low)
        return np.where(self.unknown, even, np.where(self.uncertain, found, self.low))


def exactly(values: ArrayLike, *, top: float = TOP) -> Cells:
    """Return cells that are known to the point; NaN cells are unknown, uniform from 0 to ``top``."""
    given = table(values, unknown=True)
    unknown = np.isnan(given)
    low = np.where(unknown, 0.0, given)
    return Cells(low=low, mode=low, high=np.where(unknown, top, given), unknown=unknown)


def between(low: ArrayLike, mode: ArrayLike, high: ArrayLike) -> Cells:
    """Return triangular cells; where ``mode`` is NaN the cell is unknown between low and high. Raises TableError."""
    bounds = table(low), table(mode, unknown=True), table(high)
    if len({one.shape for one in bounds}) > 1:
        raise TableError("cells: low, mode and high differ in shape; give one of each for every cell")
    unknown = np.isnan(bounds[1])
    middle = np.where(unknown, bounds[0], bounds[1])
    if (bounds[0] > middle).any() or (middle > bounds[2]).any():
        raise TableError("cells: low <= mode <= high does not hold in every cell; order the three")
    return Cells(low=bounds[0], mode=middle, high=bounds[2], unknown=unknown)


def by_grade(values: ArrayLike, grades: ArrayLike, *, spread: ArrayLike | None = None, top: float = TOP) -> Cells:
    """Return what is believed of stated scores given their evidence classes (E0, E1v, E1t, E2, E3, E4; "" unknown).

    ``spread`` is a standard deviation of measured cells (E3, E4) in points, at least 0.1 counts; the triangle then
    reaches sqrt(6) deviations to each side. Everything is cut to 0 ... ``top``.
    """
    given, names = table(values, unknown=True), np.asarray(grades, dtype=object)
    if names.shape != given.shape:
        raise TableError(f"grades: shape {names.shape} does not fit the table's {given.shape}; grade every cell")
    if odd := {str(name) for name in names.ravel()} - SPREADS.keys() - {"", "None"}:
        raise TableError(f"grades: {min(odd)!r} is none; use one of {', '.join(SPREADS)}, or nothing for unknown")
    unknown = np.isnan(given) | np.isin(names.astype(str), ["", "None"])
    score = np.where(unknown, 0.0, given)
    three = [np.zeros_like(score), np.zeros_like(score), np.full_like(score, top)]
    for name, parts in SPREADS.items():
        where = (names == name) & ~unknown
        for into, (share, added) in zip(three, parts, strict=True):
            into[where] = np.clip(share * score[where] + added, 0.0, top)
    if spread is not None:
        measured = np.isin(names.astype(str), ["E3", "E4"]) & ~unknown
        reach = np.sqrt(6.0) * np.maximum(np.broadcast_to(np.asarray(spread, dtype=np.float64), score.shape), 0.1)
        three[0][measured] = np.clip(score - reach, 0.0, top)[measured]
        three[2][measured] = np.clip(score + reach, 0.0, top)[measured]
    return Cells(low=three[0], mode=np.where(unknown, three[0], three[1]), high=three[2], unknown=unknown)
