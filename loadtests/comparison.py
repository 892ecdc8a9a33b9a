"""Comparison: two sides of load runs beside each other, and one target's runs over time; a run is one observation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal

from loadtests.arithmetic.arms import FEWEST_RUNS, MARGIN, Ratio, gap, ratio
from loadtests.arithmetic.slopes import FEWEST, Drift, drift
from loadtests.judging import by_second
from loadtests.objectives import Objective
from loadtests.result import LoadResult

#: Quantiles that are compared as ratios. A p99 is moved by single stalls: shares beyond a promise tell it better.
QUANTILES = (0.5, 0.9, 0.95)


class ComparisonError(ValueError):
    """Runs that cannot be compared; the text says why and what would help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One line of a comparison: what is compared, the middle value of each side, the difference, what it proves.

    Quantiles are in ms and differ by a factor; shares of bad requests differ by what is subtracted.
    """

    what: str
    first: float
    second: float
    seen: float
    lower: float | None
    upper: float | None
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All differences, how many runs each side has, and what lessens their worth."""

    runs: tuple[int, int]
    paired: bool
    quantiles: tuple[Difference, ...]
    shares: tuple[Difference, ...]
    notes: tuple[str, ...]

    @property
    def slower(self) -> bool:
        """Whether the second side is proven worse in any line."""
        return any(one.verdict in ("slower", "more") for one in (*self.quantiles, *self.shares))


def compare(
    first: Sequence[LoadResult],
    second: Sequence[LoadResult],
    *,
    kind: Literal["read", "write"] | None = None,
    margin: float = MARGIN,
    unit: str = "runs",
) -> Comparison:
    """Return how the second side differs from the first; raises ComparisonError.

    ``kind`` restricts it to reads or writes. Both sides must have been pressed with the same workload but for seeds.
    """
    if unit != "runs":
        raise ComparisonError(
            f"a comparison by {unit} is refused: requests of one run share its luck, and bootstrapping them raises 76 "
            f"false alarms in 100 comparisons of a system with itself. Make {FEWEST_RUNS} runs of each side instead"
        )
    if not first or not second:
        raise ComparisonError("each side needs a run at least: make some with `touchstone load run`")
    _alike([*first, *second])
    seeds = [[one.workload.seed for one in side] for side in (first, second)]
    paired = sorted(seeds[0]) == sorted(seeds[1]) and len(set(seeds[0])) == len(seeds[0]) > 1
    sides = [sorted(side, key=lambda one: one.workload.seed) if paired else side for side in (first, second)]
    return Comparison(
        runs=(len(first), len(second)),
        paired=paired,
        quantiles=tuple(_quantile(q, *sides, kind=kind, margin=margin, paired=paired) for q in QUANTILES),
        shares=tuple(_share(one, *sides, paired=paired) for one in first[0].workload.promises() if one.proportion),
        notes=tuple(_notes(first, second)),
    )


def _alike(ran: Sequence[LoadResult]) -> None:
    asked = [{k: v for k, v in one.workload.as_dict().items() if k != "seed"} for one in ran]
    for other in asked[1:]:
        if unlike := sorted(k for k in asked[0].keys() | other.keys() if asked[0].get(k) != other.get(k)):
            raise ComparisonError(
                f"the runs were pressed differently ({', '.join(unlike)}): compare runs of one workload"
            )


def _latencies(side: Sequence[LoadResult], q: float, kind: str | None) -> list[float]:
    seen = [one.histogram(kind=kind).quantile(q) for one in side]
    if not all(seen):
        raise ComparisonError(f"a run of {side[0].target} has no answered {kind or 'request'}: leave it out")
    return [value / 1000 for value in seen if value]


def _quantile(
    q: float,
    first: Sequence[LoadResult],
    second: Sequence[LoadResult],
    *,
    kind: str | None,
    margin: float,
    paired: bool,
) -> Difference:
    sides = _latencies(first, q, kind), _latencies(second, q, kind)
    told: Ratio = ratio(*sides, margin=margin, paired=paired)
    return Difference(
        what=f"{kind or 'all'} p{q * 100:g}",
        first=median(sides[0]),
        second=median(sides[1]),
        seen=told.seen,
        lower=told.lower,
        upper=told.upper,
        verdict=told.verdict,
    )


def _share(
    objective: Objective, first: Sequence[LoadResult], second: Sequence[LoadResult], *, paired: bool
) -> Difference:
    sides = [[_bad(one, objective) for one in side] for side in (first, second)]
    what, middles = f"{objective.name}: share that breaks it", [median(side) for side in sides]
    if min(map(len, sides)) < 2:
        seen = middles[1] - middles[0]
        return Difference(
            what=what, first=middles[0], second=middles[1], seen=seen, lower=None, upper=None, verdict="indicative"
        )
    told = gap(*sides, paired=paired)
    verdict = "more" if told.lower > 0 else "fewer" if told.upper < 0 else "cannot tell"
    if min(map(len, sides)) < FEWEST_RUNS:
        verdict = "indicative"
    return Difference(
        what=what,
        first=middles[0],
        second=middles[1],
        seen=told.seen,
        lower=told.lower,
        upper=told.upper,
        verdict=verdict,
    )


def _bad(one: LoadResult, objective: Objective) -> float:
    counted = by_second(one, objective).values()
    n = sum(n for n, _ in counted)
    return sum(bad for _, bad in counted) / n if n else 1.0


def _notes(first: Sequence[LoadResult], second: Sequence[LoadResult]) -> Sequence[str]:
    told = []
    if min(len(first), len(second)) < FEWEST_RUNS:
        told.append(f"fewer than {FEWEST_RUNS} runs a side: indicative, no verdict")
    orders = sorted([(one.began, 0) for one in first] + [(one.began, 1) for one in second])
    if min(len(first), len(second)) > 1 and sum(a[1] != b[1] for a, b in pairwise(orders)) == 1:
        told.append("one side was pressed wholly before the other: what changed in between is in the difference")
    if late := [one for one in (*first, *second) if one.excuse()]:
        told.append(f"{len(late)} runs were not valid: {late[0].excuse()}")
    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """How a target's latency moves from run to run: drift as a share of the median a run; None if too few runs."""

    workload: str
    runs: tuple[Mapping[str, float | None], ...]
    p50: Drift | None
    p99: Drift | None


def trends(ran: Sequence[LoadResult], budget: float = 0.01) -> tuple[Trend, ...]:
    """Return the trend of a target's runs, oldest first, apart for each workload and rate; valid runs only are judged.

    ``budget`` is the growth a run up to which a target counts as steady; below five valid runs nothing is told.
    """
    groups: dict[tuple[str, float], list[LoadResult]] = {}
    for one in ran:
        groups.setdefault((one.workload.name, one.workload.rate), []).append(one)
    return tuple(_trend(f"{name} at {rate:g}/s", side, budget) for (name, rate), side in groups.items())


def _trend(name: str, side: Sequence[LoadResult], budget: float) -> Trend:
    told = [_facts(one) for one in side]
    valid = [facts for facts, one in zip(told, side, strict=True) if not one.excuse()]
    drifts = [_drift([facts[q] for facts in valid], budget) for q in ("p50_ms", "p99_ms")]
    return Trend(workload=name, runs=tuple(told), p50=drifts[0], p99=drifts[1])


def _drift(values: Sequence[float | None], budget: float) -> Drift | None:
    seen = [value for value in values if value is not None]
    return drift(range(len(seen)), seen, budget) if len(seen) >= FEWEST else None


def _facts(one: LoadResult) -> Mapping[str, float | None]:
    whole = one.histogram()
    quantiles = {f"p{q * 100:g}_ms": whole.quantile(q) for q in (0.5, 0.95, 0.99)}
    return {
        "began": one.began,
        **{name: None if value is None else value / 1000 for name, value in quantiles.items()},
        "errors": one.error_share,
        "achieved": one.achieved_share if one.released else None,
        "valid": float(not one.excuse()),
    }
