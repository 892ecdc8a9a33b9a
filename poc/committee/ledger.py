"""Ledger: the log of a selection on disk: one line an entry, only ever added to, one writer at a time, nothing lost."""

import fcntl
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scenarios.disk import told
from scorecards.committee.events import Event, Log, LogError, canonical, read
from scorecards.committee.replay import follow, proved, replayed
from scorecards.committee.selection import Selection

#: Where selections are kept unless a caller says otherwise.
PLACE = Path("committees")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class LedgerError(ValueError):
    """A selection that cannot be read or written; the text names the file and the remedy."""


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


class Ledger:
    """``committees/<name>/``: ``log.jsonl`` with the entries, ``keys/`` with the members' locked keys."""

    def __init__(self, folder: Path, clock: Callable[[], datetime] = now) -> None:
        """Join a folder and a clock; nothing is read or written yet."""
        self.folder, self.clock = folder, clock
        self.path, self.keys = folder / "log.jsonl", folder / "keys"

    def log(self, *, head: str | None = None) -> Log:
        """Return the proven log; raises LogError naming the first entry that was changed, dropped, moved or forged.

        ``head`` is the hash that an export printed: without it a log whose end was cut off cannot be told.
        """
        try:
            whole = self.path.read_bytes()
        except FileNotFoundError:
            raise LedgerError(f"no selection in {self.folder}; found one by touchstone committee found") from None
        except OSError as fault:
            raise LedgerError(f"cannot read {self.path}: {fault.strerror}; allow it") from None
        if not (events := _events(whole, self.path)):
            raise LedgerError(f"no selection in {self.folder}; found one by touchstone committee found")
        return proved(events, head=head)

    def state(self) -> Selection:
        """Return where the selection stands."""
        return replayed(self.log())

    def add(
        self, kind: str, payload: Mapping[str, object], *, actor: str, role: str, key: Ed25519PrivateKey, act: str = ""
    ) -> Event:
        """Add an entry and return it once the disk holds it; raises ValueError where a rule forbids it.

        One writer at a time: who comes at the same moment waits and is judged against what the first one wrote. An
        ``act`` (a click's own id) that is in the log already is not done again: its entry comes back.
        """
        said = {**payload, **({"act": act} if act else {})}
        with self._held() as file:
            log, size = self._kept(file)
            if (known := _done(log, kind, actor, said, act)) is not None:
                return known
            at = max(self.clock(), log.events[-1].at) if log.events else self.clock()
            event = log.next(kind, said, actor=actor, role=role, at=at, key=key)
            if log.events:
                follow(replayed(log), event)
            else:
                follow(Selection(), event)
            proved((*log.events, event))
            _append(file, size, event)
        return event

    @contextmanager
    def _held(self) -> Iterator[int]:
        """Hold the log alone, among threads and processes alike; the lock ends with the file."""
        with told(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)

    def _kept(self, file: int) -> tuple[Log, int]:
        """Return the log and the length of its whole lines; a line that a crash tore was never acknowledged."""
        whole = os.pread(file, os.fstat(file).st_size, 0)
        size = whole.rfind(b"\n") + 1
        return proved(_events(whole[:size], self.path)), size


def _append(file: int, size: int, event: Event) -> None:
    line = canonical(event.line()) + b"\n"
    os.ftruncate(file, size)
    try:
        written = os.pwrite(file, line, size)
        os.fsync(file)
    except OSError as fault:
        os.ftruncate(file, size)
        raise LedgerError(f"the log cannot be written: {fault.strerror}; make room (nothing was added)") from None
    if written < len(line):
        os.ftruncate(file, size)
        raise LedgerError("the log cannot be written: the disk is full; make room (nothing was added)")


def _events(whole: bytes, path: Path) -> tuple[Event, ...]:
    found = []
    for place, line in enumerate(whole.splitlines(keepends=True), start=1):
        if not line.endswith(b"\n"):
            break  # a crash tore it; whoever wrote it was not told that it was done
        try:
            found.append(read(orjson.loads(line)))
        except orjson.JSONDecodeError:
            raise LogError(f"log: entry {place} of {path.name} is not JSON; restore the file from its copy") from None
    return tuple(found)


def _done(log: Log, kind: str, actor: str, said: Mapping[str, object], act: str) -> Event | None:
    if not act:
        return None
    for event in log.events:
        if event.payload.get("act") == act:
            if (event.kind, event.actor, canonical(dict(event.payload))) != (kind, actor, canonical(dict(said))):
                raise LogError(f"act {act}: it was used for something else in entry {event.place}; take a new one")
            return event
    return None


def ledger(name: str, place: Path = PLACE, clock: Callable[[], datetime] = now) -> Ledger:
    """Return the ledger of a selection by name; raises LedgerError for a name that is no folder's."""
    if not _NAME.fullmatch(name):
        raise LedgerError(f"{name!r} cannot name a selection: use letters, digits, dots and dashes")
    return Ledger(place / name, clock)


def selections(place: Path = PLACE) -> tuple[str, ...]:
    """Return the names of the selections in a place, in alphabetical order."""
    return (
        tuple(sorted(one.parent.name for one in place.glob("*/log.jsonl") if one.stat().st_size))
        if place.is_dir()
        else ()
    )
