"""Ground: a lab of its own for breaking things: one CRM, its database on a small disk behind a line, and a guard.

All of it is made for one sitting and thrown away after it, whatever was done to it, also when whoever sits there is
killed. Nothing outside its folder is touched.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote, urlsplit, urlunsplit

import psutil  # type: ignore[import-untyped]

from poc.lab.guard import Guard
from poc.lab.house import House, Tenancy
from poc.lab.line import Line
from poc.lab.postgres import socket_of

#: Bytes of the database's disk: room for a small bank and its log.
ROOM = 1 << 30
#: Where Debian's package libfaketime keeps its library (GPL-2, used beside the product and never shipped with it).
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
#: Seconds between two looks at the database by who keeps it, as a machine's keeper of services looks.
KEEPS_EVERY = 0.5


class GroundError(Exception):
    """Something cannot be done on this machine; the text says what is missing."""


@dataclass(slots=True)
class Keeper:
    """Starts the database again whenever it fell, as systemd or a cluster's manager does, unless it is held down."""

    house: House
    guard: Guard
    held_down: Event = field(default_factory=Event)
    _over: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def begin(self) -> None:
        """Keep it from now on."""
        self._thread = Thread(target=self._keep, daemon=True)
        self._thread.start()

    def _keep(self) -> None:
        while not self._over.wait(KEEPS_EVERY):
            if self.house.cluster.pid is None and not self.held_down.is_set() and self.house.cluster.revive():
                self.tell()

    def tell(self) -> None:
        """Tell the guard which process has to be ended."""
        if (pid := self.house.cluster.pid) is not None:
            with suppress(psutil.Error):
                self.guard.ends(pid)

    def end(self) -> None:
        """Keep it no more."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What can be broken: ``disk`` is the database's own file system, ``clock`` the file that sets the CRM's clock.

    Either is None where this machine cannot offer it.
    """

    folder: Path
    house: House
    tenancy: Tenancy
    line: Line
    guard: Guard
    keeper: Keeper
    disk: Path | None
    clock: Path | None

    def workers(self) -> list[psutil.Process]:
        """Return the processes that serve, oldest first; of a crew all but the one that looks after them."""
        first = psutil.Process(self.tenancy.service.process.pid)
        alive = [one for one in first.children() if _lives(one)]
        return sorted(alive, key=lambda one: float(one.create_time())) or [first]

    def database(self) -> list[psutil.Process]:
        """Return the processes of the database, the first one first; none while it is down."""
        pid = self.house.cluster.pid
        if pid is None:
            return []
        with suppress(psutil.Error):
            first = psutil.Process(pid)
            return [first, *first.children()]
        return []


def _lives(one: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return bool(one.status() != psutil.STATUS_ZOMBIE)
    return False


@contextmanager
def prepared(name: str, *, mutants: tuple[str, ...] = (), processes: int = 2, skew: bool = False) -> Iterator[Ground]:
    """Serve a reference CRM, or a copy with defects, on a ground of its own, and leave nothing of it behind.

    ``skew`` makes its clock settable. Raises ServiceError or DatabaseError when it does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="touchstone-ground-"))
    folder.chmod(0o755)  # the database runs as a user of its own and must be able to enter
    guard = Guard.start()
    with ExitStack() as ends:
        ends.callback(guard.end)
        guard.removes(folder)
        disk = _small_disk(folder / "lab" / "postgres", guard)
        clock = _clock(folder) if skew else None
        house = ends.enter_context(House.open(folder / "lab"))
        ends.callback(house.cluster.halt)  # it may be another process by then than the one that was started first
        keeper = Keeper(house, guard)
        keeper.tell()
        to, _ = socket_of(house.cluster.uri)
        line = Line.start(folder / "line", Path(to))
        ends.callback(line.end)
        house.way, house.around = _through(line.folder), _skewed(clock)
        tenancy = house.reference(name, mutants=mutants, processes=processes)
        guard.ends(tenancy.service.process.pid)
        keeper.begin()
        ends.callback(keeper.end)
        yield Ground(
            folder=folder, house=house, tenancy=tenancy, line=line, guard=guard, keeper=keeper, disk=disk, clock=clock
        )


def _small_disk(place: Path, guard: Guard) -> Path | None:
    """Return a small file system for the database; None where this user may not make one."""
    place.mkdir(parents=True)
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        return None
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={ROOM},mode=755", "touchstone-ground", str(place)],
        check=False,
        capture_output=True,
    )
    if made.returncode:
        return None
    guard.unmounts(place)
    return place


def _through(folder: Path) -> Callable[[str], str]:
    """Return what turns a database's URL into one that leads through a line."""

    def way(url: str) -> str:
        return urlunsplit(urlsplit(url)._replace(query=f"host={quote(str(folder), safe='')}"))

    return way


def _clock(folder: Path) -> Path | None:
    if not FAKETIME.exists():
        return None
    clock = folder / "clock"
    clock.write_text("+0\n", encoding="ascii")
    return clock


def _skewed(clock: Path | None) -> Mapping[str, str]:
    if clock is None:
        return {}
    return {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DISABLE_SHM": "1",
    }
