"""Figures: what repeated load runs at one rate show together: the middle of the repeats, and how far they lie apart."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from loadtests.result import LoadResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """One figure over repeats: the middle one, the least and the most; None where a repeat had nothing to tell."""

    middle: float | None
    least: float | None
    most: float | None

    @classmethod
    def of(cls, values: Iterable[float | None]) -> "Spread":
        """Gather the values of the repeats."""
        known = [one for one in values if one is not None]
        return cls(middle=median(known), least=min(known), most=max(known)) if known else cls(
            middle=None, least=None, most=None
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A target at one rate of arrivals a second: latencies of its replies in ms, shares of arrivals and of requests."""

    rate: float
    repeats: int
    reads_p95: Spread
    writes_p95: Spread
    finished: Spread  # share of arrivals that came to their end
    errors: Spread  # share of requests that were refused, throttled or lost
    requests: Spread  # requests answered a second
    faults: tuple[str, ...]  # what was wrong with our own generator


def pressed(results: Iterable[LoadResult]) -> Mapping[float, Pressed]:
    """Return what load runs show, by rate; those that were stopped early are left out."""
    by_rate: dict[float, list[LoadResult]] = defaultdict(list)
    for one in results:
        if not one.stopped_early:
            by_rate[one.workload.rate].append(one)
    return {rate: _pressed(rate, ran) for rate, ran in sorted(by_rate.items())}


def _pressed(rate: float, ran: list[LoadResult]) -> Pressed:
    return Pressed(
        rate=rate,
        repeats=len(ran),
        reads_p95=Spread.of(_p95(one, "read") for one in ran),
        writes_p95=Spread.of(_p95(one, "write") for one in ran),
        finished=Spread.of(one.achieved_share for one in ran),
        errors=Spread.of(one.error_share for one in ran),
        requests=Spread.of(_throughput(one) for one in ran),
        faults=tuple(dict.fromkeys(fault for one in ran for fault in one.faults())),
    )


def _p95(one: LoadResult, kind: str) -> float | None:
    seen = one.histogram(kind=kind).quantile(0.95)
    return None if seen is None else seen / 1000


def _throughput(one: LoadResult) -> float | None:
    seconds = one.workload.profile.seconds - one.workload.warm_up
    return one.outcomes().get("ok", 0) / seconds if seconds > 0 else None
