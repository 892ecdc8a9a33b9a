"""Enlargement: the same questions of ever more customers become findings for PER-07: how does the p99 grow?

The exponent b of p99 ~ customers ** b is claimed by the end of its interval: it passes if it cannot well be above what
is allowed, and fails if it cannot well be below. Several runs of each size narrow the interval.
"""

from collections.abc import Iterator, Mapping, Sequence

from loadtests.arithmetic.scaling import Growth, growth
from loadtests.findings import Finding
from loadtests.quantiles import bound
from loadtests.result import LoadResult
from scenarios.evidence import Outcome

CRITERION, SCENARIO = "PER-07", "growing_data"
#: Customers from and to which PER-07 asks, the exponent and the p99 (ms) at the largest that it allows.
SMALLEST, LARGEST, EXPONENT, LIMIT = 1000, 1_000_000, 0.2, 200.0
#: Sizes of which a slope is told at least.
FEWEST = 3

#: Runs by how many customers were on file.
Series = Mapping[int, Sequence[LoadResult]]


class SeriesError(ValueError):
    """Runs that make no series; the text says why and what would help."""


def fitted(series: Series) -> Growth | None:
    """Return how the p99 of reads grows with the customers on file; None below three sizes. Raises SeriesError.

    All runs must have asked the same at the same rate, seeds apart.
    """
    _alike([one for runs in series.values() for one in runs])
    if len(series) < FEWEST:
        return None
    points = [(size, p99) for size, runs in series.items() for one in runs if (p99 := p99_ms(one)) is not None]
    return growth([size for size, _ in points], [p99 for _, p99 in points]) if len(points) >= FEWEST else None


def p99_ms(result: LoadResult) -> float | None:
    """Return the p99 of the reads that were answered, in ms."""
    seen = result.histogram(kind="read").quantile(0.99)
    return None if seen is None else seen / 1000


def processor_ms(result: LoadResult) -> float | None:
    """Return the processor time (ms) that server and database took for each request; None if nobody could see them.

    A busy machine lengthens a p99 and hardly this, so it tells growth where the p99 cannot.
    """
    used = [
        one.value
        for one in result.vitals
        if one.part in ("server", "database")
        and one.metric == "cpu_percent"
        and result.workload.warm_up <= one.second < result.workload.profile.seconds
    ]
    requests = sum(result.outcomes().values())
    return sum(used) / 100 * 1000 / requests if used and requests else None


def work_grows(series: Series) -> float:
    """Return the exponent with which the processor time of a request surely grows with the customers; 0 if unknown.

    A target whose p99 and whose work both grow has no busy machine to blame. Work that does not grow acquits nobody:
    who waits for locks or disks takes no processor time. A run of which a part was never made tells nothing.
    """
    runs = [(size, one) for size, each in series.items() for one in each]
    points = [(size, spent) for size, one in runs if (spent := processor_ms(one))]
    if len({size for size, _ in points}) < FEWEST or any(one.incomplete() or one.stopped_early for _, one in runs):
        return 0.0
    return growth([size for size, _ in points], [spent for _, spent in points]).lower


def enlargement(series: Series) -> Iterator[Finding]:
    """Yield the findings of a series; raises SeriesError."""
    runs = [one for each in series.values() for one in each]
    excuse = next((why for one in runs if (why := one.excuse())), "") if runs else "no run was made"
    short = _short(series)
    yield _slope(series, fitted(series), excuse).claimed(short)
    yield _at_largest(series, excuse)
    yield _answered(series).claimed(short)


def _alike(runs: Sequence[LoadResult]) -> None:
    asked = [{name: value for name, value in one.workload.as_dict().items() if name != "seed"} for one in runs]
    for other in asked[1:]:
        if unlike := sorted(name for name in asked[0].keys() | other.keys() if asked[0].get(name) != other.get(name)):
            raise SeriesError(
                f"the runs were pressed differently ({', '.join(unlike)}): begin a new folder with --keep"
            )


def _short(series: Series) -> str:
    least, most = min(series, default=0), max(series, default=0)
    if least <= SMALLEST and most >= LARGEST:
        return ""
    return f"pressed with {least:,} to {most:,} customers, PER-07 asks for {SMALLEST:,} to {LARGEST:,}"


def _slope(series: Series, seen: Growth | None, excuse: str) -> Finding:
    p99s = {size: [p99_ms(one) for one in series[size]] for size in sorted(series)}
    spent = {size: [processor_ms(one) for one in series[size]] for size in sorted(series)}
    outcome, figure, note = Outcome.UNSCORED, None, f"{len(series)} sizes: {FEWEST} at least"
    if seen is not None and seen.upper <= EXPONENT:
        outcome, figure, note = Outcome.PASSED, max(seen.upper, 0.0), ""
    elif seen is not None and seen.lower > EXPONENT:
        sure = min(seen.lower, work_grows(series)) if excuse else seen.lower
        failed = sure > EXPONENT
        outcome, figure, note = (Outcome.FAILED, sure, "") if failed else (Outcome.BLOCKED, None, excuse)
    elif seen is not None:
        note = "the interval spans what is allowed: make more runs of each size with --times"
    return Finding(
        check="answers_hardly_slow_down_with_data",
        sentence="From a thousand customers to a million the p99 of reads grows with an exponent of 0.2 at most.",
        outcome=outcome,
        observed={
            "p99_ms_by_customers": p99s,
            "exponent": None if seen is None else seen._asdict(),
            "processor_ms_by_customers": spent,
        },
        expected=f"upper bound of the exponent <= {EXPONENT:g}",
        note=note,
        measures={} if figure is None else {"growth_exponent": figure},
    )


def _at_largest(series: Series, excuse: str) -> Finding:
    outcome, note, upper = Outcome.UNSCORED, f"not pressed with {LARGEST:,} customers", None
    if runs := [one for size, each in series.items() if size >= LARGEST for one in each]:
        bounds = [bound(one.histogram(kind="read"), 0.99).upper for one in runs]
        upper = None if None in bounds else max(one for one in bounds if one is not None)
        outcome, note = Outcome.UNSCORED, "too few reads for a bound of their p99"
        if upper is not None:
            good = upper <= LIMIT
            outcome = Outcome.PASSED if good else Outcome.BLOCKED if excuse else Outcome.FAILED
            note = "" if good else excuse
    return Finding(
        check="a_million_is_quick_enough",
        sentence="With a million customers on file 99 of 100 reads answer within 200 ms, proven at 95 % confidence.",
        outcome=outcome,
        observed={"p99_upper_ms": upper},
        expected=f"upper bound of p99 <= {LIMIT:g} ms in each run",
        note=note,
        measures={"p99_at_million_ms": upper} if upper is not None and outcome.decided else {},
    )


def _answered(series: Series) -> Finding:
    silent = {
        size: count
        for size, runs in sorted(series.items())
        if (
            count := sum(n for one in runs for words, n in one.errors.items() if "Timeout" in words or "timed" in words)
        )
    }
    made = any(one.finished for runs in series.values() for one in runs)
    waiting = sum(max(0, one.unfinished) for runs in series.values() for one in runs)
    outcome = Outcome.FAILED if silent else Outcome.PASSED if made else Outcome.BLOCKED
    note = "" if made else "no request was made"
    if outcome is Outcome.PASSED and waiting:  # nobody knows whether these would have run out of time
        outcome, note = Outcome.UNSCORED, f"{waiting} requests still waited when the run ended: press for longer"
    return Finding(
        check="queries_do_not_time_out",
        sentence="However many customers are on file, no query runs out of time.",
        outcome=outcome,
        observed={"timed_out_by_customers": silent},
        expected="none within 30 s each",
        note=note,
        harm=True,
    )
