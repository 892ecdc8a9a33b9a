"""pressed(): load results that look as told, without pressing anybody."""

from collections.abc import Callable

from loadtests.histogram import Histogram
from loadtests.result import LoadResult, Row
from loadtests.workload import Workload

HEALTHY = {
    "dispatch_lag_p99_ms": 0.4,
    "dispatch_lag_p999_ms": 0.9,
    "loop_lag_p99_ms": 1.0,
    "cpu_p95_percent": 20.0,
    "machine_p50_percent": 60.0,
    "gc_pause_max_ms": 1.0,
}
#: second -> (requests, median latency in ms, requests that failed)
Second = Callable[[int], tuple[int, float, int]]


def pressed(load: Workload, second: Second, **change: object) -> LoadResult:
    """Return a result of reads: in each second so many, their latencies spread evenly by a tenth about a middle."""
    rows, asked = [], 0
    for at in range(round(load.profile.seconds)):
        requests, middle, failed = second(at)
        asked += requests + failed
        counts = Histogram()
        for number in range(requests):
            counts.record(round(middle * (0.95 + 0.1 * (number + 0.5) / requests) * 1000))
        rows += [Row(at, "read", "read", "response", "ok", place, n) for place, n in counts.counts.items()]
        rows += [Row(at, "read", "read", "response", "fault", 5000, failed)] if failed else []
    facts = {
        "target": "crm",
        "workload": load,
        "began": 1_790_000_000.0,
        "released": asked,
        "finished": asked,
        "stopped_early": False,
        "generator": HEALTHY,
        "errors": {},
        "rows": tuple(rows),
    }
    return LoadResult(**{**facts, **change})  # type: ignore[arg-type]
