"""Arrays: takes what a caller hands in, lists or columns of pandas, and refuses in one line what cannot be judged."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]


class JudgingError(ValueError):
    """An answer that cannot be judged; the message names the argument, the value and the remedy."""


def numbers(name: str, given: ArrayLike) -> Floats:
    """Return finite numbers in one dimension; raises ``JudgingError`` for anything else."""
    try:
        found = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise JudgingError(f"{name}: holds something that is no number; give one number for each row") from None
    if found.ndim != 1:
        raise JudgingError(f"{name}: has {found.ndim} dimensions; give one number for each row")
    if not np.isfinite(found).all():
        at = int(np.flatnonzero(~np.isfinite(found))[0])
        raise JudgingError(f"{name}: row {at} is {found[at]}; leave out the rows that have no answer")
    return found


def shares(name: str, given: ArrayLike) -> Floats:
    """Return numbers between 0 and 1."""
    found = numbers(name, given)
    if found.size and (found.min() < 0 or found.max() > 1):
        at = int(np.flatnonzero((found < 0) | (found > 1))[0])
        raise JudgingError(f"{name}: row {at} is {found[at]:g}, outside 0..1; give probabilities")
    return found


def truths(name: str, given: ArrayLike) -> Bools:
    """Return yes or no for each row, from booleans or from 0 and 1."""
    found = numbers(name, given)
    if not np.isin(found, (0, 1)).all():
        raise JudgingError(f"{name}: holds something besides 0 and 1; say for each row whether it happened")
    return found.astype(np.bool_)


def same_length(**given: Sequence[object] | NDArray[np.generic]) -> int:
    """Return the number of rows that all arguments have; raises ``JudgingError`` when they differ or there is none."""
    lengths = {name: len(rows) for name, rows in given.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise JudgingError(f"rows: {told}; give the same rows in the same order")
    if not (rows := next(iter(lengths.values()))):
        raise JudgingError(f"{next(iter(lengths))}: holds no row; there is nothing to judge")
    return rows


def ratio(part: float, whole: float) -> float | None:
    """Return a share, or None where there is nothing that it could be a share of."""
    return part / whole if whole else None


def harmonic(precision: float | None, recall: float | None) -> float | None:
    """F1, the harmonic mean of precision and recall (van Rijsbergen, Information Retrieval, 1979, ch. 7)."""
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
