"""Growing: a bank folder from nothing, from where it was left, or from a smaller bank; never from another one."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from synthetic_data.columns import CELL
from synthetic_data.folders.checking import refuse_strangers, sound
from synthetic_data.folders.faults import FolderError
from synthetic_data.folders.hands import Hands, here
from synthetic_data.folders.manifest import (
    GROWING,
    MANIFEST,
    Manifest,
    Part,
    file_of,
    keep,
    load,
    load_part,
    schemas_of,
    sealed_file_of,
)
from synthetic_data.folders.order import Order
from synthetic_data.folders.parts import Grower, Opener, Task, on_disk
from synthetic_data.folders.vault import Lock


class Step(NamedTuple):
    """How far a bank is: partitions and customers that are finished, and rows made since it was begun or resumed."""

    partitions: int
    customers: int
    rows: int


class Outcome(NamedTuple):
    """A whole bank folder, and how many of its partitions were there before."""

    manifest: Manifest
    kept: int


def grow_folder(
    order: Order,
    folder: Path,
    *,
    grower: Grower,
    truth: Path | None = None,
    lock: Lock | None = None,
    hands: Hands = here,
    progress: Callable[[Step], None] | None = None,
    opener: Opener = on_disk,
) -> Outcome:
    """Make a bank folder whole, partition by partition.

    A new folder is begun; one that was left half-written for the same order is gone on with, finished partitions being
    read back first; a whole one of fewer customers grows, and keeps its whole partitions. ``truth`` is where the sealed
    files go, under the lock that the folder was begun with. Raises ``FolderError`` for anything else, and lets
    ``OSError`` pass when the disk is full: what is finished is kept, and nothing is half-written.
    """
    folder, truth = folder.absolute(), truth.absolute() if truth else None  # workers may stand elsewhere
    manifest = _entered(order, folder, str(lock) if lock else None)
    with _alone(folder):
        if manifest.state == "whole" and manifest.customers == order.customers:
            shutil.rmtree(folder / GROWING, ignore_errors=True)
            return Outcome(manifest, len(manifest.parts))
        refuse_strangers(folder, manifest)  # before anything is written: a refused folder stays as it was
        manifest = _widened(manifest, order, folder)
        parts = _finished(manifest, order, folder, truth)
        missing = [number for number in range(order.partitions) if number not in parts]
        kept, rows = len(parts), 0
        task = Task(
            order=order,
            folder=folder,
            grower=grower,
            truth=truth if manifest.lock else None,
            lock=Lock.parse(manifest.lock) if manifest.lock else None,
            schemas=schemas_of(tuple(parts.values())),
            opener=opener,
        )
        for part in hands(task, missing):
            parts[part.number], rows = part, rows + part.rows
            if progress:
                progress(Step(len(parts), sum(p.customers for p in parts.values()), rows))
        return Outcome(_closed(manifest, order, folder), kept)


def _entered(order: Order, folder: Path, lock: str | None) -> Manifest:
    """The manifest of a folder, begun if there is none."""
    if not folder.exists():
        try:
            folder.mkdir(parents=True)
            keep(folder / MANIFEST, fresh := Manifest.of(order, lock))
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return fresh
    if not (folder / MANIFEST).is_file():
        raise FolderError(f"folder {folder}: exists and holds something else; choose another with --out or remove it")
    manifest = load(folder)
    _refuse_another(manifest, order, folder)
    return manifest


def _refuse_another(manifest: Manifest, order: Order, folder: Path) -> None:
    """Whether a folder may be gone on with: the same bank, and as large or, once whole, smaller."""
    asked = Manifest.of(order, None)
    if (manifest.profile, manifest.months) == (asked.profile, asked.months) and (
        manifest.profile_digest != asked.profile_digest
    ):
        raise FolderError(
            f"folder {folder}: was grown from other figures of the profile {asked.profile}; choose another with --out"
        )
    for name in ("seed", "profile", "months", "cells", "cell", "tables"):
        theirs, ours = getattr(manifest, name), getattr(asked, name)
        if theirs != ours:
            raise FolderError(f"folder {folder}: has {name} {theirs}, not {ours}; choose another folder with --out")
    for name, ours in asked.versions.items():
        if (theirs := manifest.versions.get(name)) != ours:
            raise FolderError(
                f"folder {folder}: was made by {name} {theirs}, and {ours} is here, which may grow other rows; "
                "choose another folder with --out"
            )
    if manifest.state == "growing" and manifest.customers != order.customers:
        raise FolderError(
            f"folder {folder}: was begun for {manifest.customers} customers and is not finished; "
            f"ask for {manifest.customers} to go on, or choose another folder with --out"
        )
    if manifest.customers > order.customers:
        raise FolderError(
            f"folder {folder}: has {manifest.customers} customers, more than {order.customers}; "
            "choose another folder with --out"
        )


def _widened(manifest: Manifest, order: Order, folder: Path) -> Manifest:
    """The manifest of a folder that is to hold what is asked for: only partitions that stay as they are remain."""
    if manifest.state == "growing":
        return manifest
    whole = tuple(part for part in manifest.parts if part.customers == order.cells * CELL)
    wider = manifest.model_copy(
        update={"state": "growing", "customers": order.customers, "parts": whole, "digest": "", "schemas": {}}
    )
    keep(folder / MANIFEST, wider)
    return wider


def _finished(manifest: Manifest, order: Order, folder: Path, truth: Path | None) -> dict[int, Part]:
    """The partitions that need not be made: those with a receipt whose files are all there and as they were."""
    growing = folder / GROWING
    growing.mkdir(exist_ok=True)
    for draft in (path for path in growing.iterdir() if path.is_dir()):
        shutil.rmtree(draft)
    told = {part.number: part for part in (*manifest.parts, *map(load_part, sorted(growing.glob("part-*.json"))))}
    return {number: part for number, part in told.items() if _there(part, order, folder, truth)}


def _there(part: Part, order: Order, folder: Path, truth: Path | None) -> bool:
    if part.customers != order.customers_in(part.number):
        return False
    files = [(file_of(folder, name, part.number), file.sha256) for name, file in part.files.items()]
    if part.truth and truth and (sealed := sealed_file_of(truth, part.number)).exists():  # or it is kept elsewhere
        sound(sealed, part.truth.sha256)
    return len([path for path, digest in files if path.exists() and sound(path, digest)]) == len(files)


def _closed(manifest: Manifest, order: Order, folder: Path) -> Manifest:
    """The manifest of a folder that is whole: receipts become part of it."""
    growing = folder / GROWING
    told = {part.number: part for part in (*manifest.parts, *map(load_part, sorted(growing.glob("part-*.json"))))}
    absent = set(range(order.partitions)) - told.keys()
    if absent:
        raise FolderError(f"folder {folder}: partition {min(absent)} is not in it; workers see another folder there")
    whole = manifest.finished(tuple(told.values()))
    keep(folder / MANIFEST, whole)
    shutil.rmtree(growing)
    return whole


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder, so that no other process of this machine grows it meanwhile."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as fault:
        raise FolderError(f"folder {folder}: is being grown by another process; wait until it has ended") from fault
    finally:
        os.close(held)
