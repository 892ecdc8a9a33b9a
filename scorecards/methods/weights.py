"""Weights: from what people can say (swings, ranks, pairs) to shares of 1, and how far two members are apart."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from scorecards.methods.tables import Floats, TableError, numbers, shares


def swing(points: Mapping[str, float]) -> dict[str, float]:
    """Return weights from swing points: 100 for the swing that matters most, others relative to it.

    von Winterfeldt and Edwards 1986; Edwards and Barron 1994 (SMARTS). Raises TableError.
    """
    found = shares(list(points.values()), len(points)) if points else np.array([])
    if not points:
        raise TableError("points: none given; give swing points for at least one criterion")
    return dict(zip(points, found.tolist(), strict=True))


def rank_order_centroid(n: int) -> Floats:
    """Return w_i = (1/n) sum_{k=i..n} 1/k for ranks 1 ... n (Barron and Barrett 1996)."""
    each = 1.0 / np.arange(1, _ranked(n) + 1)
    return np.asarray(each[::-1].cumsum()[::-1] / n)


def rank_sum(n: int) -> Floats:
    """Return w_i proportional to n + 1 - i (Stillwell, Seaver and Edwards 1981)."""
    return shares(np.arange(_ranked(n), 0, -1, dtype=np.float64), n)


def rank_reciprocal(n: int) -> Floats:
    """Return w_i proportional to 1 / i (Stillwell, Seaver and Edwards 1981)."""
    return shares(1.0 / np.arange(1, _ranked(n) + 1), n)


def _ranked(n: int) -> int:
    if n < 1 or n != int(n):
        raise TableError(f"n: {n} criteria cannot be ranked; give a whole number of 1 or more")
    return n


def by_rank(names: Sequence[Sequence[str] | str]) -> dict[str, float]:
    """Return rank order centroid weights of criteria named from most to least important.

    Criteria that share a place are named together and share the mean of their weights.
    """
    groups = [(group,) if isinstance(group, str) else tuple(group) for group in names]
    flat = [name for group in groups for name in group]
    if len(set(flat)) < len(flat):
        raise TableError("ranking: a criterion is named twice; name each once")
    every, found, at = rank_order_centroid(len(flat)), dict[str, float](), 0
    for group in groups:
        mean = float(every[at : at + len(group)].mean())
        found |= dict.fromkeys(group, mean)
        at += len(group)
    return found


def hierarchical(outer: Mapping[str, float], inner: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return the weight of each criterion: share of its dimension times its share within it; they sum to 1.

    Raises TableError where a dimension has weight but no criteria, or criteria but no weight.
    """
    top, found = swing(outer), dict[str, float]()
    if missing := sorted(top.keys() ^ inner.keys()):
        raise TableError(f"weights: dimension {missing[0]!r} stands on one side only; name it on both")
    for dimension, share in top.items():
        for name, own in swing(inner[dimension]).items():
            if name in found:
                raise TableError(f"weights: criterion {name!r} is in two dimensions; leave it in one")
            found[name] = share * own
    return found


def of_group(members: ArrayLike) -> Floats:
    """Return the geometric mean of the members' weights (rows), scaled to 1.

    Aggregation of individual priorities: Aczel and Saaty 1983; Forman and Peniwati 1998. A member who gives a criterion
    no weight would veto it, so weights below 0.0001 count as that much.
    """
    given = numbers(members, "members")
    if given.ndim != 2 or 0 in given.shape:
        raise TableError("members: give a row of weights for each member")
    rows = np.array([shares(row, given.shape[1]) for row in given])
    return shares(np.exp(np.log(np.maximum(rows, 1e-4)).mean(axis=0)), given.shape[1])


def total_variation(first: ArrayLike, second: ArrayLike) -> float:
    """Return half the sum of differences between two weight vectors: 0 equal, 1 nothing in common."""
    one = numbers(first, "weights")
    return float(np.abs(shares(one, one.size) - shares(second, one.size)).sum() / 2)


def aitchison(first: ArrayLike, second: ArrayLike) -> float:
    """Return the distance of two weight vectors by their log ratios (Aitchison 1986); all weights must be positive."""
    one = numbers(first, "weights")
    both = [shares(each, one.size) for each in (first, second)]
    if any((each == 0).any() for each in both):
        raise TableError("weights: one is 0, of which no log ratio exists; compare by total variation")
    logs = [np.log(each) for each in both]
    return float(np.linalg.norm((logs[0] - logs[0].mean()) - (logs[1] - logs[1].mean())))
