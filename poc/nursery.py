"""Nursery: banks in columns that grow in processes of their own: begun, watched, stopped, gone on with, all on disk."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Thread
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from poc.growth import BANKS
from synthetic_data.folders.faults import FolderError
from synthetic_data.folders.manifest import GROWING, MANIFEST, Manifest, Part, load, load_part
from synthetic_data.generator import MOST

#: Seconds after which a process that holds no folder yet is taken for one that has died.
STARTS_WITHIN = 20.0


class NurseryError(ValueError):
    """A bank that cannot be grown or stopped; the text names it and the remedy."""


class State(StrEnum):
    """How a bank stands."""

    GROWING = "growing"
    STOPPED = "stopped"
    WHOLE = "whole"


class Wish(BaseModel):
    """The bank that somebody asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    profile: str
    customers: Annotated[int, Field(ge=1, le=MOST)]
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1

    @property
    def name(self) -> str:
        """What its folder is called."""
        return f"{self.profile}-{self.seed}-{self.customers}"


class Slip(BaseModel):
    """What is kept of a process beside the bank that it grows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wish: Wish
    process: int
    began: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """A bank in the nursery: what was asked for, how far it is, and what went wrong."""

    folder: Path
    state: State
    wish: Wish
    customers: int  # that are finished
    rows: int
    fault: str
    manifest: Manifest | None

    @property
    def name(self) -> str:
        """What its folder is called."""
        return self.folder.name


def beds(place: Path = BANKS) -> tuple[Bed, ...]:
    """Return the banks of a place, those that changed last first; what is no bank in columns is passed over."""
    named = {path.parent for path in place.glob(f"*/{MANIFEST}")}
    named |= {slip.with_name(slip.name.removesuffix(".slip.json")) for slip in place.glob("*.slip.json")}
    found = [bed for folder in named if (bed := bed_of(folder)) is not None]
    return tuple(sorted(found, key=lambda bed: (-_changed(bed.folder), bed.name)))


def bed_of(folder: Path) -> Bed | None:
    """Return how a bank stands; None where there is neither a bank in columns nor a process that begins one."""
    slip, manifest = _slip(folder), _manifest(folder)
    if manifest is None and slip is None:
        return None
    wish = slip.wish if slip else Wish(profile=manifest.profile, customers=manifest.customers, seed=manifest.seed)  # type: ignore[union-attr]
    if manifest and manifest.state == "whole" and manifest.customers >= wish.customers:
        rows = sum(manifest.rows.values())
        return Bed(
            folder=folder, state=State.WHOLE, wish=wish, customers=manifest.customers, rows=rows, fault="",
            manifest=manifest,
        )  # fmt: skip
    alive = _held(folder) or bool(slip and _begins(slip))
    parts = [*(manifest.parts if manifest else ()), *_receipts(folder)]
    return Bed(
        folder=folder,
        state=State.GROWING if alive else State.STOPPED,
        wish=wish,
        customers=sum(part.customers for part in parts),
        rows=sum(part.rows for part in parts),
        fault="" if alive else _last_words(folder),
        manifest=manifest,
    )


def start(wish: Wish, place: Path = BANKS, command: Sequence[str] = ()) -> Path:
    """Begin a bank, or go on with it, in a process that outlives the page; returns its folder.

    Raises ``NurseryError`` when it is whole or grows already.
    """
    folder = place / wish.name
    now = bed_of(folder)
    if now is not None and now.state is not State.STOPPED:
        told = "is whole already" if now.state is State.WHOLE else "grows already; watch it, or stop it first"
        raise NurseryError(f"bank {folder.name} {told}")
    place.mkdir(parents=True, exist_ok=True)
    words = [sys.executable, "-m", "poc.cli", "bank", "generate", "--format", "parquet", "--out", str(folder)]
    words += ["--profile", wish.profile, "--customers", str(wish.customers), "--seed", str(wish.seed)]
    with _log(folder).open("wb") as log:
        child = subprocess.Popen(
            list(command) or words, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
        )
    Thread(target=child.wait, daemon=True, name=f"reaper of {child.pid}").start()
    _beside(folder, "slip.json").write_text(Slip(wish=wish, process=child.pid, began=time.time()).model_dump_json())
    return folder


def stop(folder: Path) -> None:
    """Ask the process that grows a bank to end; finished partitions are kept. Raises ``NurseryError`` if none does."""
    slip = _slip(folder)
    if slip is None or not (_held(folder) or _begins(slip)):
        raise NurseryError(f"bank {folder.name} is not being grown from here; there is nothing to stop")
    try:
        if os.getpgid(slip.process) == slip.process:  # our child leads a group of its own; a later process does not
            os.kill(slip.process, signal.SIGTERM)
    except ProcessLookupError:
        return


def _begins(slip: Slip) -> bool:
    """Whether a process is alive that has not taken its folder yet."""
    try:
        return os.getpgid(slip.process) == slip.process and time.time() - slip.began < STARTS_WITHIN
    except ProcessLookupError:
        return False


def _held(folder: Path) -> bool:
    """Whether a process holds a bank's folder."""
    if not folder.is_dir():
        return False
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(held)
    return False


def _slip(folder: Path) -> Slip | None:
    try:
        return Slip.model_validate_json(_beside(folder, "slip.json").read_bytes())
    except (OSError, ValidationError):
        return None


def _manifest(folder: Path) -> Manifest | None:
    """The manifest of a bank in columns; a bank of records has another one."""
    try:
        return load(folder)
    except FolderError:
        return None


def _receipts(folder: Path) -> list[Part]:
    found = []
    for path in sorted((folder / GROWING).glob("part-*.json")):
        try:
            found.append(load_part(path))
        except FolderError:  # it was taken away or is being written meanwhile
            continue
    return found


def _last_words(folder: Path) -> str:
    """What a process that ended before its bank was whole has said of it."""
    try:
        lines = _log(folder).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    said = [line.removeprefix("touchstone: ") for line in lines if line.startswith("touchstone: ")]
    return "" if not said or said[-1].startswith("stopped") else said[-1]


def _log(folder: Path) -> Path:
    return _beside(folder, "log.txt")


def _beside(folder: Path, end: str) -> Path:
    return folder.with_name(f"{folder.name}.{end}")


def _changed(folder: Path) -> float:
    return max((path.stat().st_mtime for path in (folder, _beside(folder, "slip.json")) if path.exists()), default=0.0)
