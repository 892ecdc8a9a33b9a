"""Parts: one partition of a bank, written whole or not at all: a Parquet file for each table, one sealed file of truth.

Cells are written as they are grown, so a partition takes the memory of a cell and not its own. Columns are compressed
by zstd at level 1: a cell's 96,000 payments take 17 bytes a row and 68 ms of processor, where snappy takes 27 bytes and
48 ms. Words keep their dictionaries; other columns have none, which halves the time of writing.
"""

import hashlib
import io
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from synthetic_data.folders.faults import FolderError
from synthetic_data.folders.manifest import GROWING, File, Part, Sealed, file_of, keep, part_name, sealed_file_of
from synthetic_data.folders.order import Order
from synthetic_data.folders.vault import Lock, seal_tables
from synthetic_data.grown import Grown, cut

#: Rows that make a row group, cells permitting.
GROUP = 100_000
#: The metadata of a Parquet file that says to which bank it belongs, and which partition it is.
STAMP = b"touchstone.bank"


class Soil(Protocol):
    """What a bank grows on, once it is laid out."""

    def once(self) -> Mapping[str, pa.Table]:
        """The tables that a bank has before it has customers; they are kept in the first partition."""

    def cell(self, cell: int) -> Grown:
        """A whole cell."""


#: Lays out what the cells of an order grow on; a function that other processes can import.
Grower = Callable[[Order], Soil]
#: Opens a file for writing; a double may run out of disk.
Opener = Callable[[Path], BinaryIO]


def on_disk(path: Path) -> BinaryIO:
    """Open a file for writing."""
    return path.open("wb")


@dataclass(frozen=True, kw_only=True)
class Task:
    """How to make any partition of a bank; the same everywhere it is sent."""

    order: Order
    folder: Path
    grower: Grower
    truth: Path | None = None
    lock: Lock | None = None
    schemas: Mapping[str, str] | None = None
    opener: Opener = on_disk

    def __call__(self, number: int) -> Part:
        """Make one partition; its receipt is the last thing written.

        Raises ``FolderError`` when what grows here is not what the order or the finished partitions say, and
        ``OSError`` when the disk is full.
        """
        growing = self.folder / GROWING
        growing.mkdir(exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f"{part_name(number)}-", dir=growing))
        try:
            part = self._made(number, draft)
            keep(growing / f"{part_name(number)}.json", part)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return part

    def _made(self, number: int, draft: Path) -> Part:
        tables = Tables(draft, f"{self.order.identity} {number}", self.opener)
        truth = Tables(draft, f"{self.order.identity} {number}", lambda _: _Memory())
        soil = self.grower(self.order)
        for name, table in soil.once().items() if number == 0 else ():
            if self._wanted(name):
                tables.add(name, table)
        for cell, customers in self.order.slices(number):
            grown = cut(soil.cell(cell), customers)
            for name, table in grown.tables.items():
                if self._wanted(name):
                    tables.add(name, table)
            for name, table in grown.truth.items():
                truth.add(name, table)
        self._refuse_unknown(tables)
        files, schemas = tables.finish(), tables.schemas
        self._refuse_other(schemas)
        truth.finish()
        sealed = self._seal(number, truth, draft)
        for name in files:
            place = file_of(self.folder, name, number)
            place.parent.mkdir(exist_ok=True)
            (draft / name).replace(place)
        return Part(
            number=number,
            customers=self.order.customers_in(number),
            files=files,
            schemas=schemas,
            truth=sealed,
        )

    def _wanted(self, name: str) -> bool:
        return self.order.tables is None or name in self.order.tables

    def _refuse_unknown(self, tables: "Tables") -> None:
        for name in self.order.tables or ():
            if name not in tables.names:
                raise FolderError(f"tables: this bank has no {name!r}; see `touchstone bank dictionary`")

    def _refuse_other(self, schemas: Mapping[str, str]) -> None:
        for name, digest in schemas.items():
            if self.schemas and self.schemas.get(name, digest) != digest:
                raise FolderError(
                    f"table {name}: its schema is not that of the finished partitions; grow the bank in a new folder"
                )

    def _seal(self, number: int, truth: "Tables", draft: Path) -> Sealed | None:
        if self.truth is None or self.lock is None:
            return None
        self.truth.mkdir(exist_ok=True)
        inside = {name: truth.content(name) for name in sorted(truth.names)}
        closed = seal_tables(inside, part_name(number), self.lock, draft / "truth.sealed")
        (draft / "truth.sealed").replace(sealed_file_of(self.truth, number))
        return Sealed(bytes=closed.bytes, sha256=closed.sha256, content=closed.content)


class Tables:
    """Parquet files in the making, one for each table, filled cell by cell."""

    def __init__(self, folder: Path, stamp: str, opener: Opener) -> None:
        self._folder, self._stamp, self._opener = folder, stamp, opener
        self._tables: dict[str, _Table] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The tables so far."""
        return tuple(self._tables)

    @cached_property
    def schemas(self) -> dict[str, str]:
        """The digest of each table's schema."""
        return {name: digest_of(table.schema) for name, table in self._tables.items()}

    def add(self, name: str, rows: pa.Table) -> None:
        """Put rows at the end of a table."""
        if name not in self._tables:
            file = Hashed(self._opener(self._folder / name))
            self._tables[name] = _Table(file, rows.schema, self._stamp)
        self._tables[name].add(rows)

    def finish(self) -> dict[str, File]:
        """Close all files and tell what they hold."""
        return {name: table.finish() for name, table in self._tables.items()}

    def content(self, name: str) -> bytes:
        """The bytes of a finished file that was kept in memory."""
        return self._tables[name].file.content()


class Hashed(io.RawIOBase):
    """A file that is only written, and knows the digest and the number of its bytes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._digest, self._size = file, hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        """Write all of some bytes."""
        view = memoryview(data)  # type: ignore[arg-type]
        self._file.write(view)
        self._digest.update(view)
        self._size += view.nbytes
        return view.nbytes

    def tell(self) -> int:
        return self._size

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()

    def content(self) -> bytes:
        """What was written, if it was kept in memory."""
        assert isinstance(self._file, _Memory)
        return self._file.kept

    def told(self, rows: int) -> File:
        """What the file is, now that it holds so many rows."""
        return File(rows=rows, bytes=self._size, sha256=self._digest.hexdigest())


class _Memory(io.BytesIO):
    """A file in memory whose bytes outlive its closing."""

    kept = b""

    def close(self) -> None:
        self.kept = self.kept or self.getvalue()
        super().close()


class _Table:
    """One Parquet file in the making."""

    def __init__(self, file: Hashed, schema: pa.Schema, stamp: str) -> None:
        self.file, self.schema = file, schema
        self._waiting: list[pa.Table] = []
        self._held = self._rows = 0
        stamped = schema.with_metadata({STAMP: stamp.encode()})
        words = [field.name for field in schema if pa.types.is_dictionary(field.type)]
        self._writer = pq.ParquetWriter(
            file, stamped, compression="zstd", compression_level=1, use_dictionary=words or False
        )

    def add(self, rows: pa.Table) -> None:
        if not rows.schema.equals(self.schema):
            raise FolderError(f"a cell has columns {rows.schema.names} where others have {self.schema.names}")
        self._waiting.append(rows)
        self._held += rows.num_rows
        if self._held >= GROUP:
            self._flush()

    def finish(self) -> File:
        self._flush()
        self._writer.close()
        self.file.close()
        return self.file.told(self._rows)

    def _flush(self) -> None:
        if self._held:
            group = pa.concat_tables(self._waiting).replace_schema_metadata(self._writer.schema.metadata)
            self._writer.write_table(group.unify_dictionaries(), row_group_size=self._held)
        self._rows += self._held
        self._waiting, self._held = [], 0


def digest_of(schema: pa.Schema) -> str:
    """A digest of names, types and nullability, whatever metadata a schema carries."""
    told = "\n".join(f"{field.name} {field.type} {field.nullable}" for field in schema)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def stamp_of(path: Path) -> str:
    """The stamp of a Parquet file: the identity of its bank and its partition; empty if it is none of ours."""
    try:
        metadata = pq.read_schema(path).metadata or {}
    except (pa.ArrowInvalid, OSError):
        return ""
    return bytes(metadata.get(STAMP, b"")).decode(errors="replace")


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
