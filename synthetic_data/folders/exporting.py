"""Exporting: a bank folder in the format that another system takes, a file for each table, whole or not at all."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from synthetic_data.folders.dictionary import as_table, entries_of
from synthetic_data.folders.faults import FolderError
from synthetic_data.folders.spreadsheet import MOST_ROWS, write_sheets
from synthetic_data.folders.writing import copy_lines, csv_lines, json_lines, sql_type

#: Rows of each table in a sample that is a spreadsheet.
SAMPLE = 1_000


class Tables(Protocol):
    """A bank by its tables."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables."""

    def schema(self, name: str) -> pa.Schema:
        """The columns of a table."""

    def pieces(self, name: str) -> Iterator[pa.Table]:
        """A table in pieces."""


def export(
    bank: Tables,
    out: Path,
    form: str,
    *,
    tables: Sequence[str] = (),
    rows: int = SAMPLE,
    language: str = "en",
) -> dict[str, int]:
    """Write the tables (all unless some are named) to a new folder and return how many bytes each file has.

    ``form`` is one of FORMS; ``rows`` matters to spreadsheets alone. Beside the tables stands the data dictionary.
    Raises ``FolderError`` for a form, table or folder that cannot be; an ``OSError`` leaves nothing behind.
    """
    if form not in FORMS:
        raise FolderError(f"format: {form!r} is unknown; choose one of {', '.join(FORMS)}")
    if rows < 1:
        raise FolderError(f"rows: {rows} is below 1; ask for one or more")
    for name in tables:
        bank.schema(name)  # which refuses a table that is not there
    if out.exists():
        raise FolderError(f"folder {out}: exists already; choose another with --out, or move it away")
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        chosen = tuple(tables) or bank.tables
        FORMS[form](bank, chosen, draft, rows, language)
        draft.chmod(0o755)
        draft.rename(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return {path.name: path.stat().st_size for path in sorted(out.iterdir())}


Lines = Callable[[Iterator[pa.Table], str], Iterator[bytes]]


def _whole(bank: Tables, name: str) -> Iterator[pa.Table]:
    """The pieces of a table, and one without rows if there are none, so that columns are told in any case."""
    pieces = bank.pieces(name)
    first = next(pieces, None)
    return chain([bank.schema(name).empty_table() if first is None else first], pieces)


def _as_lines(
    ending: str, lines: Lines, bank: Tables, tables: Sequence[str], out: Path, _rows: int, language: str
) -> None:
    for name in tables:
        with (out / f"{name}.{ending}").open("wb") as file:
            file.writelines(lines(_whole(bank, name), name))
    _tell_fields(bank, tables, out, language)


def _as_parquet(bank: Tables, tables: Sequence[str], out: Path, _rows: int, language: str) -> None:
    for name in tables:
        with pq.ParquetWriter(out / f"{name}.parquet", bank.schema(name), compression="zstd") as file:
            for piece in bank.pieces(name):
                file.write_table(piece)
    _tell_fields(bank, tables, out, language)


def _as_copy(bank: Tables, tables: Sequence[str], out: Path, rows: int, language: str) -> None:
    _as_lines("copy", lambda pieces, _: copy_lines(pieces), bank, tables, out, rows, language)
    (out / "schema.sql").write_text("\n".join(_create(name, bank.schema(name)) for name in tables), encoding="utf-8")
    load = [f"\\copy {_named(name)} from '{name}.copy' with (format text, encoding 'UTF8')\n" for name in tables]
    (out / "load.sql").write_text("".join(load), encoding="utf-8")


def _create(name: str, schema: pa.Schema) -> str:
    columns = [
        f"    {_named(field.name)} {sql_type(field.type)}{_constraint(field)}{',' if nth < len(schema) else ''}"
        for nth, field in enumerate(schema, 1)
    ]
    return "\n".join([f"CREATE TABLE {_named(name)} (", *columns, ");", ""])


def _constraint(field: pa.Field) -> str:
    return " PRIMARY KEY" if field.name == "number" else "" if field.nullable else " NOT NULL"


def _named(word: str) -> str:
    """A name in quotes, since tables called orders or fields called at are words of SQL too."""
    return f'"{word}"'


def _as_sheets(bank: Tables, tables: Sequence[str], out: Path, rows: int, language: str) -> None:
    fields = as_table(entries_of({name: bank.schema(name) for name in tables}), language)
    sheets = {name: _sample(_whole(bank, name), rows) for name in tables}
    write_sheets(out / "sample.xlsx", {"data dictionary": iter([fields]), **sheets})


def _sample(pieces: Iterator[pa.Table], rows: int) -> Iterator[pa.Table]:
    left = min(rows, MOST_ROWS)
    for piece in pieces:
        yield piece.slice(0, left)
        left -= piece.num_rows
        if left <= 0:
            return


def _tell_fields(bank: Tables, tables: Sequence[str], out: Path, language: str) -> None:
    fields = as_table(entries_of({name: bank.schema(name) for name in tables}), language)
    (out / "dictionary.csv").write_bytes(b"".join(csv_lines(iter([fields]), "dictionary")))


#: How each format is written.
FORMS: dict[str, Callable[[Tables, Sequence[str], Path, int, str], None]] = {
    "csv": partial(_as_lines, "csv", csv_lines),
    "csv-gb18030": partial(_as_lines, "csv", partial(csv_lines, encoding="gb18030")),
    "csv-gbk": partial(_as_lines, "csv", partial(csv_lines, encoding="gbk")),
    "jsonl": partial(_as_lines, "jsonl", lambda pieces, _: json_lines(pieces)),
    "xlsx": _as_sheets,
    "copy": _as_copy,
    "parquet": _as_parquet,
}
