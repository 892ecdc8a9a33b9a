"""decide(): who leads a contest, how surely, what would change it, and what to measure next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scorecards.deciding.contest import Contest
from scorecards.deciding.omission import Omissions, Voice, alone, omissions
from scorecards.methods.gates import excess_weights
from scorecards.methods.outranking import credibility, promethee
from scorecards.methods.tables import Floats, Ints
from scorecards.methods.topsis import topsis
from scorecards.methods.value import imbalance, weighted_product, weighted_sum
from scorecards.robustness.acceptability import Acceptability, smaa
from scorecards.robustness.cells import Cells
from scorecards.robustness.draws import around, chance, of_members
from scorecards.robustness.information import Worth, worth_measuring
from scorecards.robustness.ladder import Finding, verdict
from scorecards.robustness.sensitivity import Flip, Interval, Swing, score_flips, stability, tied, tornado

DRAWS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosscheck:
    """What another method says: its points for each vendor, whom it puts first, and what it is sensitive to."""

    method: str
    points: Mapping[str, float]
    leaders: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decision:
    """Everything that is known of a choice; shares are of all draws, points from 0 to 5, weights as shares.

    ``low``, ``middle`` and ``high`` bound each vendor's total: own unknowns at 0, at their means, at 5. ``runner_up``
    has the best expected total of those who may win besides the leader; the tornado is of the lead over it.
    """

    contest: Contest
    low: Mapping[str, float]
    middle: Mapping[str, float]
    high: Mapping[str, float]
    coverage: Mapping[str, float]
    acceptability: Acceptability
    conservative: Acceptability
    pessimistic: Mapping[str, float]
    finding: Finding
    leader: str | None
    runner_up: str | None
    tie: tuple[str, ...]
    intervals: Mapping[str, Interval]
    flips: tuple[Flip, ...]
    tornado: tuple[Swing, ...]
    worth: tuple[Worth, ...]
    crosschecks: tuple[Crosscheck, ...]
    omissions: Omissions
    draws: int
    seed: int

    @property
    def views_agree(self) -> bool:
        """Whether capped points and spread points name the same vendor first among those that may win."""
        return self.leader is None or self.leader == _first(self.contest, self.conservative.first)


def decide(
    contest: Contest,
    *,
    draws: int = DRAWS,
    seed: int = 1,
    kappa: float = 60.0,
    members: Mapping[str, Mapping[str, float]] | None = None,
    voices: Mapping[str, Contest] | None = None,
) -> Decision:
    """Weigh a contest from every side.

    Weights are drawn around the agreed ones (Dirichlet with ``kappa``), or, once ``members`` (name -> dimension ->
    weight) have said theirs, one member's at a time; with ``voices`` (the same names -> the contest as that member
    judges it) the member's own points count in these draws too. The same seed gives the same figures.
    """
    drawn = _drawn(contest, draws, seed, kappa, members)
    own = tuple(voices.get(name, contest) for name in members) if members and voices else (contest,)
    # whoever a gate rules out takes no rank from those who may win; where nobody may, all are compared as they are
    rows = _running(contest)
    taking_part = rows or list(range(len(contest.vendors)))
    expected = drawn.ranked([one.expected for one in own], taking_part, seed + 1)
    conservative = drawn.ranked([one.conservative for one in own], taking_part, seed + 1)
    leader = _first(contest, expected.first)
    agree = leader is None or leader == _first(contest, conservative.first)
    pessimistic = _pessimistic(contest, own, drawn, leader, seed)
    middle = contest.expected.mean @ contest.weights
    found = _Sides(contest, leader, rows)
    doubted = _array(contest, pessimistic)
    tie = tuple(contest.vendors[rows[place]] for place in tied(middle[rows], band=contest.tie_band)) if rows else ()
    finding = verdict(
        expected.first, contest.eligible, contest.steps, pessimistic=doubted, views_agree=agree,
        tied=len(tie) > 1 and leader in tie,
    )  # fmt: skip
    said = _said(contest, members, voices, drawn, rows, leader, seed)
    return Decision(
        contest=contest,
        low=_named(contest, contest.conservative.low @ contest.weights),
        middle=_named(contest, middle),
        high=_named(contest, contest.conservative.high @ contest.weights),
        coverage=_named(contest, (~contest.expected.unknown).astype(np.float64) @ contest.weights),
        acceptability=expected,
        conservative=conservative,
        pessimistic=pessimistic,
        finding=finding,
        leader=leader,
        runner_up=found.runner_up(middle),
        tie=tie,
        intervals=found.intervals(),
        flips=found.flips(),
        tornado=found.tornado(middle),
        worth=_worth(contest, taking_part),
        crosschecks=crosschecks(contest),
        omissions=omissions(contest, rows, said),
        draws=draws,
        seed=seed,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Drawn:
    """Weights of all criteria, a row a draw, and the place of the member whose each draw is."""

    weights: Floats
    whose: Ints

    def part(self, share: int) -> "_Drawn":
        """The first of ``share`` parts of the draws."""
        count = max(len(self.weights) // share, 1)
        return _Drawn(weights=self.weights[:count], whose=self.whose[:count])

    def ranked(self, cells: Sequence[Cells], rows: list[int], seed: int) -> Acceptability:
        """Rank some alternatives; ``cells`` are one for each member, or one for all of them."""
        own, whose = [one.only(rows) for one in cells], self.whose if len(cells) > 1 else None
        return smaa(self.weights, own, source=chance(seed), members=whose).among(rows, cells[0].shape[0])


def _drawn(
    contest: Contest, draws: int, seed: int, kappa: float, members: Mapping[str, Mapping[str, float]] | None
) -> _Drawn:
    source = chance(seed)
    if members:
        rows = [[own.get(code, 0.0) for code in contest.dimensions] for own in members.values()]
        outer, whose = of_members(rows, draws, source)
    else:
        outer, whose = around(contest.outer, draws, source, kappa=kappa), np.zeros(draws, dtype=np.int64)
    return _Drawn(weights=contest.tree.spread(outer.astype(np.float32)).astype(np.float32), whose=whose)


def _worth(contest: Contest, rows: list[int]) -> tuple[Worth, ...]:
    found = worth_measuring(contest.expected.only(rows), contest.weights)
    return tuple(replace(one, row=rows[one.row]) for one in found)


def _running(contest: Contest) -> list[int]:
    return [row for row, state in enumerate(contest.eligible) if state != "no"]


def _first(contest: Contest, first: Floats) -> str | None:
    rows = _running(contest)
    return contest.vendors[max(rows, key=lambda row: (first[row], -row))] if rows else None


def _named(contest: Contest, values: Floats) -> dict[str, float]:
    return {vendor: float(value) for vendor, value in zip(contest.vendors, values, strict=True)}


def _array(contest: Contest, named: Mapping[str, float]) -> Floats:
    return np.array([named.get(vendor, 0.0) for vendor in contest.vendors])


def _pessimistic(
    contest: Contest, own: Sequence[Contest], drawn: _Drawn, leader: str | None, seed: int
) -> dict[str, float]:
    """How often the leader still leads with its own unknowns between 0 and 2 points."""
    if leader is None:
        return {}
    row, rows = contest.vendors.index(leader), _running(contest)
    seen = drawn.part(5).ranked([one.expected.pessimistic(row) for one in own], rows, seed + 3)
    return {leader: float(seen.first[row])}


def _said(
    contest: Contest, members: Mapping[str, Mapping[str, float]] | None, voices: Mapping[str, Contest] | None,
    drawn: _Drawn, rows: list[int], leader: str | None, seed: int,
) -> dict[str, Voice]:  # fmt: skip
    """Return what each member says on their own, from a fifth of the draws."""
    if not members or leader is None:
        return {}
    tables, part = {name: (voices or {}).get(name, contest) for name in members}, drawn.part(5)
    return alone(tables, part.weights, part.whose, rows, chance(seed + 5), leader)


class _Sides:
    """Sensitivities among those who may win; empty where fewer than two may."""

    def __init__(self, contest: Contest, leader: str | None, rows: list[int]) -> None:
        self.contest, self.rows = contest, rows
        self.leader = contest.vendors.index(leader) if leader else None
        self.means = contest.expected.mean

    def intervals(self) -> dict[str, Interval]:
        if self.leader is None:
            return {}
        values = self.contest.by_dimension(self.contest.expected)[self.rows]
        found = stability(values, self.contest.outer, leader=self.rows.index(self.leader))
        return dict(zip(self.contest.dimensions, found, strict=True))

    def flips(self) -> tuple[Flip, ...]:
        if len(self.rows) < 2:
            return ()
        # told in points of the rating, of which a gate's row stretches the last few over the whole scale
        swing = excess_weights(np.ones(len(self.contest.criteria)), self.contest.floors)
        found = score_flips(self.means[self.rows], self.contest.weights, most=12)
        return tuple(
            replace(one, row=self.rows[one.row], change=one.change * float(swing[one.column])) for one in found
        )

    def runner_up(self, middle: Floats) -> str | None:
        others = [row for row in self.rows if row != self.leader]
        return self.contest.vendors[max(others, key=lambda row: middle[row])] if others else None

    def tornado(self, middle: Floats) -> tuple[Swing, ...]:
        if self.leader is None or (rival := self.runner_up(middle)) is None:
            return ()
        at = self.contest.vendors.index(rival)
        return tornado(self.contest.expected, self.contest.weights, leader=self.leader, rival=at)[:12]


def crosschecks(contest: Contest) -> tuple[Crosscheck, ...]:
    """Return what other methods say of the cells' means; none is the verdict, each shows something of its own."""
    means, weights = contest.expected.mean, contest.weights
    dimensions = contest.by_dimension(contest.expected)
    strong = credibility(dimensions, contest.outer).sigma
    np.fill_diagonal(strong, 0.0)
    points = {
        "additive": weighted_sum(means, weights),
        "weighted_product": weighted_product(dimensions, contest.outer),
        "topsis": topsis(means, weights, scaling="none", ideal=5.0, anti_ideal=0.0),
        "promethee": promethee(means, weights).net,
        "electre": strong.mean(axis=1),
        "weakest_dimension": dimensions.min(axis=1),
        "balance": 1.0 - imbalance(dimensions, contest.outer),
    }
    return tuple(_crosscheck(contest, name, values) for name, values in points.items())


def _crosscheck(contest: Contest, name: str, values: Floats) -> Crosscheck:
    rows = _running(contest)
    best = max((values[row] for row in rows), default=np.nan)
    leaders = tuple(contest.vendors[row] for row in rows if values[row] >= best - 1e-9)
    return Crosscheck(method=name, points=_named(contest, values), leaders=leaders)
