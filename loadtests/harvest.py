"""harvest(): a load result becomes evidence for the criterion that its workload proves; this room judges PER-02.

Latency counts from the intended start, so a slow generator can only make a target look worse, never better: a pass
stands whatever the generator's health, while a failure that it may have caused is our fault (blocked): one that its
own delay explains, or one on a machine whose processors had nothing left.
"""

from collections.abc import Callable, Iterator, Mapping

from loadtests.elasticity import elasticity
from loadtests.endurance import endurance
from loadtests.findings import Finding, signed
from loadtests.nightwork import nightwork
from loadtests.quantiles import Bound, bound
from loadtests.result import LoadResult
from scenarios.evidence import Evidence, Outcome

CRITERION, SCENARIO = "PER-02", "peak_load"
#: Requests of a class below which nothing is claimed of its p99 (requirements, scoring contract 0.7).
CLAIM_FROM = 10_000
#: p99 limits in ms, highest share of errors, least share of scheduled arrivals that were carried (PER-02).
READ_LIMIT, WRITE_LIMIT, ERRORS, CARRIED = 200.0, 400.0, 0.001, 0.99


def harvest(result: LoadResult, *, run: str, proof: str = "") -> tuple[Evidence, ...]:
    """Return the evidence of one load run, none for a workload that proves no criterion.

    ``proof`` is the SHA-256 of the stored histograms, so that they belong to the run's chain.
    """
    proves = result.workload.proves
    if proves is None:
        return ()
    scenario, judged = JUDGES[proves]
    return signed(
        (_valid(result, found) for found in judged(result)),
        run=run,
        target=result.target,
        criterion=proves,
        scenario=scenario,
        began=result.began,
        seconds=result.workload.profile.seconds,
        proof=proof,
    )


def _valid(result: LoadResult, found: Finding) -> Finding:
    """Return a finding, void if its load was not made: a part of it, or, for a pass, the crowd of an open world."""
    if missing := result.incomplete():
        return found.void(missing)
    starved = result.starved(None) if found.outcome is Outcome.PASSED else ""
    return found.void(starved) if starved else found


def peak(result: LoadResult) -> Iterator[Finding]:
    """Yield the findings of the forecast peak: reads, writes, errors, carried rate."""
    rate = f"{result.workload.rate:g}/s, open model, {result.ground}"
    yield _latency(result, "read", READ_LIMIT, "p99_upper_ms", rate)
    yield _latency(result, "write", WRITE_LIMIT, "write_p99_upper_ms", rate)
    yield _share(
        "errors_are_rare",
        "At peak load at most one request in a thousand fails.",
        result.error_share,
        lambda seen: seen <= ERRORS,
        f"<= {ERRORS:g}",
        "error_share",
        result.exhausted(),
    )
    yield _share(
        "the_offered_rate_is_achieved",
        "The target keeps up with the load that is offered.",
        result.achieved_share if result.released else None,
        lambda seen: seen >= CARRIED,
        f">= {CARRIED:g}",
        "achieved_share",
        result.excuse(),
    )


def _latency(result: LoadResult, kind: str, limit: float, measure: str, rate: str) -> Finding:
    proven, served = (bound(result.histogram(kind=kind, metric=metric), 0.99) for metric in ("response", "service"))
    starved = result.starved(limit)
    outcome, note = _judged(result, proven, limit, starved if (served.upper or 0.0) < limit else "")
    observed = {
        "n": proven.n,
        "p99_ms": proven.seen,
        "p99_upper_ms": proven.upper,
        "p99_service_ms": served.seen,
        "rate": rate,
    }
    measures = {measure: proven.upper} if proven.upper is not None else {}
    found = Finding(
        check=f"{kind}s_are_quick_enough",
        sentence=f"At peak load 99 of 100 {kind}s answer within {limit:.0f} ms, proven at 95 % confidence.",
        outcome=outcome,
        observed=observed,
        expected=f"upper bound of p99 < {limit:.0f} ms, n >= {CLAIM_FROM}",
        note=note,
        measures={**measures, f"{kind}_samples": float(proven.n)},
    )
    return found.void(starved) if starved and outcome is Outcome.PASSED else found


def _judged(result: LoadResult, proven: Bound, limit: float, starved: str) -> tuple[Outcome, str]:
    """Judge an upper bound; ``starved`` says that waiting for a connection alone may have broken the limit."""
    excuse = result.exhausted() or starved
    if proven.upper is None:
        return (Outcome.BLOCKED, excuse) if excuse else (Outcome.UNSCORED, f"{proven.n} of {proven.needed} samples")
    if proven.upper >= limit:
        if not excuse and proven.upper - result.own_delay_ms() < limit:
            excuse = f"the generator's own delay of {result.own_delay_ms():.0f} ms explains it"
        return (Outcome.BLOCKED, excuse) if excuse else (Outcome.FAILED, "")
    if proven.n < CLAIM_FROM:
        return Outcome.UNSCORED, f"{CLAIM_FROM - proven.n} more samples are needed to claim it"
    late = "; ".join(result.faults())
    return Outcome.PASSED, f"the generator was late ({late}), which can only have made it look worse" if late else ""


def _share(
    check: str,
    sentence: str,
    seen: float | None,
    good: Callable[[float], bool],
    expected: str,
    measure: str,
    excuse: str,
) -> Finding:
    outcome, note, measures = Outcome.PASSED, excuse, {measure: seen} if seen is not None else {}
    if seen is None:
        outcome, note = Outcome.BLOCKED, excuse or "no request was made"
    elif not good(seen):
        outcome = Outcome.BLOCKED if excuse else Outcome.FAILED
    return Finding(
        check=check,
        sentence=sentence,
        outcome=outcome,
        observed=seen,
        expected=expected,
        note=note,
        measures=measures,
    )


#: Criterion -> name of the scenario, and what judges it.
JUDGES: Mapping[str, tuple[str, Callable[[LoadResult], Iterator[Finding]]]] = {
    CRITERION: (SCENARIO, peak),
    "PER-04": ("load_spike", elasticity),
    "PER-05": ("soak", endurance),
    "PER-08": ("batch_window", nightwork),
}
