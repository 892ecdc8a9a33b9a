"""Tables: checked decision tables, in which rows are alternatives, columns criteria, and NaN is what nobody knows.

Every method of this package takes plain arrays through these doors, so that a wrong table is refused in one sentence
and never becomes a row of NaN. Only methods that say so accept unknown cells.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Direction: TypeAlias = Literal["max", "min"]
#: One direction for every criterion, or one for each; "max" where none is given.
Directions: TypeAlias = Sequence[Direction] | Direction


class TableError(ValueError):
    """A decision table, a vector of weights or a ballot that cannot be used; the message names place and remedy."""


def numbers(values: ArrayLike, what: str) -> Floats:
    """Return an array of numbers of any shape; raises TableError naming ``what`` for text, dates or ragged rows."""
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as fault:
        raise TableError(f"{what}: {fault}; give numbers in rows of equal length, values instead of formulas") from None


def table(values: ArrayLike, *, unknown: bool = False) -> Floats:
    """Return a table of m alternatives and n criteria; raises TableError for an odd shape, infinity or text.

    ``unknown`` says whether NaN may stand for what is not known.
    """
    cells = numbers(values, "table")
    if cells.ndim != 2 or 0 in cells.shape:
        raise TableError(f"table: shape {cells.shape} is not alternatives x criteria; give at least one of each")
    if np.isinf(cells).any():
        raise TableError(f"table: {_where(np.isinf(cells))} is infinite; give a finite number")
    if not unknown and np.isnan(cells).any():
        raise TableError(f"table: {_where(np.isnan(cells))} is unknown; this method needs every cell: bound it first")
    return cells


def _where(marks: NDArray[np.bool_]) -> str:
    row, column = (int(place) for place in np.argwhere(marks)[0])
    return f"row {row}, column {column}"


def shares(weights: ArrayLike, n: int) -> Floats:
    """Return n weights scaled to the sum 1; raises TableError where one is negative, unknown, or all are 0."""
    given = numbers(weights, "weights")
    if given.shape != (n,):
        raise TableError(f"weights: {given.size} given for {n} criteria; give one for each")
    if not np.isfinite(given).all():
        raise TableError("weights: one is not a finite number; give a number of 0 or more for each")
    if (given < 0).any():
        raise TableError(f"weights: {float(given.min())} is negative; give numbers of 0 or more")
    if given.max() <= 0:
        raise TableError("weights: all are 0; give at least one criterion a weight")
    with np.errstate(over="ignore"):
        total = given.sum()
    if np.isfinite(total):
        return np.asarray(given / total)
    near = given / given.max()  # numbers beyond any scale are brought near 1, so that their sum stays a number
    return np.asarray(near / near.sum())


def signs(directions: Directions, n: int) -> Floats:
    """Return +1 for each criterion of which more is better and -1 for the others; raises TableError otherwise."""
    named = [directions] * n if isinstance(directions, str) else list(directions)
    if len(named) != n:
        raise TableError(f"directions: {len(named)} given for {n} criteria; give one for each")
    for name in named:
        if name not in ("max", "min"):
            raise TableError(f"directions: {name!r} is none; use 'max' or 'min'")
    return np.array([1.0 if name == "max" else -1.0 for name in named])


def ranks(scores: ArrayLike, *, higher_is_better: bool = True) -> Floats:
    """Return ranks from 1 (best); equal scores share the mean of their places."""
    values = numbers(scores, "scores") * (-1.0 if higher_is_better else 1.0)
    if values.ndim != 1 or np.isnan(values).any():
        raise TableError("scores: one is unknown, or they are no row; nobody can be ranked by what is not known")
    better = (values[None, :] < values[:, None]).sum(axis=1)
    equal = (values[None, :] == values[:, None]).sum(axis=1)
    return np.asarray(better + (equal + 1) / 2)
