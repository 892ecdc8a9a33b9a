"""Orders: an assessment that was asked for: what shall be done, how far it is, and how it is stopped, all on disk."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from poc.settings import TARGETS
from scenarios.disk import StoreError
from scenarios.folders import AssessmentFolder

#: Seconds within which a process that was started says its first word, and for which one waits for its lock.
STARTS_WITHIN, LOCKS_WITHIN = 30.0, 3.0
#: What the systems of the lab that the app starts are kept in.
LAB = Path("lab/app")


class OrderError(ValueError):
    """An order that cannot be given, read or carried out; the text names the thing and the remedy."""


class Order(BaseModel):
    """What shall be done: ``systems`` are built into the lab, ``targets`` are listed in ``targets_file``.

    ``rate`` is in arrivals a second; ``seconds`` of load that count, 0 for none. ``only`` names criteria, none for all.
    ``pour`` says whether the bank is poured into listed targets first; those of the lab always get it. Scenarios are
    played on ``at_once`` targets at a time: they wait for half of their time, so on more than there are cores.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    systems: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    targets_file: Path = TARGETS
    pour: bool = True
    customers: Annotated[int, Field(ge=100, le=10_000_000)] = 10_000
    seed: Annotated[int, Field(ge=0)] = 1
    profile: str = "cn-digital-bank"
    rate: Annotated[float, Field(gt=0, le=100_000)] = 400
    seconds: Annotated[float, Field(ge=0, le=86_400)] = 30
    only: tuple[str, ...] = ()
    at_once: Annotated[int, Field(ge=1, le=64)] = 3
    lab: Path = LAB

    @property
    def named(self) -> tuple[str, ...]:
        """Return the names of all targets, in the order in which they are examined."""
        return (*self.systems, *self.targets)


# -- giving and reading ----------------------------------------------------------------------------------------------
def give(folder: AssessmentFolder, order: Order) -> None:
    """Write an order down; raises OrderError if it asks for nothing or its name is taken."""
    if not order.named:
        raise OrderError("nothing is on trial: choose at least one target")
    if twice := {name for name in order.systems if name in order.targets}:
        raise OrderError(f"{', '.join(sorted(twice))} is chosen twice: rename it in {order.targets_file}")
    if folder.path.exists():
        raise OrderError(f"{folder.path} exists already: choose another name")
    folder.describe({"kind": "order", "order": order.model_dump(mode="json")})
    (folder.path / "targets").mkdir(exist_ok=True)


def read(folder: AssessmentFolder) -> Order:
    """Return the order of an assessment; raises OrderError when it was not ordered, StoreError if it is unreadable."""
    if not (folder.path / "assessment.json").exists():
        raise OrderError(f"there is no order in {folder.path}: give one in the workbench (touchstone app)")
    facts = folder.facts()
    if facts.get("kind") != "order":
        raise OrderError(
            f"{folder.path} was not ordered but made by a command: go on with it by `touchstone run --resume`"
        )
    try:
        return Order.model_validate(facts["order"])
    except (ValidationError, KeyError) as error:
        raise OrderError(
            f"{folder.path / 'assessment.json'} holds no readable order ({error}): order it again"
        ) from None


def ordered(folder: AssessmentFolder) -> bool:
    """Whether an assessment was ordered, and can be watched and gone on with."""
    try:
        read(folder)
    except (OrderError, StoreError):
        return False
    return True


# -- the process that carries it out ---------------------------------------------------------------------------------
def start(folder: AssessmentFolder, command: Sequence[str] = ()) -> int:
    """Start the process that carries an order out, or goes on with it, and return its id.

    It is a child of nobody that waits for it: it outlives the page, and its output goes to ``log.txt``. Raises
    OrderError when it runs already.
    """
    read(folder)
    words = [sys.executable, "-m", "poc.cli", "carry-out", folder.name, "--runs", str(folder.path.parent)]
    return launch(folder, list(command) or words)


def launch(folder: AssessmentFolder, words: Sequence[str]) -> int:
    """Start a command as the process that works in a folder; raises OrderError when another does."""
    if running(folder):
        raise OrderError(f"{folder.path} is being worked on already: watch it, or stop it first")
    stop_file(folder).unlink(missing_ok=True)
    tell(folder, {"act": "asked"})
    with (folder.path / "log.txt").open("ab") as log:
        child = subprocess.Popen(words, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
    Thread(target=child.wait, daemon=True, name=f"reaper of {child.pid}").start()
    return child.pid


def stop_file(folder: AssessmentFolder) -> Path:
    """Return the file whose presence asks the process to stop."""
    return folder.path / "stop"


def stop(folder: AssessmentFolder) -> None:
    """Ask the process to stop: load within two seconds, a scenario after it has ended."""
    stop_file(folder).touch()


def stop_asked(folder: AssessmentFolder) -> bool:
    """Whether somebody asked for a stop."""
    return stop_file(folder).exists()


@contextmanager
def held(place: Path) -> Iterator[None]:
    """Hold a folder (of an assessment, of a lab) while working in it; raises OrderError when another process does."""
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("a") as lock:
        deadline = time.monotonic() + LOCKS_WITHIN
        while not _locked(lock.fileno(), fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise OrderError(f"{place} is being worked in by another process: wait for it, or stop it")
            time.sleep(0.05)
        yield


def running(folder: AssessmentFolder) -> bool:
    """Whether a process works on an assessment; one that was killed holds it no more."""
    path = folder.path / "lock"
    if not path.exists():
        return False
    with path.open("a") as lock:
        return not _locked(lock.fileno(), fcntl.LOCK_SH)


def _locked(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


# -- telling how far it is -------------------------------------------------------------------------------------------
def tell(
    folder: AssessmentFolder, line: Mapping[str, object], clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> None:
    """Append one line to what was told of an assessment; a line is written whole or not at all."""
    data = orjson.dumps({"at": clock().isoformat(), **line}, default=str) + b"\n"
    descriptor = os.open(folder.path / "progress.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, data)
    finally:
        os.close(descriptor)


def told(folder: AssessmentFolder) -> tuple[dict[str, Any], ...]:
    """Return what was told so far; a line that is being written is left out."""
    path = folder.path / "progress.jsonl"
    if not path.exists():
        return ()
    lines = path.read_bytes().split(b"\n")[:-1]
    found = []
    for line in lines:
        try:
            found.append(orjson.loads(line))
        except ValueError:
            continue
    return tuple(found)


@contextmanager
def heard(folder: AssessmentFolder, ear: Callable[[Mapping[str, Any]], None], pause: float = 0.1) -> Iterator[None]:
    """Within the block, hand on what is told of an assessment, line by line, in a thread of its own."""
    path, ended = folder.path / "progress.jsonl", Event()
    place = path.stat().st_size if path.exists() else 0

    def listen() -> None:
        nonlocal place
        last = False
        while not last:
            last = ended.wait(pause)
            for line in _read(path, place):
                place += len(line)
                with suppress(ValueError):
                    ear(orjson.loads(line))

    listener = Thread(target=listen, daemon=True, name=f"listens to {folder.name}")
    listener.start()
    try:
        yield
    finally:
        ended.set()
        listener.join()


def _read(path: Path, place: int) -> list[bytes]:
    """Return the whole lines of a file from a place on."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        file.seek(place)
        data = file.read()
    return data[: data.rfind(b"\n") + 1].splitlines(keepends=True)
