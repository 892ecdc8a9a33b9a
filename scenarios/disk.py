"""Disk: what it will not take is told in one line, and nothing is half-written."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path


class StoreError(Exception):
    """A run on disk cannot be read or written; the text names the file, the line and the remedy."""


def write_whole(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Put a whole file in place, or leave what was there; raises StoreError when the disk will not take it.

    ``mode`` says who may read it, within what the process allows at all; 0o600 is its owner alone.
    """
    aside = path.with_name(path.name + ".new")
    try:
        with open(aside, "wb", opener=partial(os.open, mode=mode)) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise StoreError(
            f"cannot write {path}: {error.strerror}; make room or allow it, then go on (nothing was half-written)"
        ) from error


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Turn what the operating system says about a folder into a StoreError."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"cannot write {folder}: {error.strerror}; choose a folder you may write") from None


def line_starts(path: Path) -> list[int]:
    """Return where each complete line of a file begins."""
    starts, at = [], 0
    with path.open("rb") as file:
        for raw in file:
            if raw.endswith(b"\n"):
                starts.append(at)
            at += len(raw)
    return starts
