"""Receipts: what a target took, batch by batch, on disk and flushed, so that a seeding that was killed can go on."""

import fcntl
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, BinaryIO

import orjson

#: Where receipts are kept unless a caller says otherwise.
RECEIPTS = Path("receipts")


class ReceiptsError(ValueError):
    """Receipts cannot be used; the text names the file and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """A batch that a target was asked to take: its job and kind, and the numbers of its rows.

    ``stage`` is its place in the order of pouring: batches of one stage do not lean on each other. ``way`` is the verb
    by which it goes in.
    """

    job: str
    kind: str
    stage: int
    way: str
    numbers: tuple[str, ...]


@dataclass(slots=True)
class Receipts:
    """The receipts of one bank in one target, oldest first; without a file they are kept in memory only.

    ``generation`` counts the seedings of this bank into this target: each has job ids of its own, since a job that was
    taken back is not loaded again.
    """

    target: str = ""
    bank: str = ""
    generation: int = 1
    file: BinaryIO | None = None
    lines: list[dict[str, Any]] = field(default_factory=list)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    lock: Lock = field(default_factory=Lock)

    @classmethod
    def open(cls, folder: Path, target: str, bank: str, *, fresh: bool = False) -> "Receipts":
        """Open the receipts of a bank in a target, or begin new ones.

        New ones are begun when there are none, when what they tell of was taken back, and when ``fresh`` is asked for.
        Raises ReceiptsError if another process works with them, or they cannot be read.
        """
        place = folder / target
        last = max((_generation(path) for path in place.glob(f"{bank[:12]}-*.jsonl")), default=0)
        if last and not fresh:
            kept = cls._of(place, target, bank, last)
            if not kept.ended:
                return kept
            kept.close()
        return cls._of(place, target, bank, last + 1)

    @classmethod
    def latest(cls, folder: Path, target: str) -> "Receipts":
        """Open the receipts of what is in a target now; raises ReceiptsError when there are none."""
        paths = sorted((folder / target).glob("*.jsonl"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in paths:
            kept = cls._of(path.parent, target, path.name.partition("-")[0], _generation(path))
            if kept.lines and not kept.ended:
                return kept
            kept.close()
        raise ReceiptsError(
            f"there are no receipts of {target} in {folder}: only what `touchstone seed` put there can be taken back"
        )

    @classmethod
    def _of(cls, place: Path, target: str, bank: str, generation: int) -> "Receipts":
        path = place / f"{bank[:12]}-{generation}.jsonl"
        place.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b", buffering=0)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise ReceiptsError(f"{path} is in use: another process seeds {target}; wait for it, or stop it") from None
        return cls(target=target, bank=bank, generation=generation, file=file, lines=_read(file))

    def note(self, line: str, **told: object) -> None:
        """Append a line; it is on disk when this returns."""
        entry = {"line": line, "at": self.clock().isoformat(), **told}
        with self.lock:
            self.lines.append(entry)
            if self.file is not None:
                self.file.write(orjson.dumps(entry, default=str) + b"\n")
                os.fsync(self.file.fileno())

    def of(self, line: str) -> list[dict[str, Any]]:
        """Return the lines of one sort."""
        with self.lock:
            return [one for one in self.lines if one["line"] == line]

    def ask(self, put: Put) -> None:
        """Note that a batch is about to be asked for; until its receipt, it may be in or not."""
        self.note(
            "asked",
            job=put.job,
            kind=put.kind,
            stage=put.stage,
            way=put.way,
            rows=len(put.numbers),
            numbers=put.numbers,
        )

    def take(self, put: Put, numbers: tuple[str, ...], answered: Mapping[str, object], seconds: float) -> None:
        """Append the receipt of a batch: what the target answered, and its numbers where they are not ours."""
        theirs = {} if numbers == put.numbers else {"numbers": numbers}
        self.note("taken", job=put.job, answered=dict(answered), seconds=round(seconds, 4), **theirs)

    @property
    def put(self) -> tuple[Put, ...]:
        """Return the batches that are in, or may be, and were not taken back, under the target's numbers."""
        back = {one["job"] for one in self.of("taken back")}
        theirs = {one["job"]: one["numbers"] for one in self.of("taken") if "numbers" in one}
        asked = {one["job"]: one for one in self.of("asked") if one["job"] not in back}
        return tuple(
            Put(
                job=job,
                kind=one["kind"],
                stage=one["stage"],
                way=one["way"],
                numbers=tuple(theirs.get(job, one["numbers"])),
            )
            for job, one in asked.items()
        )

    @property
    def taken(self) -> frozenset[str]:
        """Return the jobs of the batches that are in for certain."""
        return frozenset(one["job"] for one in self.of("taken"))

    @property
    def ended(self) -> bool:
        """Whether all was taken back."""
        return bool(self.of("gone"))

    @property
    def mark(self) -> str:
        """Return what tells the job ids of this generation from those of others."""
        return "" if self.generation == 1 else f"g{self.generation}-"

    def close(self) -> None:
        """Let others use the file."""
        if self.file is not None:
            self.file.close()

    def __enter__(self) -> "Receipts":
        """Close at the end of a with block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


def _generation(path: Path) -> int:
    last = path.stem.rpartition("-")[2]
    return int(last) if last.isdigit() else 0


def _read(file: BinaryIO) -> list[dict[str, Any]]:
    """Return the whole lines of a file; one that was being written when the process was killed is cut off."""
    file.seek(0)
    data = file.read()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        file.truncate(len(whole))
    try:
        return [orjson.loads(line) for line in whole.splitlines()]
    except orjson.JSONDecodeError as fault:
        file.close()
        raise ReceiptsError(
            f"{file.name} is damaged ({fault}): move it away, empty the target and seed again"
        ) from None
