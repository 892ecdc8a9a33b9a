"""Information: which cells to measure next, by how often knowing them would change who leads."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scorecards.methods.tables import Floats, shares
from scorecards.robustness.cells import Cells
from scorecards.robustness.draws import Chance


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


def worth_measuring(
    cells: Cells, weights: ArrayLike, *, source: Chance, draws: int = 20_000, most: int = 5
) -> tuple[Worth, ...]:
    """Return the uncertain cells most worth measuring, best first.

    EVPI of one cell = E[max_i E(V_i | cell)] - max_i E(V_i) (Howard 1966, IEEE Trans. SSC 2(1)). Weights are held at
    one vector, since measuring a vendor does not tell what the bank wants. Given a cell of alternative i, only V_i
    changes, and linearly, so the expectation given the cell is exact.
    """
    weight = shares(weights, cells.shape[1])
    means = cells.mean @ weight
    best = int(means.argmax())
    found = []
    for row in range(cells.shape[0]):
        rival = float(np.delete(means, row).max()) if len(means) > 1 else -np.inf
        for column in np.flatnonzero(cells.uncertain[row] & (weight > 0)):
            drawn = _drawn(cells, row, int(column), draws, source)
            total = means[row] + weight[column] * (drawn - cells.mean[row, column])
            gain = float(np.maximum(total, rival).mean() - max(means[row], rival))
            turns = float((total < rival).mean() if row == best else (total > rival).mean())
            found.append(Worth(row=row, column=int(column), points=max(gain, 0.0), turns=turns))
    return tuple(sorted(found, key=lambda one: (-one.points, -one.turns, one.row, one.column))[:most])


def _drawn(cells: Cells, row: int, column: int, draws: int, source: Chance) -> Floats:
    spot = np.ix_([row], [column])
    one = Cells(low=cells.low[spot], mode=cells.mode[spot], high=cells.high[spot], unknown=cells.unknown[spot])
    # evenly spaced shares instead of random ones: the mean over the distribution without noise of sampling
    return one.at(((np.arange(draws) + source.random()) / draws).reshape(draws, 1, 1)).reshape(draws)
