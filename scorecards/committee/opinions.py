"""Opinions: many people's points on the same cells: medians with every value kept, and where to talk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scorecards.committee.ballots import Ballot
from scorecards.criterion import dimension_of
from scorecards.methods.agreement import kendall_w, krippendorff
from scorecards.methods.tables import Floats, TableError

#: A cell is talked about when points lie this far apart, or the middle half of them does.
RANGE, MIDDLE = 2.0, 1.0
#: A value this far from the median, and this many times the middle half away, stands out.
FAR, TIMES = 2.0, 1.5
#: Krippendorff 2004: from here agreement is good, from there tentative, below the rubric is to be explained again.
GOOD, TENTATIVE = 0.80, 0.667


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What was said of one cell: every value by member, in their names; None is an abstention and counts nowhere."""

    cell: str
    values: Mapping[str, float | None]

    @property
    def known(self) -> Floats:
        """The values without abstentions."""
        return np.array([value for value in self.values.values() if value is not None])

    @property
    def median(self) -> float | None:
        """The median; None where everybody abstained: that is unknown, not 0."""
        return float(np.median(self.known)) if self.known.size else None

    @property
    def spread(self) -> float:
        """Largest minus smallest value."""
        return float(np.ptp(self.known)) if self.known.size else 0.0

    @property
    def middle_half(self) -> float:
        """The distance between the quartiles."""
        low, high = np.quantile(self.known, [0.25, 0.75]) if self.known.size else (0.0, 0.0)
        return float(high - low)

    @property
    def to_discuss(self) -> bool:
        """Whether points differ enough to talk before the next round."""
        return self.spread >= RANGE or self.middle_half > MIDDLE

    @property
    def outliers(self) -> tuple[str, ...]:
        """Members whose value stands out; they are shown and asked, never left out."""
        middle = self.median
        if middle is None:
            return ()
        limit = max(FAR, TIMES * self.middle_half)
        return tuple(
            name for name, value in self.values.items() if value is not None and abs(value - middle) > limit - 1e-9
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinions:
    """All cells of one round."""

    round: int
    members: tuple[str, ...]
    cells: Mapping[str, Cell]

    @property
    def medians(self) -> Mapping[str, float | None]:
        """The median of every cell."""
        return {name: cell.median for name, cell in self.cells.items()}

    @property
    def to_discuss(self) -> tuple[str, ...]:
        """The cells to talk about, widest first."""
        return tuple(sorted((n for n, c in self.cells.items() if c.to_discuss), key=lambda n: -self.cells[n].spread))

    def matrix(self) -> Floats:
        """Return members x cells, NaN where somebody abstained."""
        rows = [[self.cells[cell].values.get(member) for cell in self.cells] for member in self.members]
        return np.array(rows, dtype=np.float64)

    @property
    def alpha(self) -> float:
        """Krippendorff's ordinal alpha over all cells."""
        return krippendorff(self.matrix(), level="ordinal")

    @property
    def agreement(self) -> str:
        """The agreement in a word: good, tentative, brief_again, unknown."""
        alpha = self.alpha
        if np.isnan(alpha):
            return "unknown"
        return "good" if alpha >= GOOD else "tentative" if alpha >= TENTATIVE else "brief_again"

    def disagreement(self) -> Mapping[str, Mapping[str, float]]:
        """Return for each member and dimension how far their points lie from the medians on average, with sign."""
        found: dict[str, dict[str, list[float]]] = {member: {} for member in self.members}
        for name, cell in self.cells.items():
            dimension = dimension_of(name.rpartition("/")[2])
            for member, value in cell.values.items():
                if value is not None and cell.median is not None:
                    found[member].setdefault(dimension, []).append(value - cell.median)
        return {m: {d: float(np.mean(v)) for d, v in own.items()} for m, own in found.items()}


def gathered(ballots: Sequence[Ballot]) -> Opinions:
    """Return the opinions of one round; every member's ballot once. Raises TableError otherwise."""
    rounds = {one.round for one in ballots}
    names = [one.member for one in ballots]
    if len(rounds) != 1 or len(set(names)) < len(names):
        raise TableError("ballots: give one for each member, all of one round")
    cells = dict.fromkeys(cell for one in ballots for cell in one.scores)
    return Opinions(
        round=rounds.pop(),
        members=tuple(names),
        cells={cell: Cell(cell=cell, values={one.member: one.scores.get(cell) for one in ballots}) for cell in cells},
    )


def objective(cell: str, values: Mapping[str, float]) -> float:
    """Return the one value of an objective cell; raises TableError naming who differs.

    Order 87, article 64 lets inconsistent objective scores be corrected, and only these and plain slips.
    """
    counts: dict[float, list[str]] = {}
    for name, value in values.items():
        counts.setdefault(value, []).append(name)
    if len(counts) > 1:
        usual = max(counts, key=lambda value: len(counts[value]))
        other = sorted(name for value, names in counts.items() if value != usual for name in names)
        raise TableError(f"{cell}: an objective value differs at {', '.join(other)}; measure again and correct it")
    return next(iter(counts))


def pivotal(leaders: Mapping[str, str], leader: str) -> tuple[str, ...]:
    """Return the members without whom another would lead; ``leaders`` says who leads without each."""
    return tuple(sorted(member for member, other in leaders.items() if other != leader))


def concordance(rankings: Mapping[str, Sequence[float]]) -> float:
    """Return Kendall's W of the members' rankings of the vendors (rows of ranks)."""
    return kendall_w(list(rankings.values())).w
