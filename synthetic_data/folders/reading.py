"""Reading: the tables of a bank folder, whole or a piece at a time, and its truth for those who hold both keys."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from synthetic_data.folders.faults import FolderError
from synthetic_data.folders.manifest import Manifest, file_of, load, part_name, sealed_file_of
from synthetic_data.folders.vault import Opener


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFolder:
    """A whole bank folder; ``truth`` is where its sealed files are."""

    path: Path
    manifest: Manifest
    truth: Path

    @classmethod
    def open(cls, path: Path, truth: Path | None = None) -> "BankFolder":
        """Open a folder; the sealed truth is looked for beside it. Raises ``FolderError`` unless the bank is whole."""
        manifest = load(path)
        if manifest.state != "whole":
            raise FolderError(f"folder {path}: is not finished; run `touchstone bank generate` again to go on")
        return cls(path=path, manifest=manifest, truth=truth or path.with_name(f"{path.name}.truth"))

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables on file."""
        return tuple(self.manifest.rows)

    def rows(self, name: str) -> int:
        """How many rows a table has."""
        return self.manifest.rows[self._known(name)]

    def schema(self, name: str) -> pa.Schema:
        """The columns of a table."""
        path = self.files(name)[0]
        with _told(path):
            return _plain(pq.read_schema(path))

    def files(self, name: str) -> tuple[Path, ...]:
        """The Parquet files of a table, in the order of the customers."""
        known = self._known(name)
        return tuple(file_of(self.path, known, part.number) for part in self.manifest.parts if known in part.files)

    def pieces(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """A table a row group at a time (100,000 rows or so), in the order of the customers."""
        for path in self.files(name):
            with _told(path), pq.ParquetFile(path) as file:
                for group in range(file.num_row_groups):
                    yield _restored(file.read_row_group(group, columns=columns))

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A whole table; ask for the columns that are needed, for the rest takes memory too."""
        pieces = list(self.pieces(name, columns))
        if not pieces:
            empty = self.schema(name).empty_table()
            return empty.select(list(columns)) if columns is not None else empty
        return pa.concat_tables(pieces).unify_dictionaries()

    def partitions(self, columns: Mapping[str, Sequence[str]]) -> Iterator[dict[str, pa.Table]]:
        """Some columns of some tables, a partition of whole customers at a time; what the bank lacks is left out."""
        for part in self.manifest.parts:
            yield {
                name: _whole(file_of(self.path, name, part.number), wanted)
                for name, wanted in columns.items()
                if name in part.files
            }

    def truths(self, keys: tuple[bytes, bytes]) -> Iterator[dict[str, pa.Table]]:
        """The tables of truth, a partition at a time; raises ``FolderError`` unless the keys are the right two."""
        opener = Opener(keys)
        for part in self.manifest.parts:
            if part.truth is None:
                raise FolderError(f"folder {self.path}: was grown without truth; generate it again with two keys")
            opened = opener.tables(sealed_file_of(self.truth, part.number), part_name(part.number))
            yield {name: _restored(table) for name, table in opened.items()}

    def truth_table(self, name: str, keys: tuple[bytes, bytes]) -> pa.Table:
        """A whole table of truth; raises ``FolderError`` when there is none of that name."""
        found, names = [], set[str]()
        for tables in self.truths(keys):
            names |= tables.keys()
            found += [tables[name]] if name in tables else []
        if not found:
            raise FolderError(f"truth: no table {name!r}; there are {', '.join(sorted(names))}")
        return pa.concat_tables(found).unify_dictionaries()

    def _known(self, name: str) -> str:
        if name not in self.manifest.rows:
            raise FolderError(f"table: {name!r} is not in {self.path}; there are {', '.join(self.tables)}")
        return name


def _whole(path: Path, columns: Sequence[str]) -> pa.Table:
    with _told(path), pq.ParquetFile(path) as file:
        return _restored(file.read(columns=list(columns)))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what Arrow says of a file that is none of ours into one line with its remedy."""
    try:
        yield
    except (pa.ArrowException, OSError) as fault:
        why = " ".join(str(fault).split())[:120]
        raise FolderError(f"{path}: cannot be read ({why}); generate the bank again, or restore it") from fault


def _plain(schema: pa.Schema) -> pa.Schema:
    """The schema that was written: Parquet has no seconds, and keeps a stamp of ours."""
    fields = [f.with_type(pa.timestamp("s", f.type.tz)) if pa.types.is_timestamp(f.type) else f for f in schema]
    return pa.schema([field.with_metadata(None) for field in fields])


def _restored(table: pa.Table) -> pa.Table:
    return table.cast(_plain(table.schema))
