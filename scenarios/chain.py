"""Chain: a file of JSON lines that is only ever appended to, each line sealed to the one before."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from scenarios.disk import StoreError

_SEAL = b',"hash":"'
_TAIL = len(_SEAL) + 64 + len(b'"}')


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a chain ends: how many lines it has and the hash of the last (of the manifest when it has none)."""

    lines: int
    hash: str


def sealed(line: Mapping[str, Any], prev: str) -> tuple[bytes, str]:
    """Return the bytes of a line that follows ``prev``, and its hash: sha256 of the line as written without it."""
    raw = orjson.dumps({**line, "prev": prev}, option=orjson.OPT_SORT_KEYS)
    own = sha256(raw).hexdigest()
    return raw[:-1] + _SEAL + own.encode() + b'"}\n', own


def unsealed(raw: bytes) -> tuple[dict[str, Any], str]:
    """Return a written line (without line end) and its hash; raises ValueError when a byte of it differs."""
    body, tail = raw[:-_TAIL] + b"}", raw[-_TAIL:]
    own = sha256(body).hexdigest()
    if tail != _SEAL + own.encode() + b'"}':
        raise ValueError("the hash does not fit the line")
    line: dict[str, Any] = orjson.loads(body)
    return line, own


class Chain:
    """One chained file. Reading needs no permission to write; writing is for the one who holds the run's lock."""

    def __init__(self, path: Path, genesis: str) -> None:
        """Join a path to the hash that its first line follows."""
        self.path, self.genesis = path, genesis
        self._head: Head | None = None
        self._file: int | None = None

    def lines(self) -> Iterator[tuple[dict[str, Any], str]]:
        """Walk over the complete lines and their hashes, in order; raises StoreError at the first that differs.

        A last line without an end is one that is being written, or was torn off by a crash: it is left out.
        """
        prev = self.genesis
        for number, raw in enumerate(self._raw(), start=1):
            prev, line = self._follow(number, raw, prev)
            yield line, prev

    def _follow(self, number: int, raw: bytes, prev: str) -> tuple[str, dict[str, Any]]:
        try:
            line, own = unsealed(raw)
        except ValueError:
            raise self.differs(number) from None
        if line.get("prev") != prev:
            if number == 1:
                raise StoreError(
                    f"{self.path.parent / 'manifest.json'} differs from what {self.path.name} line 1 was sealed to: "
                    "restore the run folder from its copy, or run again"
                )
            raise self.differs(number)
        return own, line

    def differs(self, number: int) -> StoreError:
        """Return the error that names a line."""
        return StoreError(
            f"{self.path} line {number} differs from what was written: "
            "restore the run folder from its copy, or run again"
        )

    def check(self, head: Head) -> None:
        """Read all; raises StoreError at the first line that differs, or when lines are missing before ``head``."""
        ends = self.genesis if head.lines == 0 else None
        count = 0
        for count, (_, own) in enumerate(self.lines(), start=1):
            if count == head.lines:
                ends = own
        if count < head.lines:
            raise StoreError(
                f"{self.path} ends after line {count} where {head.lines} were written: "
                "restore the run folder from its copy, or run again"
            )
        if ends != head.hash:
            raise self.differs(head.lines)

    def _raw(self) -> Iterator[bytes]:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for raw in file:
                if not raw.endswith(b"\n"):
                    return
                yield raw[:-1]

    # -- writing -----------------------------------------------------------------------------------------------------
    def open(self) -> bool:
        """Make ready to append: read to the end, move a torn last line into ``<name>.torn``; True if there was one."""
        head = Head(lines=0, hash=self.genesis)
        for _, own in self.lines():
            head = Head(lines=head.lines + 1, hash=own)
        torn = self._cut_torn_end()
        self._head = head
        self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return torn

    def _cut_torn_end(self) -> bool:
        if not self.path.exists():
            return False
        data = self.path.read_bytes()
        keep = data.rfind(b"\n") + 1
        if keep == len(data):
            return False
        with self.path.with_name(self.path.name + ".torn").open("ab") as aside:
            aside.write(data[keep:] + b"\n")
        os.truncate(self.path, keep)
        return True

    @property
    def head(self) -> Head:
        """Return where the chain ends; the chain must be open."""
        if self._head is None:
            raise StoreError(f"{self.path} is not open for writing: open the run with Store.resume")
        return self._head

    def append(self, lines: Iterable[Mapping[str, Any]]) -> list[str]:
        """Write lines all or none and return their hashes; raises StoreError when the disk will not take them."""
        head = self.head
        hashes: list[str] = []
        data = bytearray()
        prev = head.hash
        for line in lines:
            raw, prev = sealed(line, prev)
            data += raw
            hashes.append(prev)
        self._write(bytes(data))
        self._head = Head(lines=head.lines + len(hashes), hash=prev)
        return hashes

    def _write(self, data: bytes) -> None:
        assert self._file is not None
        size = os.fstat(self._file).st_size
        try:
            while data:
                data = data[os.write(self._file, data) :]
        except OSError as error:
            os.ftruncate(self._file, size)
            raise StoreError(
                f"cannot write {self.path}: {error.strerror}; make room, then resume the run (nothing was half-written)"
            ) from error

    def sync(self) -> None:
        """Make sure that what was written survives a power cut."""
        if self._file is not None:
            os.fsync(self._file)

    def close(self) -> None:
        """Give the file back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
