"""Checking: whether a bank folder is, to the byte, what was written, and holds nothing that came from elsewhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq

from synthetic_data.folders.faults import FolderError
from synthetic_data.folders.manifest import (
    GROWING,
    MANIFEST,
    Manifest,
    Part,
    file_of,
    load,
    part_name,
    sealed_file_of,
)
from synthetic_data.folders.parts import digest_of_file, stamp_of


class Checked(NamedTuple):
    """A bank folder that is whole: its manifest, and how many files were read, of the bank and of its truth."""

    manifest: Manifest
    files: int
    sealed: int


def verify(folder: Path, truth: Path | None = None) -> Checked:
    """Read every file of a whole bank folder; ``FolderError`` names the first that is not as it was written.

    Sealed truth is read where it is there: it may have been taken to a safer place.
    """
    manifest = load(folder)
    if manifest.state != "whole":
        raise FolderError(f"folder {folder}: is not finished; run `touchstone bank generate` again to go on")
    refuse_strangers(folder, manifest)
    files = sum(1 for part in manifest.parts for _ in _files(folder, part))
    sealed = sum(1 for part in manifest.parts if truth and _sealed(truth, part))
    if manifest.finished(manifest.parts).digest != manifest.digest:
        raise FolderError(f"{folder / MANIFEST}: was changed; its digest is not that of its parts")
    return Checked(manifest, files, sealed)


def _files(folder: Path, part: Part) -> Iterator[Path]:
    for name, told in part.files.items():
        path = file_of(folder, name, part.number)
        if not path.exists():
            raise FolderError(f"{path}: is missing; run `touchstone bank generate` again into a new folder")
        sound(path, told.sha256)
        if (rows := pq.read_metadata(path).num_rows) != told.rows:
            raise FolderError(f"{path}: holds {rows} rows where {MANIFEST} says {told.rows}; generate the bank again")
        yield path


def _sealed(truth: Path, part: Part) -> bool:
    path = sealed_file_of(truth, part.number)
    return part.truth is not None and path.exists() and sound(path, part.truth.sha256)


def sound(path: Path, digest: str) -> bool:
    """True for a file that is as it was written; raises ``FolderError`` for one that is not."""
    if digest_of_file(path) != digest:
        raise FolderError(
            f"{path}: is not the file that was written here; remove it and generate again, and it will be made anew"
        )
    return True


def refuse_strangers(folder: Path, manifest: Manifest) -> None:
    """Raise ``FolderError`` for the first file in the folder that does not belong to this bank."""
    partitions = -(-manifest.customers // (manifest.cells * manifest.cell))
    stamps = {f"{part_name(n)}.parquet": f"{manifest.identity} {n}" for n in range(partitions)}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_dir() or inside.parts[0] == GROWING or str(inside) in (MANIFEST, f"{MANIFEST}.draft"):
            continue
        if len(inside.parts) != 2 or inside.name not in stamps:
            raise FolderError(f"{path}: is no file of this bank; move it away")
        if stamp_of(path) != stamps[inside.name]:
            raise FolderError(f"{path}: is of another bank or partition, or no Parquet at all; move it away")
