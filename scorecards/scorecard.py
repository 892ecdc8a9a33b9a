"""score(): targets side by side under one weighting, each with its interval, its coverage and its gates."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from html import escape

from scorecards.criterion import Catalogue, Criterion
from scorecards.methods.gates import GateState, excess, excess_weights, gate_state
from scorecards.rating import Rating, Ratings
from scorecards.rubric import TOP
from scorecards.weighting import Weighting, WeightingError


class Eligible(StrEnum):
    """What the gates together say of a target, however high its total."""

    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Points from 0 to 5: ``observed`` (None: nothing seen), ``worst`` and ``best`` case; coverage is a share."""

    observed: float | None
    worst: float
    best: float
    coverage: float

    @property
    def hundred(self) -> "Score":
        """The same on a scale from 0 to 100."""
        seen = None if self.observed is None else self.observed * 20
        return Score(observed=seen, worst=self.worst * 20, best=self.best * 20, coverage=self.coverage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One knock-out criterion of one target."""

    criterion: str
    state: GateState
    observed: float | None
    worst: float
    best: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One target's line: its total, its dimensions, its gates. It never depends on any other target.

    ``weights`` holds the share of the total (they sum to 1) that hangs on each applicable criterion: the total moves by
    that share of every point that counts. ``swings`` holds by how many points the total moves between the worst and the
    best case of each. Of a gate's row only what is above the gate counts.
    """

    target: str
    overall: Score
    dimensions: Mapping[str, Score]
    gates: tuple[Gate, ...]
    eligible: Eligible
    weights: Mapping[str, float]
    swings: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """The standings under one weighting, in alphabetical order of targets; ``process`` is the committee's own score."""

    weighting: Weighting
    standings: tuple[Standing, ...]
    process: Score | None
    tie_band: float

    def of(self, target: str) -> Standing:
        """The line of one target."""
        return next(one for one in self.standings if one.target == target)

    def ranking(self) -> tuple[tuple[str, ...], ...]:
        """Targets by observed total in groups of ties, best first: ineligible ones, then unseen ones, come last.

        Whoever is within the tie band of the first of a group shares its place.
        """
        groups: list[list[Standing]] = []
        for one in sorted(self.standings, key=lambda one: (_class(one), -(one.overall.observed or 0.0), one.target)):
            first = groups[-1][0] if groups else None
            together = first is not None and _class(first) == _class(one)
            if first and together and (first.overall.observed or 0) - (one.overall.observed or 0) <= self.tie_band:
                groups[-1].append(one)
            else:
                groups.append([one])
        return tuple(tuple(one.target for one in group) for group in groups)

    def rows(self) -> list[dict[str, object]]:
        """One plain row for each target and dimension, and one with dimension ``ALL`` for each total."""
        return [
            {
                "target": one.target,
                "dimension": code,
                "observed": score.observed,
                "worst": score.worst,
                "best": score.best,
                "coverage": score.coverage,
                "weight": self.weighting.dimensions.get(code, 1.0),
                "eligible": one.eligible.value,
            }
            for one in self.standings
            for code, score in {"ALL": one.overall, **one.dimensions}.items()
        ]

    def _repr_html_(self) -> str:
        """A small table for notebooks: observed and interval for each target and dimension."""
        codes = list(self.weighting.dimensions)
        head = "".join(f"<th>{name}</th>" for name in ("target", "total", *codes, "coverage", "eligible"))
        body = "".join(
            f"<tr><th>{escape(one.target)}</th>"
            + "".join(f"<td>{_cell(score)}</td>" for score in (one.overall, *map(one.dimensions.get, codes)))
            + f"<td>{one.overall.coverage:.0%}</td><td>{one.eligible.value}</td></tr>"
            for one in self.standings
        )
        return f"<table><caption>{escape(self.weighting.name)}</caption><tr>{head}</tr>{body}</table>"


def _class(one: Standing) -> int:
    """0 for targets that may win, 1 for those without a figure, 2 for those that failed a gate."""
    return 2 if one.eligible is Eligible.NO else 1 if one.overall.observed is None else 0


def _cell(score: Score | None) -> str:
    if score is None:
        return "waived"
    seen = "–" if score.observed is None else f"{score.observed:.2f}"
    return f"{seen} <small>[{score.worst:.2f}, {score.best:.2f}]</small>"


def score(ratings: Ratings, weighting: Weighting, catalogue: Catalogue, *, on: date | None = None) -> Scorecard:
    """Weigh the ratings of every target.

    A waiver counts while it has not expired ``on`` that day; by default the day of the target's youngest evidence.
    Raises ``WeightingError`` when the weighting names a criterion that the catalogue lacks.
    """
    scale = _Scale(weighting, catalogue, on)
    return Scorecard(
        weighting=weighting,
        standings=tuple(_standing(target, rows, scale) for target, rows in ratings.by_target.items()),
        process=weigh((rating, catalogue.by_id[rating.criterion].weight) for rating in ratings.process.values()),
        tie_band=catalogue.tie_band,
    )


def weigh(rows: Iterable[tuple[Rating, float]]) -> Score | None:
    """The weighted mean of ratings: V = sum(w v) / sum(w) over applicable rows; None when there are none.

    Keeney and Raiffa 1976, Decisions with Multiple Objectives, additive form on fixed scales. ``observed`` is the mean
    over the rows that have one, kept within the worst and best case of all rows. ``coverage`` is the weight's share
    that is decided.
    """
    live = [(rating, weight) for rating, weight in rows if rating.applicable and weight > 0]
    if not live:
        return None
    worst = _mean((rating.worst, weight) for rating, weight in live)
    best = _mean((rating.best, weight) for rating, weight in live)
    seen = [(rating.observed, weight) for rating, weight in live if rating.observed is not None]
    return Score(
        observed=max(min(_mean(seen), best), worst) if seen else None,
        worst=worst,
        best=best,
        coverage=_mean((rating.coverage, weight) for rating, weight in live),
    )


def _mean(pairs: Iterable[tuple[float, float]]) -> float:
    """Exactly rounded sums: the order of the rows changes no bit."""
    known = list(pairs)
    return math.fsum(value * weight for value, weight in known) / math.fsum(weight for _, weight in known)


def floors(weighting: Weighting, catalogue: Catalogue) -> Mapping[str, float]:
    """Return the points that gates already ask for, by criterion: only what is above them enters a total.

    A waiver lets a target through and moves no scale: it expires, and totals must not change that day.
    """
    if catalogue.gate_scores == "whole":
        return {}
    return {one.id: catalogue.gate_at for one in catalogue.of_targets if one.gate or one.id in weighting.gates}


def row_weight(row: Criterion, weighting: Weighting, floors: Mapping[str, float]) -> float:
    """Return a row's weight within its dimension: the bank's own or the catalogue's, of a gate what is left of it."""
    return float(excess_weights(weighting.criteria.get(row.id, row.weight), floors.get(row.id, math.nan)))


def counted(rating: Rating, floors: Mapping[str, float]) -> Rating:
    """Return a rating in the points that enter a total: as it is, or of a gate's row its excess on the same scale."""
    if rating.criterion not in floors:
        return rating
    worst, best, observed = excess(
        [rating.worst, rating.best, math.nan if rating.observed is None else rating.observed], floors[rating.criterion]
    ).tolist()
    return replace(rating, worst=worst, best=best, observed=None if rating.observed is None else observed)


class _Scale:
    """What every target is held against: the weights of rows and dimensions, and the gates."""

    def __init__(self, weighting: Weighting, catalogue: Catalogue, on: date | None) -> None:
        for name in (*weighting.criteria, *weighting.gates, *(one.gate for one in weighting.waivers)):
            if name not in catalogue.by_id:
                raise WeightingError(
                    f"weighting {weighting.name!r} names criterion {name!r}, which does not exist; remove it"
                )
        self.weighting, self.on, self.gate_at = weighting, on, catalogue.gate_at
        self.gates = tuple(one.id for one in catalogue.of_targets if one.gate or one.id in weighting.gates)
        self.floors = floors(weighting, catalogue)
        self.rows = {
            dimension.code: {one.id: row_weight(one, weighting, self.floors) for one in catalogue.of(dimension.code)}
            for dimension in catalogue.weighted
        }

    def dropped(self, target: str, rows: Mapping[str, Rating]) -> frozenset[str]:
        """The gates of a target under a waiver that is live on the day."""
        begun = [rating.latest for rating in rows.values() if rating.latest is not None]
        day = self.on or (max(begun).date() if begun else self.weighting.agreed_on)
        live = (one for one in self.weighting.waivers if day is None or one.expires >= day)
        return frozenset(one.gate for one in live if one.target in ("", target))


def _standing(target: str, rows: Mapping[str, Rating], scale: _Scale) -> Standing:
    dimensions, weighed = {}, []
    for code, weights in scale.rows.items():
        own = [(counted(rows[name], scale.floors), weight) for name, weight in weights.items() if rows[name].applicable]
        if (part := weigh(own)) is not None:
            dimensions[code] = part
            total = math.fsum(weight for _, weight in own)
            weighed += [(rating, scale.weighting.dimensions[code] * weight / total) for rating, weight in own]
    dropped, all_weights = scale.dropped(target, rows), math.fsum(weight for _, weight in weighed)
    gates = tuple(_gate(rows[name], scale.gate_at, name in dropped) for name in scale.gates)
    return Standing(
        target=target,
        overall=weigh(weighed) or Score(observed=None, worst=0.0, best=TOP, coverage=0.0),
        dimensions=dimensions,
        gates=gates,
        eligible=_eligible(gates),
        weights={rating.criterion: weight / all_weights for rating, weight in weighed if all_weights},
        swings={r.criterion: (r.best - r.worst) * weight / all_weights for r, weight in weighed if all_weights},
    )


def _gate(rating: Rating, threshold: float, dropped: bool) -> Gate:
    state = GateState.WAIVED
    if not dropped and rating.applicable:
        state = gate_state(rating.worst, rating.best, threshold, seen=rating.coverage > 0)
    return Gate(criterion=rating.criterion, state=state, observed=rating.observed, worst=rating.worst, best=rating.best)


def _eligible(gates: tuple[Gate, ...]) -> Eligible:
    states = {gate.state for gate in gates}
    if GateState.FAILED in states:
        return Eligible.NO
    return Eligible.CONDITIONAL if any(state.open for state in states) else Eligible.YES
