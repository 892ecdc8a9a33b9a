"""judge(): holds a load run against its objectives: passed, failed or inconclusive, and never a pass by looseness.

Latency counts from the intended start, so a slow generator can only make a target look worse: a proven pass stands
whatever the generator's health, and every other verdict of an exhausted generator is void.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from loadtests.arithmetic.proportions import (
    FEWEST_BLOCKS,
    Interval,
    clumping,
    decide,
    fewest,
    interval,
    still_needed,
    upper_bound,
)
from loadtests.arithmetic.wagers import ALPHA
from loadtests.histogram import Histogram
from loadtests.objectives import Objective
from loadtests.result import STOPPED, LoadResult
from loadtests.tally import concerns
from loadtests.workload import Workload

#: Milliseconds between the clocks of a crew from which on it is told.
APART_MS = 5.0
#: Share of the claimed rate that must have been offered: less, and nothing is claimed at that rate.
OFFERED = 0.99
#: The share of requests beyond the quantile that a slowdown is told of (p99).
TAIL = 0.01
#: Exit codes: all objectives passed; one failed or was not decided; the run itself is not valid.
PASSED, MISSED, INVALID = 0, 99, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What became of one objective.

    ``seen`` with its one-sided bounds at 95 % is a share of requests for latency and availability, else the figure
    itself. ``needed`` is how many more requests would decide it; ``clumping`` how many requests one is worth.
    """

    objective: Objective
    verdict: Literal["passed", "failed", "inconclusive", "invalid"]
    n: int = 0
    seen: float | None = None
    lower: float | None = None
    upper: float | None = None
    clumping: float | None = None
    budget_spent: float | None = None
    quantile_ms: float | None = None
    needed: int | None = None
    note: str = ""

    def as_dict(self) -> dict[str, object]:
        """Return plain values."""
        told = {name: getattr(self, name) for name in self.__slots__ if name != "objective"}
        return {"scope": self.objective.scope, "objective": self.objective.text, **told}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All judgements of a run, why it is void (empty if it is not), and what else is to be known of it."""

    judgements: tuple[Judgement, ...]
    void: str
    notes: tuple[str, ...] = ()

    @property
    def code(self) -> int:
        """Return the exit code: 0, 99 or 3."""
        verdicts = {one.verdict for one in self.judgements}
        if "invalid" in verdicts:
            return INVALID
        return PASSED if verdicts <= {"passed"} else MISSED

    def as_dict(self) -> dict[str, object]:
        """Return plain values."""
        return {
            "code": self.code,
            "void": self.void,
            "notes": list(self.notes),
            "judgements": [one.as_dict() for one in self.judgements],
        }


def judge(result: LoadResult) -> Sheet:
    """Return the judgements of a run's own objectives, in their order."""
    promises, notes = result.workload.promises(), tuple(_notes(result))
    if result.refuted:
        return Sheet(judgements=tuple(_ended_early(result, one) for one in promises), void="", notes=notes)
    void = result.exhausted()
    return Sheet(judgements=tuple(_guarded(result, one, void) for one in promises), void=void, notes=notes)


def _notes(result: LoadResult) -> Iterator[str]:
    if result.workload.arrivals == "closed":
        yield "closed model: not a measurement of any promise"
    late = [fault for fault in result.faults() if fault not in (result.incomplete(), STOPPED)]
    yield from (f"the generator was late: {fault}" for fault in late)
    apart = [abs(float(str(worker["offset_ms"]))) for worker in result.workers]
    if max(apart, default=0.0) > APART_MS:
        yield f"clocks of the crew were up to {max(apart):,.0f} ms apart, which was measured and taken out"
    if waited := result.queued_ms():
        users = result.workload.users
        busy = f"arrivals waited {waited:.0f} ms for a connection: all {users} were waiting for the target"
        yield result.starved(None) or busy
    yield from _of_the_floor(result)


def _of_the_floor(result: LoadResult) -> Iterator[str]:
    if result.floor is None:
        return
    for name, seen, own in result.floor.within(result.histogram()):
        yield (
            f"the {name} of {seen:.1f} ms lies within what the generator takes itself, {own:.1f} ms against a server "
            "that does nothing: of the target it says no more than that"
        )


def loosely(load: Workload) -> str:
    """Return why a workload can prove nothing about an open world, empty if it can."""
    if load.arrivals == "closed":
        return "closed model: who waits for an answer does not ask, so this is no measurement of a promise"
    if load.rate < OFFERED * load.claimed_rate:
        return f"pressed with {load.rate:g}/s, while the claim is about {load.claimed_rate:g}/s"
    if load.seconds < FEWEST_BLOCKS:
        return f"{load.seconds:g} s are too short to tell clumps from chance: {FEWEST_BLOCKS} s at least"
    return ""


def outlook(load: Workload, objective: Objective) -> tuple[float, int | None]:
    """Return how many requests a workload will make that an objective is about, and how many it takes to prove it.

    None stands for an objective that no number of requests decides.
    """
    expected = 0.0
    whole = sum(load.mix.values())
    arrivals = load.profile.total - load.warm_up * load.profile.stages[0].start
    for name, weight in load.mix.items():
        for stop in load.stops(name):
            step = load.step(stop.step)
            each = [step.kind] if step.requests != 2 else ["read", step.kind]
            expected += sum(arrivals * weight / whole for kind in each if concerns(objective, stop.step, kind))
    return expected, fewest(objective.allowed) if objective.proportion else None


def _ended_early(result: LoadResult, objective: Objective) -> Judgement:
    found, why = _judged(result, objective), result.refuted
    if ours := _ours(result, objective, "failed"):
        return replace(found, verdict="invalid", needed=None, note=ours)
    if why["objective"] != objective.name:
        return replace(found, verdict="inconclusive", needed=None, note="the run was ended early for another objective")
    note = f"refuted in second {why['second']}, with a chance of at most {ALPHA:.0%} if it had been kept"
    return replace(found, verdict="failed", needed=None, note=note)


def _guarded(result: LoadResult, objective: Objective, void: str) -> Judgement:
    found = _judged(result, objective)
    loose = loosely(result.workload) if objective.form != "done" else ""
    if void and (found.verdict != "passed" or result.incomplete()):
        return replace(found, verdict="invalid", note=void)
    if found.verdict == "passed" and (result.stopped_early or (void and not objective.proportion)):
        return replace(found, verdict="invalid", note=void or STOPPED)
    if ours := _ours(result, objective, found.verdict):
        return replace(found, verdict="invalid", needed=None, note=ours)
    if loose and found.verdict != "inconclusive":
        return replace(found, verdict="inconclusive", needed=None, note=loose)
    return replace(found, note=loose or found.note)


def _ours(result: LoadResult, objective: Objective, verdict: str) -> str:
    """Return why a verdict speaks of the generator, empty if it speaks of the target.

    A pool that was too small spared the target the crowd, so nothing passes; what is broken even counted from sending,
    or refused, is the target's own. A promise below the generator's floor can be kept, but not be missed by anybody.
    """
    if objective.form == "done":
        return ""
    if starved := result.starved(objective.limit_ms):
        own = objective.proportion and verdict == "failed"
        if not (own and decide(_seen(result, objective, "service"), objective.allowed) == "failed"):
            return starved
    floor = None if result.floor is None else result.floor.at(1 - objective.allowed)
    if verdict == "passed" or objective.limit_ms is None or floor is None or objective.limit_ms > floor:
        return ""
    return f"{objective.limit_ms:g} ms lie within what the generator takes itself, {floor:.1f} ms: nobody can miss them"


def _judged(result: LoadResult, objective: Objective) -> Judgement:
    match objective.form:
        case "latency" | "availability":
            return _proportion(result, objective)
        case "achieved":
            seen = result.achieved_share if result.released else None
            return _plain(objective, seen, result.released, seen is not None and seen >= objective.allowed)
        case "rate":
            requests = sum(n for n, _ in by_second(result, objective).values())
            rate = requests / result.workload.seconds
            return _plain(objective, rate, requests, rate >= objective.allowed)
        case "slowdown":
            return _slowdown(result, objective)
    took = result.batch.get("seconds")
    if took is None:
        pace = _pace(result)
        return Judgement(objective=objective, verdict="inconclusive", note=f"the batch was not done; {pace}")
    if result.batch.get("failed"):
        return Judgement(
            objective=objective, verdict="failed", seen=took, note=f"{result.batch['failed']:g} items failed"
        )
    return _plain(objective, took, int(result.batch.get("items") or 0), took <= objective.allowed)


def _pace(result: LoadResult) -> str:
    done, worked, items = (result.batch.get(name) or 0.0 for name in ("done", "worked", "items"))
    if not done or not worked:
        return "no item was"
    return f"{done:g} of {items:g} items in {worked:.0f} s, at that pace all in {items * worked / done:.0f} s"


def _plain(objective: Objective, seen: float | None, n: int, good: bool) -> Judgement:
    if seen is None or not n:
        return Judgement(objective=objective, verdict="inconclusive", note="no request was made")
    return Judgement(objective=objective, verdict="passed" if good else "failed", n=n, seen=seen)


def by_second(result: LoadResult, objective: Objective, metric: str = "response") -> Mapping[int, tuple[int, int]]:
    """Return second -> (requests, bad) after the warm-up, a silent second included as (0, 0).

    A latency counts from the due moment (``response``) or from sending (``service``).
    """
    load = result.workload
    n: Counter[int] = Counter()
    bad: Counter[int] = Counter()
    limit = None if objective.limit_ms is None else round(objective.limit_ms * 1000)
    for row in result.rows:
        if row.metric != metric or row.second < load.warm_up or not concerns(objective, row.step, row.kind):
            continue
        n[row.second] += row.requests
        slow = limit is not None and Histogram({row.bin: 1}).above(limit)
        bad[row.second] += row.requests if row.outcome != "ok" or slow else 0
    seconds = range(math.ceil(load.warm_up), max((math.floor(load.profile.seconds), *(s + 1 for s in n)), default=0))
    return {second: (n[second], bad[second]) for second in seconds}


def _proportion(result: LoadResult, objective: Objective) -> Judgement:
    counted = tuple(by_second(result, objective).values())
    n, bad = sum(n for n, _ in counted), sum(k for _, k in counted)
    if not n:
        return Judgement(objective=objective, verdict="inconclusive", note=f"no {objective.scope} was asked")
    # who never got an answer broke every promise, but of which class nobody knows: it weighs against a pass only
    lost = result.unfinished
    seen = _with_lost(_seen(result, objective), n, bad, lost)
    verdict = decide(seen, objective.allowed)
    return Judgement(
        objective=objective,
        verdict=verdict,
        n=n,
        seen=seen.seen,
        lower=seen.lower,
        upper=seen.upper,
        clumping=seen.clumping,
        budget_spent=bad / (n * objective.allowed),
        quantile_ms=_quantile(result, objective),
        needed=still_needed(n, seen, objective.allowed) if verdict == "inconclusive" else None,
        note=_why(n, seen, objective, lost) if verdict == "inconclusive" else "",
    )


def _seen(result: LoadResult, objective: Objective, metric: str = "response") -> Interval:
    """Return the share of requests that break a promise, between its bounds."""
    counted = tuple(by_second(result, objective, metric).values())
    requests, bad = [n for n, _ in counted], [k for _, k in counted]
    return interval(sum(requests), sum(bad), clumping(requests, bad), len(counted))


def _quantile(result: LoadResult, objective: Objective) -> float | None:
    """Return the promised quantile in ms of what was answered well; None for a promise that names none."""
    if objective.limit_ms is None:
        return None
    whole = Counter[int]()
    for row in result.rows:
        good = row.metric == "response" and row.outcome == "ok" and row.second >= result.workload.warm_up
        if good and concerns(objective, row.step, row.kind):
            whole[row.bin] += row.requests
    seen = Histogram(whole).quantile(1 - objective.allowed)
    return None if seen is None else seen / 1000


def _with_lost(seen: Interval, n: int, bad: int, lost: int) -> Interval:
    if lost <= 0:
        return seen
    worth = seen.clumping
    return seen._replace(upper=max(seen.upper, upper_bound((bad + lost) / worth, (n + lost) / worth)))


def _why(n: int, seen: Interval, objective: Objective, lost: int) -> str:
    if lost:
        return f"{lost} arrivals were never answered"
    if n < fewest(objective.allowed):
        return f"{n} requests cannot prove it: {fewest(objective.allowed)} at least"
    clumps = f", and they fail in clumps: {seen.clumping:.0f} are worth one" if seen.clumping >= 2 else ""
    return f"{n} requests do not decide it{clumps}"


def _slowdown(result: LoadResult, objective: Objective) -> Judgement:
    """Compare the p99 before the batch with that beside it, each between its bounds."""
    load = result.workload
    assert load.batch is not None
    begins = math.ceil(load.warm_up + load.batch.begins)
    before = _p99(result, objective, range(math.ceil(load.warm_up), begins))
    beside = _p99(result, objective, range(begins, math.floor(load.profile.seconds)))
    if before is None or beside is None:
        note = f"too few requests before the batch or beside it: {fewest(TAIL)} of each at least"
        return Judgement(objective=objective, verdict="inconclusive", note=note)
    ratio = Interval(
        beside.seen / before.seen - 1, beside.lower / before.upper - 1, beside.upper / before.lower - 1, 1.0
    )
    verdict = decide(ratio, objective.allowed)
    return Judgement(
        objective=objective,
        verdict=verdict,
        seen=ratio.seen,
        lower=ratio.lower,
        upper=ratio.upper,
        note="" if verdict != "inconclusive" else "the bounds of the two p99 are too far apart: press for longer",
    )


def _p99(result: LoadResult, objective: Objective, seconds: range) -> Interval | None:
    """Return the p99 (ms) of some seconds between its bounds: the quantiles at the bounds of its share of 1 %."""
    whole, each = Histogram(), dict[int, Histogram]()
    for row in result.rows:
        counts = row.metric == "response" and row.outcome == "ok" and row.second in seconds
        if counts and concerns(objective, row.step, row.kind):
            whole.counts[row.bin] = whole.counts.get(row.bin, 0) + row.requests
            each.setdefault(row.second, Histogram()).merge(Histogram({row.bin: row.requests}))
    seen = whole.quantile(1 - TAIL)
    if seen is None or whole.n < fewest(TAIL):
        return None
    counted = [each.get(second, Histogram()) for second in seconds]
    effect = clumping([one.n for one in counted], [one.above(seen) for one in counted])
    share = interval(whole.n, round(TAIL * whole.n), effect, len(counted))
    lower, upper = whole.quantile(1 - share.upper), whole.quantile(1 - share.lower)
    return None if not lower or upper is None else Interval(seen / 1000, lower / 1000, upper / 1000, effect)


def sentence(judgements: Sequence[Judgement]) -> str:
    """Return the verdict in a line: how many passed, failed, are open."""
    counts = Counter(one.verdict for one in judgements)
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items()) or "nothing was promised"
