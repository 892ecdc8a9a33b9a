"""Draws: weight vectors that a committee might mean, sampled with a stored seed so that every figure comes again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scorecards.methods.tables import Floats, Ints, TableError, numbers, shares

Chance = np.random.Generator


def chance(seed: int) -> Chance:
    """Return the generator that every simulation of a decision uses: PCG64DXSM (O'Neill 2014) from a stored seed."""
    return np.random.Generator(np.random.PCG64DXSM(seed))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tree:
    """A hierarchy of two levels: which dimension (place) each criterion belongs to, and its share within it."""

    dimension: Ints
    within: Floats

    @classmethod
    def of(cls, dimension: Sequence[int], weights: ArrayLike) -> "Tree":
        """Return the tree of criteria with positive weights inside their dimensions, scaled to 1 in each."""
        place = np.asarray(dimension, dtype=np.int64)
        given = numbers(weights, "tree")
        if place.shape != given.shape or place.ndim != 1 or not place.size or not (given >= 0).all() or place.min() < 0:
            raise TableError("tree: give each criterion its dimension and a weight of 0 or more")
        totals = np.bincount(place, weights=given)
        if (totals[place] == 0).any():
            raise TableError("tree: a dimension's criteria all weigh 0; give one of them weight")
        return cls(dimension=place, within=given / totals[place])

    @classmethod
    def flat(cls, n: int) -> "Tree":
        """Return a tree in which every criterion is a dimension of its own."""
        return cls(dimension=np.arange(n), within=np.ones(n))

    @property
    def dimensions(self) -> int:
        """How many dimensions there are."""
        return int(self.dimension.max()) + 1

    def spread(self, outer: Floats) -> Floats:
        """Return criterion weights of dimension weights (the last axis runs over dimensions, then over criteria)."""
        return np.asarray(outer[..., self.dimension] * self.within)


def anywhere(n: int, draws: int, source: Chance) -> Floats:
    """Return weight vectors uniform over all that sum to 1: nothing is known of the weights."""
    if n < 1 or draws < 1:
        raise TableError(f"draws: {draws} of {n} weights tell nothing; give 1 or more of each")
    return np.asarray(source.dirichlet(np.ones(n), draws))


def around(
    weights: ArrayLike, draws: int, source: Chance, *, kappa: float = 60.0, first_largest: bool = False
) -> Floats:
    """Return Dirichlet vectors with the given mean; ``kappa`` says how firm the weights are (60: 30 % is 21 to 40 %).

    ``first_largest`` keeps only vectors in which the first weight is at least every other one. Raises TableError.
    """
    mean = numbers(weights, "weights")
    mean = shares(mean, mean.size)
    if not kappa > 0:
        raise TableError(f"kappa: {kappa} is not positive; larger is firmer, 60 is usual")
    alive = mean > 0
    found = np.zeros((0, mean.size))
    for _ in range(200):
        more = np.zeros((draws, mean.size))
        more[:, alive] = source.dirichlet(kappa * mean[alive], draws)
        kept = more[more[:, 0] >= more.max(axis=1)] if first_largest else more
        found = np.concatenate([found, kept])
        if len(found) >= draws:
            return found[:draws]
    raise TableError("weights: hardly a vector keeps the first weight largest; raise it, or drop the rule")


def ordered(n: int, draws: int, source: Chance) -> Floats:
    """Return vectors uniform over those with w_1 >= w_2 >= ... >= w_n: only the ranking of criteria is known."""
    return -np.sort(-anywhere(n, draws, source), axis=1)


def within_bounds(low: ArrayLike, high: ArrayLike, draws: int, source: Chance) -> Floats:
    """Return vectors uniform over those between bounds, by rejection; raises TableError for bounds that hold none."""
    floor, roof = numbers(low, "bounds"), numbers(high, "bounds")
    fits = floor.shape == roof.shape and bool((floor >= 0).all() and (floor <= roof).all())
    if not fits or floor.sum() > 1 + 1e-12 or roof.sum() < 1 - 1e-12:
        raise TableError("bounds: no weights that sum to 1 lie between them; widen them")
    found = np.zeros((0, floor.size))
    slack = 1.0 - floor.sum()
    for _ in range(2_000):
        more = floor + slack * anywhere(floor.size, max(draws, 10_000), source)
        found = np.concatenate([found, more[(more <= roof + 1e-12).all(axis=1)]])
        if len(found) >= draws:
            return found[:draws]
    raise TableError("bounds: they hold hardly any weights; widen them")


def of_members(members: ArrayLike, draws: int, source: Chance) -> tuple[Floats, Ints]:
    """Return draws in each of which one member's own weights hold, and whose; members have equal chances.

    So disagreement becomes spread, and what belongs together in one head stays together.
    """
    rows = numbers(members, "members")
    if rows.ndim != 2 or 0 in rows.shape:
        raise TableError("members: give a row of weights for each member")
    rows = np.array([shares(row, rows.shape[1]) for row in rows])
    who = source.integers(0, len(rows), draws)
    return rows[who], np.asarray(who, dtype=np.int64)
