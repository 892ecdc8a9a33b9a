"""Sensitivity: what would have to change, and by how much, before another alternative leads."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scorecards.methods.tables import Floats, TableError, numbers, shares, table
from scorecards.methods.value import TOP
from scorecards.robustness.cells import Cells

#: Points of the 0-5 scale below which two totals, or two slopes, differ by rounding alone.
LEVEL = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """The weights between which one criterion's share may move, others in proportion, while the leader stays first.

    ``below`` and ``above`` name the rival (by place) that takes over just outside, None at 0 or 1.
    """

    criterion: int
    weight: float
    low: float
    high: float
    below: int | None
    above: int | None

    @property
    def room(self) -> float:
        """The smallest change of weight that lets somebody else lead; infinity where none does."""
        down = self.weight - self.low if self.below is not None else float("inf")
        up = self.high - self.weight if self.above is not None else float("inf")
        return min(down, up)

    @property
    def flips_at(self) -> float | None:
        """The weight at which the nearest take-over happens, None where none does."""
        if self.room == float("inf"):
            return None
        up = self.above is not None and self.high - self.weight <= self.room
        return self.high if up else self.low


def totals(values: ArrayLike, weights: ArrayLike) -> Floats:
    """Return the additive totals of a complete table."""
    cells = table(values)
    return np.asarray(cells @ shares(weights, cells.shape[1]))


def stability(values: ArrayLike, weights: ArrayLike, *, leader: int | None = None) -> tuple[Interval, ...]:
    """Return for every criterion the interval of its weight in which the leader stays first (Mareschal 1988, EJOR 33).

    With the others scaled in proportion, S_i(t) = t v_ik + (1 - t) R_i with R_i = (S_i - w_k v_ik) / (1 - w_k), so a
    rival draws level at t* = (R_a - R_b) / ((R_a - R_b) + (v_bk - v_ak)).
    """
    cells = table(values)
    weight = shares(weights, cells.shape[1])
    total = cells @ weight
    first = int(total.argmax()) if leader is None else leader
    return tuple(_interval(cells, weight, total, first, k) for k in range(cells.shape[1]))


def _interval(cells: Floats, weight: Floats, total: Floats, leader: int, k: int) -> Interval:
    w, own = float(weight[k]), cells[:, k]
    rest = (total - w * own) / (1 - w) if w < 1 else cells.mean(axis=1)
    low, high, below, above = 0.0, 1.0, None, None
    for rival in range(len(cells)):
        behind, gain = rest[rival] - rest[leader], own[leader] - own[rival]
        if rival == leader or abs(behind + gain) < LEVEL:
            continue
        # who is level at w crosses there: the quotient alone would lie a rounding error to either side of it
        at = w if abs(total[leader] - total[rival]) < LEVEL else float(behind / (behind + gain))
        # the rival leads below the crossing where the leader is the better on k, above it where the rival is
        if gain > -behind and low <= at <= w:
            low, below = at, rival
        elif gain < -behind and w <= at <= high:
            high, above = at, rival
    return Interval(criterion=k, weight=w, low=low, high=high, below=below, above=above)


def lines(values: ArrayLike, weights: ArrayLike, criterion: int, *, points: int = 101) -> tuple[Floats, Floats]:
    """Return weights t from 0 to 1 and the totals S_i(t) (alternatives x points) as one criterion's share moves."""
    cells = table(values)
    weight = shares(weights, cells.shape[1])
    t, w, own = np.linspace(0, 1, points), float(weight[criterion]), cells[:, criterion]
    rest = (cells @ weight - w * own) / (1 - w) if w < 1 else cells.mean(axis=1)
    return t, np.asarray(np.outer(own, t) + np.outer(rest, 1 - t))


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A change of one cell that brings an alternative level with the leader: ``change`` points added to ``row``."""

    row: int
    column: int
    change: float
    possible: bool  # whether the changed cell is still on the scale


def score_flips(
    values: ArrayLike, weights: ArrayLike, *, top: float = TOP, most: int | None = None
) -> tuple[Flip, ...]:
    """Return for each cell the change that makes leader and best rival equal, smallest change first, at ``most`` some.

    A cell of the leader must fall by (S_b - S_a) / w_j, where a is the runner-up; a rival's must rise by as much of its
    own distance. Cells of criteria without weight change nothing and are left out.
    """
    cells = table(values)
    weight = shares(weights, cells.shape[1])
    total = cells @ weight
    leader = int(total.argmax())
    if len(cells) < 2:
        return ()
    gaps = total[leader] - total
    gaps[leader] = -np.delete(gaps, leader).min()
    with np.errstate(divide="ignore", invalid="ignore"):
        change = gaps[:, None] / weight
    possible = (cells + change >= 0) & (cells + change <= top)
    rows, columns = np.nonzero(np.isfinite(change) & (weight > 0))
    at = (rows, columns)
    order = np.lexsort((columns, rows, np.abs(change[at]), ~possible[at]))[:most]
    return tuple(
        Flip(row=int(row), column=int(column), change=float(change[row, column]), possible=bool(possible[row, column]))
        for row, column in zip(rows[order], columns[order], strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """How far a result moves when one input goes from its 5 % to its 95 % quantile, all others at their medians."""

    name: int
    low: float
    high: float

    @property
    def width(self) -> float:
        """How far the result moves."""
        return abs(self.high - self.low)


def tornado(cells: Cells, weights: ArrayLike, *, leader: int, rival: int) -> tuple[Swing, ...]:
    """Return how the margin of leader over rival moves with each criterion, widest first.

    The pessimistic end has the leader's cell at 5 % and the rival's at 95 %; the optimistic one the other way round.
    """
    weight = shares(weights, cells.shape[1])
    low, middle, high = (cells.quantile(share) for share in (0.05, 0.5, 0.95))
    margin = float((middle[leader] - middle[rival]) @ weight)
    at_middle = (middle[leader] - middle[rival]) * weight
    found = [
        Swing(
            name=k,
            low=float(margin - at_middle[k] + (low[leader, k] - high[rival, k]) * weight[k]),
            high=float(margin - at_middle[k] + (high[leader, k] - low[rival, k]) * weight[k]),
        )
        for k in range(cells.shape[1])
    ]
    return tuple(sorted(found, key=lambda one: -one.width))


def without_each(values: ArrayLike, weights: ArrayLike) -> tuple[int | None, ...]:
    """Return who leads when each criterion in turn is left out, by place; None where nothing with weight is left."""
    cells = table(values)
    weight = shares(weights, cells.shape[1])
    parts = cells * weight
    rest = parts.sum(axis=1, keepdims=True) - parts
    return tuple(
        int(place) if share < 1 - LEVEL else None for place, share in zip(rest.argmax(axis=0), weight, strict=True)
    )


def tied(values: ArrayLike, *, band: float) -> tuple[int, ...]:
    """Return the alternatives within ``band`` of the best total, best first: inside it nobody is said to lead."""
    total = numbers(values, "totals")
    if total.ndim != 1 or not total.size or np.isnan(total).any():
        raise TableError("totals: give one for each alternative, none of them unknown")
    order = np.argsort(-total, kind="stable")
    return tuple(int(place) for place in order if total[place] >= total.max() - band - 1e-12)
