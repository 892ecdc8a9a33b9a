"""Elasticity: a spike becomes findings for PER-04: how soon after ten times the load is everything as before?"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from loadtests.arithmetic.slopes import recovery
from loadtests.findings import Finding
from loadtests.judging import by_second
from loadtests.objectives import Objective
from loadtests.result import LoadResult
from loadtests.workload import Workload
from scenarios.evidence import Outcome

#: Seconds that a spike lasts, times the usual rate that it is, seconds within which all must be as before (PER-04).
LASTS, TIMES, WITHIN = 60.0, 10.0, 120
#: Seconds that are looked at together: one request in a thin second would not tell a share of a hundredth.
WINDOW = 5
#: What PER-04 asks for besides, and what a load run does not do.
NOT_PRESSED = {
    "nodes_can_be_added": "Nodes join and leave under load.",
    "an_upgrade_fails_no_call": "An upgrade under load fails no call.",
    "no_data_is_lost_in_scaling": "No data is lost while nodes join and leave.",
}


class Spike(NamedTuple):
    """A plateau at the peak rate: when it begins and ends (seconds), and how many times the rate before it is."""

    begins: float
    ends: float
    times: float


def spike(load: Workload) -> Spike | None:
    """Return the first plateau at the peak that begins with a jump; None for a shape that has none."""
    began = before = 0.0
    for stage in load.profile.stages:
        if began and stage.start == stage.end == load.rate and before < stage.start:
            return Spike(began, began + stage.seconds, load.rate / before if before else float("inf"))
        began, before = began + stage.seconds, stage.end
    return None


def elasticity(result: LoadResult) -> Iterator[Finding]:
    """Yield the findings of a spike: those of its recovery, and what was not pressed."""
    found, promise = spike(result.workload), _promise(result.workload)
    if found is None or promise is None:
        yield Finding(
            check="it_recovers_from_a_spike",
            sentence="Two minutes after ten times the load everything is as before.",
            outcome=Outcome.BLOCKED,
            note="the workload has no spike or no promise of latency: use the shipped one",
        )
    else:
        yield _recovers(result, found, promise).claimed(_short(found))
    for check, sentence in NOT_PRESSED.items():
        yield Finding(
            check=check,
            sentence=sentence,
            outcome=Outcome.UNSCORED,
            note="not pressed: no node came, went or was upgraded in this run",
            harm=check == "no_data_is_lost_in_scaling",
        )


def _promise(load: Workload) -> Objective | None:
    return next((one for one in load.promises() if one.form == "latency"), None)


def _short(found: Spike) -> str:
    if found.times < TIMES * 0.99:
        return f"the spike was {found.times:.3g} times the usual load, PER-04 asks for {TIMES:g} times"
    lasted = found.ends - found.begins
    return "" if lasted >= LASTS else f"the spike lasted {lasted:.0f} s of the {LASTS:.0f} s that PER-04 asks for"


def _recovers(result: LoadResult, found: Spike, promise: Objective) -> Finding:
    counted, end = by_second(result, promise), round(found.ends)
    seconds = [counted.get(second, (0, 0)) for second in range(max(counted, default=0) + 1)]
    lost = result.unfinished > 0
    after = None if lost else recovery(_windows(seconds), end, promise.allowed, hold=1)
    watched = max(0, len(seconds) - end)
    excuse = result.excuse(promise.limit_ms) if any(n for n, _ in seconds) else "no request was made"
    outcome, note = Outcome.PASSED, ""
    if after is None or after > WITHIN:
        outcome, note = Outcome.FAILED, f"not as before within the {watched} s that were watched"
        if excuse:
            outcome, note = Outcome.BLOCKED, excuse
        elif after is None and watched < WITHIN:
            outcome, note = Outcome.UNSCORED, f"{note}; PER-04 gives {WITHIN} s"
    decided = outcome.decided and after is not None
    return Finding(
        check="it_recovers_from_a_spike",
        sentence="Two minutes after ten times the load everything is as before.",
        outcome=outcome,
        observed={"recovered_after_s": after, "watched_s": watched, "times": found.times, **_during(seconds, found)},
        expected=f"'{promise.name}' holds again within {WITHIN} s, over {WINDOW} s",
        note=note,
        measures={"recovery_s": float(after)} if decided and after is not None else {},
    )


def _windows(seconds: Sequence[tuple[int, int]]) -> Sequence[float]:
    """Return for each second the share of bad requests over the next few; 1 where nothing is known."""
    parts = [seconds[at : at + WINDOW] for at in range(len(seconds) - WINDOW + 1)]
    sums = [(sum(n for n, _ in part), sum(bad for _, bad in part)) for part in parts]
    return [bad / n if n else 1.0 for n, bad in sums]


def _during(seconds: Sequence[tuple[int, int]], found: Spike) -> dict[str, float | None]:
    part = seconds[round(found.begins) : round(found.ends)]
    n, bad = sum(n for n, _ in part), sum(bad for _, bad in part)
    return {"broken_share_in_the_spike": bad / n if n else None}
