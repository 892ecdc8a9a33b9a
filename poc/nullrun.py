"""Nullrun: holds the load generator against a server that does nothing, and remembers what it carried on a machine."""

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from loadtests.crew import Crew, crew
from loadtests.floor import QUANTILES, Floor, floor_from
from loadtests.limits import peak
from loadtests.plan import Plan
from loadtests.result import LIMITS, LoadResult
from loadtests.steps import Person
from loadtests.workload import Workload, parse
from poc.connectors.connect import cache
from poc.lab.authority import identity
from poc.loadrun import LoadError, press
from scenarios.actors import Actor, Credential
from scenarios.disk import write_whole

#: Seconds of a null run that count, and before them.
SECONDS, WARM_UP = 3.0, 1.0
#: What is tried first: so many times the rate that is needed, and never less than this, so that one null run serves
#: all smaller ones.
RESERVE, LEAST = 1.5, 300.0
#: Connections of a null run at the most, and bytes of an answer: about a customer at a glance.
USERS, BODY = 256, 2048
#: Least share of the arrivals that must have been released and answered.
ANSWERED = 0.999
#: Milliseconds of lag (p99) from which on the arrivals were not made when they were due.
LATE_MS = 100.0
#: Rates of a ladder (requests a second), lowest first.
LADDER = (500.0, 1000.0, 2000.0, 3000.0, 4000.0, 6000.0, 8000.0, 12_000.0)
#: Days for which a floor is believed.
DAYS = 30
#: Takes a sentence about what is done at the moment.
Tell = Callable[[str], None]


class FloorError(Exception):
    """The generator could not be held against the null server; the text says why."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a floor is about: the client, whether it speaks TLS, and by how many processes it presses (0: one alone)."""

    client: str
    secure: bool
    workers: int = 0

    @classmethod
    def of(cls, floor: Floor) -> "Kind":
        """Return what a floor is about."""
        return cls(floor.client, floor.secure, floor.workers)

    @classmethod
    def needed(cls, load: Workload, url: str, gathered: Crew | None = None) -> "Kind":
        """Return what a workload needs to press a URL."""
        return cls(load.client, url.startswith("https:"), gathered.here if gathered is not None else 0)


@dataclass(frozen=True, slots=True)
class Floors:
    """The floors of this machine in a file, which may be deleted at any time."""

    path: Path

    def find(self, machine: str, kind: Kind, rate: float, now: datetime) -> Floor | None:
        """Return the floor at the lowest rate on file that stands for a generator; None if none does or all are old."""
        stand = [one for one in self.of(machine, kind, now) if one.carried and one.rate >= rate]
        return min(stand, key=lambda one: one.rate, default=None)

    def of(self, machine: str, kind: Kind, now: datetime) -> tuple[Floor, ...]:
        """Return all floors of a kind of generator that are not too old, the lowest rate first."""
        since = (now - timedelta(days=DAYS)).isoformat()
        told = (one for one in self._read() if one.measured >= since and (one.machine, Kind.of(one)) == (machine, kind))
        return tuple(sorted(told, key=lambda one: one.rate))

    def keep(self, floor: Floor) -> None:
        """Put a floor on file, in the place of what was there of the same rate."""
        same = (floor.machine, Kind.of(floor), floor.rate)
        others = [one for one in self._read() if (one.machine, Kind.of(one), one.rate) != same]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.path, json.dumps([one.as_dict() for one in (*others, floor)], indent=1).encode())

    def _read(self) -> tuple[Floor, ...]:
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))
            return tuple(one for each in told if (one := floor_from(each)) is not None)
        except (OSError, ValueError, TypeError):
            return ()


def floors(environment: Mapping[str, str]) -> Floors:
    """Return the floors of this machine, which are kept with what can be made again at any time."""
    return Floors(cache(environment) / "floors.json")


def machine() -> str:
    """Return what tells this machine and its Python from others, as far as it matters for a generator."""
    processors = len(os.sched_getaffinity(0))
    return f"{platform.node()} {_processor()} x{processors}, {platform.python_implementation()} {sys.version_info[:3]}"


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in told.splitlines() if line.startswith("model name")), "")


def floor_for(
    load: Workload,
    url: str,
    known: Floors,
    *,
    gathered: Crew | None = None,
    tell: Tell = lambda words: None,
    stop: Callable[[], bool] = lambda: False,
) -> Floor | None:
    """Return the floor of the generator that a workload needs: the one on file, or a new one (some seconds).

    None for a closed workload, which has no rate, for a crew with workers elsewhere, whose machines are not here, and
    where it could not be made, which is told, or ``stop`` ended it: a run is judged by its own lag then.
    """
    if load.arrivals == "closed" or (gathered is not None and gathered.elsewhere):
        return None
    kind, needed = Kind.needed(load, url, gathered), peak(load)
    if found := known.find(machine(), kind, needed, datetime.now(UTC)):
        return found
    tell(f"holding the generator against a server that does nothing ({SECONDS + WARM_UP:.0f} s, once on this machine)")
    try:
        made = nullrun(kind, max(LEAST, RESERVE * needed), stop)
        if not made.carried and made.rate > needed and not stop():
            made = nullrun(kind, needed, stop)
    except FloorError as fault:
        tell(str(fault))
        return None
    if stop():
        return None
    known.keep(made)
    return made


def ladder(kind: Kind, known: Floors, rates: tuple[float, ...] = LADDER) -> Iterator[Floor]:
    """Try ever higher rates until one is not carried; each is put on file and yielded. Raises FloorError."""
    for rate in rates:
        floor = nullrun(kind, rate)
        known.keep(floor)
        yield floor
        if not floor.carried:
            return


def ceiling(kind: Kind, known: Floors, most: float, tell: Tell) -> Floor | None:
    """Return the floor at the highest rate that the generator carries; a ladder finds it if that is unknown.

    Above ``most`` nobody asks. None if not even the lowest rate of the ladder was carried. Raises FloorError.
    """
    told = known.of(machine(), kind, datetime.now(UTC))
    if not any(one.rate >= most or not one.carried for one in told):
        tell("finding out what the generator carries against a server that does nothing (half a minute, once)")
        told = tuple(ladder(kind, known))
    carried = [one for one in told if one.carried]
    return max(carried, key=lambda one: one.rate, default=None)


def nullrun(kind: Kind, rate: float, stop: Callable[[], bool] = lambda: False) -> Floor:
    """Press a server that does nothing at a rate (requests a second) and return what that shows; raises FloorError."""
    with tempfile.TemporaryDirectory(prefix="touchstone-null-") as folder, _served(kind, Path(folder)) as plan:
        try:
            result = press(plan(asked(kind, rate)), stop=stop)
        except LoadError as fault:
            raise FloorError(f"the generator could not be held against a server of its own: {fault}") from None
    return floor_of(result, kind, rate)


def asked(kind: Kind, rate: float) -> Workload:
    """Return the workload of a null run."""
    return parse(
        {
            "name": "null",
            "because": "What the generator measures here is itself.",
            "arrivals": "poisson",
            "rate": rate,
            "seconds": SECONDS,
            "warm_up": WARM_UP,
            "users": max(USERS, kind.workers),
            "client": kind.client,
            "seed": 1,
            "mix": {"read": 1},
        }
    )


def floor_of(result: LoadResult, kind: Kind, rate: float) -> Floor:
    """Return the floor that a null run showed."""
    seen = result.histogram(outcome=None)
    told = {name: seen.quantile(q) for name, q in QUANTILES.items()}
    return Floor(
        machine=machine(),
        client="raw" if kind.client == "raw" else "fast",
        secure=kind.secure,
        workers=kind.workers,
        rate=rate,
        refused=_refused(result),
        disturbed="; ".join(result.faults()),
        **{name: None if value is None else value / 1000 for name, value in told.items()},
        lag_p99_ms=result.generator.get("dispatch_lag_p99_ms"),
        cpu_percent=result.generator.get("cpu_p95_percent"),
        measured=datetime.fromtimestamp(result.began, UTC).isoformat(),
    )


def _refused(result: LoadResult) -> str:
    lag, cpu = (result.generator.get(name) or 0.0 for name in ("dispatch_lag_p99_ms", "cpu_p95_percent"))
    due = result.released + result.dropped
    answered = result.outcomes().get("ok", 0)
    if result.finished < ANSWERED * due or not answered:
        return f"{result.finished:,} of {due:,} were answered"
    if cpu > LIMITS["cpu_p95_percent"]:
        return f"{cpu:.0f} % of a processor"
    return f"arrivals were {lag:,.0f} ms late" if lag > LATE_MS else ""


@contextmanager
def _served(kind: Kind, folder: Path) -> Iterator[Callable[[Workload], Plan]]:
    """Serve nothing within the block, and yield what makes the plan of pressing it."""
    words = [sys.executable, "-m", "loadtests.null", "--body", str(BODY)]
    known = identity(folder) if kind.secure else None
    if known is not None:
        words += ["--tls", str(known.certificate), str(known.key)]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout is not None
        if not (port := server.stdout.readline().strip()):
            raise FloorError("the server that does nothing did not begin: run python -m loadtests.null to see why")
        yield lambda load: Plan(
            target="null",
            url=f"{'https' if kind.secure else 'http'}://127.0.0.1:{port}",
            authority=None if known is None else str(known.authority),
            connector="loadtests.null:Nothing",
            credentials={Actor.AGENT: Credential(token="null")},  # noqa: S106 nobody looks at it
            people=(Person("1", "Nobody"),),
            workload=load,
            mark="null",
            crew=crew(kind.workers) if kind.workers else None,
        )
    finally:
        server.kill()
        server.wait()
        if server.stdout is not None:
            server.stdout.close()
