"""Scaling: bringing criteria of different units onto one scale, each way under the name that the literature gives it.

Relative scalings depend on who else is compared, so that a newcomer changes everybody's figures (Belton and Gear
1983). The headline never uses them: it stands on fixed anchors, see ``value``.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from scorecards.methods.tables import Directions, Floats, TableError, signs, table

Scaling = Callable[[Floats, Floats], Floats]


def vector(cells: Floats, sign: Floats) -> Floats:
    """Divide each column by its Euclidean length (Hwang and Yoon 1981); cost columns keep their direction."""
    return np.asarray(cells / _positive(np.sqrt((cells**2).sum(axis=0))))


def minmax(cells: Floats, sign: Floats) -> Floats:
    """Map the worst of each column to 0 and the best to 1; a column in which all are equal becomes 1 throughout."""
    low, high = cells.min(axis=0), cells.max(axis=0)
    width = np.where(high > low, high - low, 1.0)
    up = (cells - low) / width
    return np.where(high > low, np.where(sign > 0, up, 1.0 - up), 1.0)


def total(cells: Floats, sign: Floats) -> Floats:
    """Divide each column by its sum, cost columns after taking the reciprocal; all cells must be positive."""
    if (cells <= 0).any():
        raise TableError(
            "table: a cell is 0 or negative, of which shares of a sum cannot be taken; use another scaling"
        )
    turned = np.where(sign > 0, cells, 1.0 / cells)
    return np.asarray(turned / turned.sum(axis=0))


def plain_total(cells: Floats, sign: Floats) -> Floats:
    """Divide each column by its sum, whatever its direction (ELECTRE I as in Cebrian and Porcar 2009)."""
    return np.asarray(cells / _positive(cells.sum(axis=0)))


def largest(cells: Floats, sign: Floats) -> Floats:
    """Divide by the best of each column: x / max for gains, min / x for costs; all cells must be positive."""
    if (cells <= 0).any():
        raise TableError("table: a cell is 0 or negative, of which shares of the best cannot be taken; use another")
    return np.asarray(np.where(sign > 0, cells / cells.max(axis=0), cells.min(axis=0) / cells), dtype=np.float64)


def as_given(cells: Floats, sign: Floats) -> Floats:
    """Leave the cells as they are: for values on one absolute scale."""
    return cells


def _positive(lengths: Floats) -> Floats:
    return np.where(lengths > 0, lengths, 1.0)


SCALINGS: Mapping[str, Scaling] = MappingProxyType(
    {
        "vector": vector,
        "minmax": minmax,
        "sum": total,
        "plain-sum": plain_total,
        "max": largest,
        "none": as_given,
    }
)


def scaled(values: ArrayLike, directions: Directions = "max", *, scaling: str) -> Floats:
    """Return a table on one scale; ``scaling`` is vector, minmax, sum, plain-sum, max or none. Raises TableError."""
    cells = table(values)
    if scaling not in SCALINGS:
        raise TableError(f"scaling: {scaling!r} is unknown; use one of {', '.join(SCALINGS)}")
    return SCALINGS[scaling](cells, signs(directions, cells.shape[1]))
