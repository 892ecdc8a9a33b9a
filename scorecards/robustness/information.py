"""Information: which cells to measure next, by how often knowing them would change who leads."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scorecards.methods.tables import Ints, shares
from scorecards.robustness.cells import Cells

#: The distribution of a cell is looked at in so many equal parts: no sampling, so no noise.
PARTS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What it is worth to know one cell exactly before deciding.

    ``points`` is the expected value of perfect information: how much better the choice gets, in points of the total.
    ``turns`` is how often the choice would be another one.
    """

    row: int
    column: int
    points: float
    turns: float


def worth_measuring(cells: Cells, weights: ArrayLike, *, most: int = 5, parts: int = PARTS) -> tuple[Worth, ...]:
    """Return the uncertain cells most worth measuring, best first.

    EVPI of one cell = E[max_i E(V_i | cell)] - max_i E(V_i) (Howard 1966, IEEE Trans. SSC 2(1)). Weights are held at
    one vector, since measuring a vendor does not tell what the bank wants. Given a cell of alternative i, only V_i
    changes, and linearly, so the expectation given the cell is exact.
    """
    weight = shares(weights, cells.shape[1])
    mean = cells.mean
    totals = mean @ weight
    best = int(totals.argmax())
    at = ((np.arange(parts) + 0.5) / parts)[:, None]
    found = []
    for row in range(cells.shape[0]):
        if len(totals) < 2:
            continue
        rival = float(np.delete(totals, row).max())
        columns = np.flatnonzero(cells.uncertain[row] & (weight > 0))
        # what cannot bring the two level at either end of its range is worth nothing, whatever its distribution
        ahead = totals[row] - rival
        turning = (weight * (cells.low[row] - mean[row]) < -ahead) & (weight * (cells.high[row] - mean[row]) > -ahead)
        found += [Worth(row=row, column=int(k), points=0.0, turns=0.0) for k in columns[~turning[columns]]]
        columns = columns[turning[columns]]
        drawn = _part(cells, row, columns).at(at)
        total = totals[row] + weight[columns] * (drawn - mean[row, columns])
        gain = np.maximum(total, rival).mean(axis=0) - max(float(totals[row]), rival)
        turns = ((total < rival) if row == best else (total > rival)).mean(axis=0)
        found += [
            Worth(row=row, column=int(column), points=max(float(gain[k]), 0.0), turns=float(turns[k]))
            for k, column in enumerate(columns)
        ]
    return tuple(sorted(found, key=lambda one: (-one.points, -one.turns, one.row, one.column))[:most])


def _part(cells: Cells, row: int, columns: Ints) -> Cells:
    return Cells(
        low=cells.low[row, columns],
        mode=cells.mode[row, columns],
        high=cells.high[row, columns],
        unknown=cells.unknown[row, columns],
    )
