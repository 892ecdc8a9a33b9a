"""Contest: the decision table behind a scorecard: vendors by criteria, with what is believed of every cell.

Two views of the same evidence, each under its name. The conservative one caps points by grade of evidence; the expected
one takes the points as stated and lets the grade say how far they may be off. Where their leaders differ, that is said.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scenarios.evidence import Evidence
from scorecards.criterion import Catalogue
from scorecards.methods.gates import excess
from scorecards.methods.tables import Floats, TableError
from scorecards.rating import Rating, Ratings, rate_all
from scorecards.robustness.cells import Cells, between, by_grade
from scorecards.robustness.draws import Tree
from scorecards.robustness.ladder import Steps
from scorecards.rubric import TOP
from scorecards.scorecard import Standing, floors, row_weight, score
from scorecards.weighting import Weighting


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contest:
    """Vendors (rows) by criteria (columns) under one weighting; ``outer`` are the dimensions' shares of the total.

    ``expected`` and ``conservative`` are the two views of every cell, ``grades`` the weakest evidence class of each
    ("" unknown), ``eligible`` says yes, conditional or no of each vendor; ``tie_band`` (points) and ``steps`` are
    policy. ``floors`` are the points that the gates among the criteria ask for (NaN: no gate): of those rows the cells
    hold the excess only, stretched over the scale. Where nothing is known of a gate's row, its excess may be anything:
    whoever ends below the gate is out of the contest, and no total of it counts.
    """

    vendors: tuple[str, ...]
    criteria: tuple[str, ...]
    dimensions: tuple[str, ...]
    tree: Tree
    outer: Floats
    expected: Cells
    conservative: Cells
    grades: NDArray[np.object_]
    eligible: tuple[str, ...]
    tie_band: float
    steps: Steps
    floors: Floats

    @property
    def weights(self) -> Floats:
        """The weight of every criterion; they sum to 1."""
        return self.tree.spread(self.outer)

    def by_dimension(self, cells: Cells) -> Floats:
        """Return the mean points of every vendor (rows) in every dimension (columns)."""
        found = np.zeros((len(self.vendors), len(self.dimensions)))
        for place in range(len(self.dimensions)):
            own = self.tree.dimension == place
            found[:, place] = cells.mean[:, own] @ self.tree.within[own]
        return found

    def without(self, *, grades: Iterable[str]) -> "Contest":
        """The contest when evidence of some grades is not believed at all: its cells become unknown."""
        out = np.isin(self.grades.astype(str), list(grades))

        def emptied(cells: Cells) -> Cells:
            low, high = np.where(out, 0.0, cells.low), np.where(out, TOP, cells.high)
            return Cells(low=low, mode=np.where(out, low, cells.mode), high=high, unknown=cells.unknown | out)

        return replace(
            self,
            expected=emptied(self.expected),
            conservative=emptied(self.conservative),
            grades=np.where(out, "", self.grades),
        )

    def with_own(self, other: "Contest", criteria: Iterable[str], vendors: Iterable[str]) -> "Contest":
        """The contest in which what is believed of some rows of some vendors is as in another one of the same names."""
        at = np.ix_([self.vendors.index(one) for one in vendors], [self.criteria.index(one) for one in criteria])
        there = np.ix_([other.vendors.index(one) for one in vendors], [other.criteria.index(one) for one in criteria])

        def taken(mine: Cells, theirs: Cells) -> Cells:
            parts = {name: getattr(mine, name).copy() for name in ("low", "mode", "high", "unknown")}
            for name, part in parts.items():
                part[at] = getattr(theirs, name)[there]
            return Cells(**parts)

        return replace(
            self,
            expected=taken(self.expected, other.expected),
            conservative=taken(self.conservative, other.conservative),
        )

    def mix(self) -> Mapping[str, Mapping[str, float]]:
        """Return for each vendor the share of all weight that rests on each evidence class ("" is unknown)."""
        names = sorted({str(grade) for grade in self.grades.ravel()})
        return {
            vendor: {name: float(self.weights[self.grades[row].astype(str) == name].sum()) for name in names}
            for row, vendor in enumerate(self.vendors)
        }


def contest(evidence: Iterable[Evidence], weighting: Weighting, catalogue: Catalogue) -> Contest:
    """Return the contest of all targets in the evidence; raises TableError where there is none.

    A row that is waived for one vendor counts for it as the mean of its other rows in the dimension, so that it neither
    gains nor loses; a row that is waived for all leaves. Of a gate's row only the excess above the gate is weighed.
    """
    pieces = tuple(evidence)
    capped = rate_all(pieces, catalogue)
    stated = rate_all(pieces, _uncapped(catalogue))
    if not capped.targets:
        raise TableError("contest: no target has evidence yet; run scenarios first")
    standings = score(capped, weighting, catalogue).standings
    rows = tuple(one for one in _weighed(weighting, catalogue) if _applies(capped, one[0]))
    names = tuple(one[0] for one in rows)
    codes = tuple(code for code in weighting.dimensions if any(one[1] == code for one in rows))
    tree = Tree.of([codes.index(one[1]) for one in rows], [one[2] for one in rows])
    asked = floors(weighting, catalogue)
    gate_at = np.array([asked.get(name, np.nan) for name in names])
    shares = np.array([weighting.dimensions[code] for code in codes])
    grades = np.array([[_grade(capped.of(v, c)) for c in names] for v in capped.targets], dtype=object)
    return Contest(
        vendors=capped.targets,
        criteria=names,
        dimensions=codes,
        tree=tree,
        outer=shares / shares.sum(),
        expected=_waived(stated, names, _counted(_expected(stated, names, grades), gate_at), tree),
        conservative=_waived(capped, names, _counted(_bounded(capped, names), gate_at), tree),
        grades=grades,
        eligible=tuple(_gates(one) for one in standings),
        tie_band=catalogue.tie_band,
        steps=catalogue.steps,
        floors=gate_at,
    )


def _gates(standing: Standing) -> str:
    return standing.eligible.value


def _weighed(weighting: Weighting, catalogue: Catalogue) -> list[tuple[str, str, float]]:
    asked = floors(weighting, catalogue)
    found = [
        (one.id, dimension.code, row_weight(one, weighting, asked))
        for dimension in catalogue.weighted
        for one in catalogue.of(dimension.code)
        if weighting.dimensions.get(dimension.code, 0) > 0
    ]
    return [one for one in found if one[2] > 0]


def _uncapped(catalogue: Catalogue) -> Catalogue:
    rows = tuple(replace(one, caps=dict.fromkeys(one.caps, TOP)) for one in catalogue.criteria)
    return replace(catalogue, criteria=rows)


def _applies(ratings: Ratings, criterion: str) -> bool:
    return any(ratings.of(vendor, criterion).applicable for vendor in ratings.targets)


def _grade(rating: Rating) -> str:
    return rating.grade.value if rating.grade is not None and rating.observed is not None else ""


def _table(ratings: Ratings, names: tuple[str, ...], what: str) -> Floats:
    found = [[getattr(ratings.of(v, c), what) for c in names] for v in ratings.targets]
    return np.array(found, dtype=np.float64)


def _counted(cells: Cells, gate_at: Floats) -> Cells:
    low, mode, high = (excess(one, gate_at) for one in (cells.low, cells.mode, cells.high))
    return Cells(low=low, mode=mode, high=high, unknown=cells.unknown)


def _bounded(ratings: Ratings, names: tuple[str, ...]) -> Cells:
    """Cells between worst and best case; where nothing is observed any value in between is as likely."""
    low, seen, high = (_table(ratings, names, what) for what in ("worst", "observed", "best"))
    return between(low, seen, high)


def _expected(ratings: Ratings, names: tuple[str, ...], grades: NDArray[np.object_]) -> Cells:
    """Cells spread by their grade, complete ones and words; where checks are open, between worst and best case."""
    low, seen, high = (_table(ratings, names, what) for what in ("worst", "observed", "best"))
    spread = by_grade(seen, grades)
    told = np.array([[ratings.of(v, c).stated is not None for c in names] for v in ratings.targets])
    partly = ((high - low > 1e-12) & ~told) | np.isnan(seen)
    return Cells(
        low=np.where(partly, low, spread.low),
        mode=np.where(partly, np.where(np.isnan(seen), low, seen), spread.mode),
        high=np.where(partly, high, spread.high),
        unknown=np.isnan(seen),
    )


def _waived(ratings: Ratings, names: tuple[str, ...], cells: Cells, tree: Tree) -> Cells:
    applies = np.array([[ratings.of(v, c).applicable for c in names] for v in ratings.targets])
    if applies.all():
        return cells
    low, mode, high, unknown = cells.low.copy(), cells.mode.copy(), cells.high.copy(), cells.unknown.copy()
    mean = cells.mean
    for row, column in np.argwhere(~applies):
        own = (tree.dimension == tree.dimension[column]) & applies[row]
        share = tree.within[own]
        neutral = float(mean[row, own] @ share / share.sum()) if share.sum() > 0 else TOP / 2
        low[row, column] = mode[row, column] = high[row, column] = neutral
        unknown[row, column] = False
    return Cells(low=low, mode=mode, high=high, unknown=unknown)
