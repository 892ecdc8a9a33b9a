"""Endurance: a soak becomes findings for PER-05: does the target live, keep its pace and its memory over hours?

A drift is claimed by the end of its interval: a target is steady if it cannot well have drifted more than is allowed,
and drifts if it cannot well have drifted less.
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from loadtests.arithmetic.slopes import Drift, soaked
from loadtests.findings import Finding
from loadtests.histogram import Histogram, highest
from loadtests.result import LoadResult
from scenarios.evidence import Outcome

#: Seconds that PER-05 asks for, and those below which nothing is said of drifts at all: caches still fill.
ASKED, LEAST = 4 * 3600.0, 600.0
#: Growth an hour that is allowed, as a share; share of failed requests from which on a target is said to be down.
ALLOWED, DOWN = 0.05, 0.01
#: Microseconds within which whoever says no had the time to say yes, however busy the machine was.
AT_ONCE = 1_000_000
#: Seconds of a point of a drift.
BLOCK = 60


class Verdict(NamedTuple):
    """What a drift proves: an outcome, the figure that it rests on (a share an hour), and a note."""

    outcome: Outcome
    figure: float | None
    note: str


def endurance(result: LoadResult) -> Iterator[Finding]:
    """Yield the findings of a soak."""
    short = _short(result)
    yield _lives(result).claimed(short)
    yield _paces(result).claimed(short)
    yield _remembers(result).claimed(short)
    yield Finding(
        check="soak_corrupts_nothing",
        sentence="After the soak every record still is what it was.",
        outcome=Outcome.UNSCORED,
        note="not looked at: the load agent reads no record twice",
        harm=True,
    )


def _short(result: LoadResult) -> str:
    lasted = result.workload.seconds
    return "" if lasted >= ASKED else f"the soak lasted {lasted:.0f} s of the {ASKED:.0f} s that PER-05 asks for"


def _lives(result: LoadResult) -> Finding:
    """Judge the last tenth of the run: whoever was not answered failed."""
    counted = result.by_second()
    late = [counted[second] for second in counted if _late(result, second)]
    requests, errors = sum(n for n, _, _ in late), sum(bad for _, bad, _ in late)
    lost = max(0, result.unfinished)
    share = (errors + lost) / (requests + lost) if requests + lost else None
    bad = share is None or share > DOWN
    excuse = "no request was made in the last tenth" if share is None else _refusing(result) if bad else ""
    return Finding(
        check="the_service_survives",
        sentence="At the end of the soak the target still answers 99 of 100 requests.",
        outcome=Outcome.BLOCKED if excuse else Outcome.FAILED if bad else Outcome.PASSED,
        observed={"requests": requests, "failed_share": share},
        expected=f"share of failed requests <= {DOWN:g} over the last tenth",
        note=excuse,
    )


def _late(result: LoadResult, second: int) -> bool:
    return second >= 0.9 * result.workload.profile.seconds


def _refusing(result: LoadResult) -> str:
    """Return why failures at the end cannot be laid at the target's door, empty if they can.

    A busy machine makes answers late, lets them fail to come, or has a careful target turn some away. One that turns
    nearly all away at once has given up by itself.
    """
    if result.incomplete() or result.stopped_early:
        return result.exhausted()
    ended = [row for row in result.rows if row.metric == "service" and _late(result, row.second)]
    refused = sum(row.requests for row in ended if row.outcome == "refused" and highest(row.bin) < AT_ONCE)
    return "" if ended and refused >= (1 - DOWN) * sum(row.requests for row in ended) else result.excuse()


def _paces(result: LoadResult) -> Finding:
    seconds, latencies = _p99s(result)
    seen = soaked(seconds, latencies, ALLOWED)
    told = _drifting(result, seen, f"of {len(seconds)} minutes", result.excuse())
    return Finding(
        check="latency_does_not_drift",
        sentence="Over the second half of the soak the p99 grows by 5 % an hour at most.",
        outcome=told.outcome,
        observed=_as_seen(seen),
        expected=f"upper bound of the growth an hour <= {ALLOWED:g}",
        note=told.note,
        measures={} if told.figure is None else {"p99_slope_share_per_h": told.figure},
    )


def _remembers(result: LoadResult) -> Finding:
    used = [one for one in result.vitals if (one.part, one.metric) == ("server", "memory_mb")]
    # the first look of each minute: a busy machine leaves some seconds without one
    minutes = {int(one.second // BLOCK): one for one in reversed(used)}
    points = [minutes[minute] for minute in sorted(minutes)]
    seen = soaked([one.second for one in points], [one.value for one in points], ALLOWED)
    told = _drifting(result, seen, "of memory", _cramped(result))
    if not used:
        told = Verdict(Outcome.NOT_TESTABLE, None, "the target's processes cannot be seen from here")
    return Finding(
        check="memory_does_not_only_grow",
        sentence="Over the second half of the soak the target's memory grows by 5 % an hour at most.",
        outcome=told.outcome,
        observed={**_as_seen(seen), "mib_at_the_end": used[-1].value if used else None},
        expected=f"upper bound of the growth an hour <= {ALLOWED:g}",
        note=told.note,
        measures={} if told.figure is None else {"memory_slope_share_per_h": told.figure},
    )


def _p99s(result: LoadResult) -> tuple[Sequence[float], Sequence[float]]:
    """Return the middle of each whole minute after the warm-up and its p99 in ms."""
    blocks: dict[int, Histogram] = {}
    first, last = math.ceil(result.workload.warm_up), math.floor(result.workload.profile.seconds)
    for row in result.rows:
        if row.metric == "response" and row.kind != "batch" and row.outcome == "ok" and first <= row.second < last:
            blocks.setdefault((row.second - first) // BLOCK, Histogram()).merge(Histogram({row.bin: row.requests}))
    whole = sorted(block for block in blocks if first + (block + 1) * BLOCK <= last)
    p99s = [(blocks[block].quantile(0.99) or 0) / 1000 for block in whole]
    return [first + (block + 0.5) * BLOCK for block in whole], p99s


def _cramped(result: LoadResult) -> str:
    """Return why a growth of memory cannot be laid at the target's door, empty if it can.

    A busy machine makes no process grow: no more requests are under way than the pool has connections. Where many were
    not answered, work may have piled up within the target, and then it excuses.
    """
    answered = (result.error_share or 0.0) <= DOWN and result.finished >= (1 - DOWN) * result.released
    unmade = result.incomplete() or result.stopped_early
    return "" if answered and not unmade else result.exhausted()


def _drifting(result: LoadResult, seen: Drift | None, what: str, excuse: str) -> Verdict:
    lasted = result.workload.seconds
    if lasted < LEAST:
        return Verdict(Outcome.UNSCORED, None, f"{lasted:.0f} s tell nothing of hours: {LEAST:.0f} s at least")
    if seen is None:
        return Verdict(Outcome.UNSCORED, None, f"too few points {what}")
    if seen.verdict == "steady":
        return Verdict(Outcome.PASSED, max(seen.upper, 0.0), "")
    if seen.verdict == "cannot tell":
        return Verdict(Outcome.UNSCORED, None, "the interval spans what is allowed: press for longer")
    return Verdict(Outcome.BLOCKED if excuse else Outcome.FAILED, None if excuse else seen.lower, excuse)


def _as_seen(seen: Drift | None) -> dict[str, float | None]:
    if seen is None:
        return {"growth_share_per_h": None}
    return {"growth_share_per_h": seen.seen, "lower": seen.lower, "upper": seen.upper}
