"""Result: what a load run measured: counts by second, step, metric, outcome and latency bin; all else is derived."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from loadtests import vitals
from loadtests.crew import lost
from loadtests.floor import Floor, floor_from
from loadtests.histogram import Histogram
from loadtests.limits import peak
from loadtests.vitals import Vital
from loadtests.workload import Workload, parse

#: What a healthy generator keeps below (ms, percent of one core); above these it is said to be late.
LIMITS: Mapping[str, float] = {
    "dispatch_lag_p99_ms": 5.0,
    "loop_lag_p99_ms": 20.0,
    "cpu_p95_percent": 85.0,
    "gc_pause_max_ms": 50.0,
}
#: Growth of the p99 in the queue for a connection from which on the pool is called too small (ms, share of the p99).
QUEUED_MS, QUEUED_SHARE = 5.0, 0.05
#: Percent of all processors from which on the machine itself is the bottleneck, whoever uses it.
SATURATED = 95.0
#: What is said of a run that somebody ended.
STOPPED = "stopped before the end"


class Row(NamedTuple):
    """One histogram bin of the run."""

    second: int
    step: str
    kind: str
    metric: str
    outcome: str
    bin: int
    requests: int


class ResultError(Exception):
    """A load result that cannot be read; the text names the file and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """One load run. Latencies are in milliseconds; seconds count from the first due arrival, warm-up included."""

    target: str
    workload: Workload
    began: float  # seconds since the epoch
    released: int
    finished: int
    stopped_early: bool
    generator: Mapping[str, float | None]
    errors: Mapping[str, int]
    rows: tuple[Row, ...]
    batch: Mapping[str, float | None] = field(default_factory=dict)  # items, done, failed, worked, seconds
    refuted: Mapping[str, object] = field(default_factory=dict)  # what ended it early: objective, second, capital
    ground: str = "loopback"  # why it was allowed: loopback, or who permitted it
    dropped: int = 0  # arrivals that were due and never released: the generator's fault, whatever hindered it
    workers: tuple[Mapping[str, object], ...] = ()  # of a crew: name, host, heard, lost, released, offset_ms, ...
    lags: Mapping[str, Mapping[int, int]] = field(default_factory=dict)  # dispatch and loop: bin -> count
    vitals: tuple[Vital, ...] = ()  # what target and generator used, second by second
    floor: Floor | None = None  # what the generator showed against a server that does nothing, if it was held there
    labels: tuple[str, ...] = ()  # what readers must be told of the target wherever the result is shown

    def histogram(
        self, *, kind: str | None = None, step: str | None = None, metric: str = "response", outcome: str | None = "ok"
    ) -> Histogram:
        """Return the latencies after the warm-up of one class or step; ``outcome`` None takes them all."""
        counts: Counter[int] = Counter()
        for row in self._counted(metric, batch=kind == "batch"):
            if (
                (row.kind != "batch" if kind is None else row.kind == kind)
                and (step in (None, row.step))
                and (outcome in (None, row.outcome))
            ):
                counts[row.bin] += row.requests
        return Histogram(counts)

    def _counted(self, metric: str, *, batch: bool = False) -> Sequence[Row]:
        since = self.workload.warm_up
        return [r for r in self.rows if r.metric == metric and r.second >= since and (r.kind == "batch") is batch]

    def outcomes(self) -> Mapping[str, int]:
        """Return how many requests ended how, after the warm-up."""
        counts: Counter[str] = Counter()
        for row in self._counted("response"):
            counts[row.outcome] += row.requests
        return dict(counts)

    @property
    def error_share(self) -> float | None:
        """Return the share of requests that were refused, throttled or lost; None if there were none at all."""
        counts = self.outcomes()
        total = sum(counts.values())
        return None if not total else (total - counts.get("ok", 0)) / total

    @property
    def unfinished(self) -> int:
        """Return how many released arrivals never ended: they count as failures of the target, if ours did not fail."""
        return self.released - self.finished

    @property
    def achieved_share(self) -> float:
        """Return finished over scheduled arrivals."""
        return (
            self.finished / max(1.0, self.workload.profile.total)
            if self.stopped_early
            else self.finished / max(1, self.released)
        )

    def own_delay_ms(self) -> float:
        """Return by how much the generator may have made answers look late: releasing them, and reading them twice."""
        lag, loop = self.generator.get("dispatch_lag_p999_ms"), self.generator.get("loop_lag_p99_ms")
        return (lag or 0.0) + 2 * (loop or 0.0)

    def queued_ms(self) -> float | None:
        """Return by how much the p99 grew by waiting for a free connection; None if not beyond the generator's delay.

        It counts against the target, as it must, but tells less of it than a larger pool would.
        """
        whole, served = (self.histogram(metric=metric).quantile(0.99) for metric in ("response", "service"))
        if whole is None or served is None:
            return None
        waited = (whole - served) / 1000 - self.own_delay_ms()
        return waited if waited > max(QUEUED_MS, QUEUED_SHARE * served / 1000) else None

    def starved(self, limit_ms: float | None) -> str:
        """Return why nothing is known of a promise of so many ms (None: of no latency), empty if it is.

        Arrivals waited for a free connection, so the target never met as many at a time as would have come. A pool of
        rate x limit connections is used up only while answers take longer than the limit (Little 1961): that is the
        target's doing. In a smaller one they wait though the target may be quick, which is the generator's.
        """
        waited, load = self.queued_ms(), self.workload
        if waited is None or load.arrivals == "closed":
            return ""
        limits = [one.limit_ms for one in load.promises() if one.limit_ms is not None]
        allowed = limit_ms if limit_ms is not None else min(limits, default=math.inf)
        needed = peak(load) * allowed / 1000
        if load.users >= needed:
            return ""
        many = f"raise users to {math.ceil(needed)}" if math.isfinite(needed) else "raise users"
        return f"the pool of {load.users} connections was too small: arrivals waited {waited:.0f} ms in it; {many}"

    def incomplete(self) -> str:
        """Return what of the planned load was never made, empty if all was: such a run proves nothing, good or bad."""
        missing = [lost(worker, self.workload.profile.seconds) for worker in self.workers if worker["lost"]]
        if self.floor is not None and (beyond := self.floor.beyond()):
            missing.append(beyond)
        if self.dropped:
            missing.append(f"{self.dropped} arrivals were due and never released: lower the rate or add workers")
        return "; ".join(missing)

    def exhausted(self) -> str:
        """Return why a bad figure cannot be laid at the target's door, empty if it can.

        Generator and target share this machine. When its processors, or the generator's own, had nothing left, or the
        run was cut short, nobody can say whose slowness was measured.
        """
        machine, own = self.generator.get("machine_p50_percent"), self.generator.get("cpu_p95_percent")
        if missing := self.incomplete():
            return missing
        if machine is not None and machine >= SATURATED:
            return f"the machine was saturated ({machine:.0f} % of all processors): lower the rate or add processors"
        if own is not None and own > LIMITS["cpu_p95_percent"]:
            return f"the generator was saturated ({own:.0f} % of one processor): lower the rate"
        return STOPPED if self.stopped_early else ""

    def excuse(self, limit_ms: float | None = None) -> str:
        """Return why a broken promise of so many ms (None: of no latency) cannot be laid at the target's door."""
        return self.exhausted() or self.starved(limit_ms)

    def faults(self) -> tuple[str, ...]:
        """Return what the generator itself was guilty of; empty for a healthy one."""
        found = [
            f"{name} {value:.1f} > {limit:g}"
            for name, limit in LIMITS.items()
            if (value := self.generator.get(name)) is not None and value > limit
        ]
        if missing := self.incomplete():
            found.append(missing)
        if self.stopped_early:
            found.append(STOPPED)
        return tuple(found)

    def by_second(self) -> Mapping[int, tuple[int, int, float | None]]:
        """Return second -> (requests, errors, p99 in ms) over the whole run."""
        good: dict[int, Histogram] = {}
        bad: Counter[int] = Counter()
        for row in self.rows:
            if row.metric != "response" or row.kind == "batch":
                continue
            if row.outcome == "ok":
                good.setdefault(row.second, Histogram()).merge(Histogram({row.bin: row.requests}))
            else:
                bad[row.second] += row.requests
        told: dict[int, tuple[int, int, float | None]] = {}
        for second in sorted(good.keys() | bad.keys()):
            held = good.get(second, Histogram())
            p99 = held.quantile(0.99)
            told[second] = (held.n + bad[second], bad[second], None if p99 is None else p99 / 1000)
        return told

    def write(self, folder: Path) -> None:
        """Store ``load.json`` and ``load.parquet`` in a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        table = pa.table({name: [row[place] for row in self.rows] for place, name in enumerate(Row._fields)})
        pq.write_table(table, folder / "load.parquet", compression="zstd")
        vitals.write(self.vitals, folder)
        head = {
            "target": self.target,
            "workload": self.workload.as_dict(),
            "began": self.began,
            "released": self.released,
            "finished": self.finished,
            "stopped_early": self.stopped_early,
            "generator": dict(self.generator),
            "errors": dict(self.errors),
            "batch": dict(self.batch),
            "refuted": dict(self.refuted),
            "ground": self.ground,
            "dropped": self.dropped,
            "workers": [dict(worker) for worker in self.workers],
            "lags": {name: dict(counts) for name, counts in self.lags.items()},
            "floor": self.floor.as_dict() if self.floor is not None else {},
            "labels": list(self.labels),
        }
        (folder / "load.json").write_text(json.dumps(head, indent=1, ensure_ascii=False), encoding="utf-8")


def made(target: str, workload: Workload, raw: Mapping[str, Any]) -> LoadResult:
    """Make a result of what the agent left."""
    return LoadResult(
        target=target,
        workload=workload,
        began=raw["began"],
        released=raw["released"],
        finished=raw["finished"],
        stopped_early=raw["stopped_early"],
        generator=raw["generator"],
        errors=raw["errors"],
        rows=tuple(Row(*row) for row in raw["rows"]),
        batch=raw.get("batch", {}),
        refuted=raw.get("refuted", {}),
        ground=raw.get("ground", "loopback"),
        dropped=raw.get("dropped", 0),
        workers=tuple(raw.get("workers", ())),
        lags={name: {int(at): n for at, n in counts.items()} for name, counts in raw.get("lags", {}).items()},
        vitals=tuple(raw.get("vitals", ())),
        floor=floor_from(raw.get("floor", {})),
        labels=tuple(raw.get("labels", ())),
    )


def load(folder: Path) -> LoadResult:
    """Read a stored result; raises ResultError."""
    try:
        head = json.loads((folder / "load.json").read_text(encoding="utf-8"))
        columns = pq.read_table(folder / "load.parquet").to_pydict()
        seen = vitals.read(folder)
    except (OSError, ValueError, pa.ArrowException) as fault:
        raise ResultError(f"{folder} holds no readable load result: {fault}. Run the load test again.") from fault
    rows = zip(*(columns[name] for name in Row._fields), strict=True)
    return made(head["target"], parse(head["workload"]), {**head, "rows": list(rows), "vitals": seen})
