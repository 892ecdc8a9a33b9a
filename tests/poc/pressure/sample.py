"""Sample: load tests on disk as if they had been ordered and carried out, of whatever kind a test asks for."""

import random
from collections import Counter
from pathlib import Path
from typing import Any

from loadtests.histogram import Histogram
from loadtests.result import LoadResult, Row
from loadtests.vitals import Vital
from loadtests.workload import parse, workload
from poc import orders
from poc.pressing import keep
from poc.pressure import order
from poc.pressure.order import LoadOrder
from scenarios.folders import AssessmentFolder

HEALTHY = {"dispatch_lag_p99_ms": 0.4, "loop_lag_p99_ms": 1.0, "cpu_p95_percent": 30.0, "machine_p50_percent": 55.0}


def pressed(
    *,
    began: float = 1_790_000_000.0,
    ms: float = 12.0,
    errors: int = 0,
    stalls: tuple[int, ...] = (),
    generator: dict[str, float] | None = None,
    seed: int = 5,
    **change: Any,
) -> LoadResult:
    """A run of 40 requests a second around so many ms; ``stalls`` are seconds in which all wait for half a second."""
    asked = {"rate": 40, "seconds": 30, "warm_up": 2, "users": 16, "seed": seed}
    load = parse({**workload("bank-peak").as_dict(), **asked, **change})
    draw, length = random.Random(f"{seed}/{began}"), int(load.profile.seconds)
    counts: Counter[tuple[int, str, str, str, str, int]] = Counter()
    for second in range(length):
        for number in range(40):
            service = draw.lognormvariate(0, 0.4) * ms + (500 * draw.random() if second in stalls else 0)
            step, kind = (("overview", "read"), ("search", "read"), ("log_interaction", "write"))[number % 3]
            outcome = "refused" if number < errors and second % 5 == 0 else "ok"
            for metric, value in (("response", service * 1.02 + 0.3), ("service", service)):
                counts[second, step, kind, metric, outcome, bin_of(value)] += 1
    vitals = [
        Vital(second + 0.4, part, metric, value + draw.random() * value / 5)
        for second in range(length)
        for part, metric, value in (
            ("server", "cpu_percent", 45), ("server", "memory_mb", 180), ("database", "cpu_percent", 20),
            ("generator", "cpu_percent", 25), ("generator", "loop_ms", 0.8), ("machine", "cpu_percent", 60),
        )
    ]  # fmt: skip
    return LoadResult(
        target="reference", workload=load, began=began, released=40 * length, finished=40 * length,
        stopped_early=False, generator={**HEALTHY, **(generator or {})},
        errors={"overview: refused": 3} if errors else {},
        rows=tuple(Row(*key, count) for key, count in sorted(counts.items())), vitals=tuple(vitals),
        lags={"dispatch": {200: 990, 900: 10}, "loop": {400: 995, 3000: 5}},
    )  # fmt: skip


def bin_of(ms: float) -> int:
    held = Histogram()
    held.record(int(ms * 1000))
    return next(iter(held.counts))


def given(runs: Path, name: str, result: LoadResult) -> AssessmentFolder:
    """Order a load test that is not carried out yet."""
    folder = AssessmentFolder(order.place(runs), name)
    order.give(folder, LoadOrder(target="reference", workload=result.workload.as_dict(), customers=300))
    orders.tell(folder, {"act": "asked"})
    return folder


def ended(runs: Path, name: str, result: LoadResult) -> AssessmentFolder:
    """Order a load test and file its result as if it had been carried out."""
    folder = given(runs, name, result)
    orders.tell(folder, {"act": "begun"})
    keep(result, folder.path)
    orders.tell(folder, {"act": "ended", "state": "stopped" if result.stopped_early else "done"})
    return folder
