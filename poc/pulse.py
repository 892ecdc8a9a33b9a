"""Pulse: what a target's processes use of this machine while it is pressed, felt once a second from outside."""

import time
from collections.abc import Callable, Mapping, Sequence
from threading import Event, Thread
from types import TracebackType
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]

from loadtests.vitals import Vital
from poc.settings import Target, is_loopback

#: Seconds from one look to the next, and looks after which it is asked anew which processes there are.
EVERY, ANEW = 1.0, 10
#: Returns counts of a database since it began (commits, rolled_back, hit, read) and states (active, waiting).
DatabaseLook = Callable[[], Mapping[str, float]]
#: What is told of a database as a rate rather than as it stands.
COUNTED = ("commits", "rolled_back")


class Pulse:
    """Looks once a second, in a thread of its own, at parts (server, database, generator) that are made of processes.

    ``roots`` returns the processes that each part begins with; what they started belongs to it. A part of which no
    process can be seen (on another machine, of another user) is not told: unknown is not 0.
    """

    def __init__(
        self,
        roots: Callable[[], Mapping[str, Sequence[int]]],
        database: DatabaseLook | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Prepare; nothing is looked at yet."""
        self._roots, self._database, self._clock = roots, database, clock
        self._own: dict[str, Sequence[int]] = {}
        self._known: dict[int, psutil.Process] = {}
        self._spent: dict[int, float] = {}
        self._counts: tuple[float, Mapping[str, float]] | None = None
        self._before: float | None = None
        self._seen: list[tuple[float, str, str, float]] = []
        self._ended = Event()
        self._thread = Thread(target=self._work, daemon=True, name="feels the pulse")
        self.latest: Mapping[str, float] = {}

    def begin(self, generator: int) -> None:
        """Begin to look, at the generator's process too."""
        self._own = {"generator": (generator,)}
        self._thread.start()

    def note(self, part: str, metric: str, value: float) -> None:
        """Take down a figure that somebody else has of this moment."""
        self._seen.append((self._clock(), part, metric, value))

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def vitals(self, began: float) -> tuple[Vital, ...]:
        """Return all that was seen, in seconds since ``began`` (seconds since the epoch)."""
        return tuple(Vital(round(at - began, 3), part, metric, value) for at, part, metric, value in self._seen)

    def __enter__(self) -> "Pulse":
        """End with the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        self.end()

    def _work(self) -> None:
        looks, roots = 0, dict[str, Sequence[int]]()
        while True:
            if looks % ANEW == 0:
                roots = {**self._roots(), **self._own}
            self.look(roots)
            looks += 1
            if self._ended.wait(EVERY):
                return

    def look(self, roots: Mapping[str, Sequence[int]]) -> None:
        """Look once; a share of a processor is told from the second look on."""
        now = self._clock()
        told: dict[str, float] = {}
        since, self._before = self._before, now
        machine = psutil.cpu_percent()
        for part, pids in roots.items():
            used = self._part(pids)
            if used is None:
                continue
            told[f"{part}.memory_mb"] = used[1]
            if since is not None and now > since:
                told[f"{part}.cpu_percent"] = 100 * used[0] / (now - since)
        if since is not None:
            told["machine.cpu_percent"] = machine
        told |= self._of_database(now)
        self._seen += [(now, *_named(name), value) for name, value in told.items()]
        self.latest = told

    def _part(self, pids: Sequence[int]) -> tuple[float, float] | None:
        """Return processor seconds since the last look and MiB of a part, None if none of its processes is there.

        Shared pages count once: each process of a database maps the same buffers.
        """
        spent, alone, shared, found = 0.0, 0, 0, False
        for process in self._family(pids):
            try:
                with process.oneshot():
                    times, memory = process.cpu_times(), process.memory_info()
            except psutil.Error:  # it ended meanwhile
                continue
            found, whole = True, times.user + times.system
            spent += whole - self._spent.get(process.pid, whole)
            self._spent[process.pid] = whole
            alone, shared = alone + memory.rss - memory.shared, max(shared, memory.shared)
        return (spent, (alone + shared) / 2**20) if found else None

    def _family(self, pids: Sequence[int]) -> Sequence[psutil.Process]:
        family: dict[int, psutil.Process] = {}
        for pid in pids:
            try:
                root = self._known.setdefault(pid, psutil.Process(pid))
                family |= {one.pid: one for one in (root, *root.children(recursive=True))}
            except psutil.Error:
                self._known.pop(pid, None)
        return tuple(family.values())

    def _of_database(self, now: float) -> Mapping[str, float]:
        if self._database is None:
            return {}
        seen = self._database()
        before, self._counts = self._counts, (now, seen)
        told = {f"database.{name}": seen[name] for name in ("active", "waiting") if name in seen}
        if before is None or not seen or not before[1] or now <= before[0]:
            return told
        grown = {name: seen[name] - before[1][name] for name in ("hit", "read", *COUNTED)}
        told |= {f"database.{name}": grown[name] / (now - before[0]) for name in COUNTED}
        blocks = grown["hit"] + grown["read"]
        return told | ({"database.hit_share": grown["hit"] / blocks} if blocks > 0 else {})


def _named(name: str) -> tuple[str, str]:
    part, _, metric = name.partition(".")
    return part, metric


def roots_of(target: Target) -> Mapping[str, Sequence[int]]:
    """Return the processes of this machine that a target begins with: who listens at its door, and its PostgreSQL."""
    if not is_loopback(target.url):
        return {}
    found = {"server": _listeners(urlsplit(target.url).port), "database": _postmaster(target)}
    return {part: pids for part, pids in found.items() if pids}


def _listeners(port: int | None) -> Sequence[int]:
    try:
        doors = psutil.net_connections("tcp")
    except psutil.Error:  # some systems tell this to administrators only
        return ()
    mine = {one.pid for one in doors if one.status == psutil.CONN_LISTEN and one.laddr.port == port and one.pid}
    return tuple(sorted(mine))


def _postmaster(target: Target) -> Sequence[int]:
    data = target.inside.data if target.inside else None
    try:
        return (int((data / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0]),) if data else ()
    except (OSError, ValueError):
        return ()
