"""Writing: pieces of a table as lines of text for other systems: CSV, JSON Lines, and what SQL COPY takes."""

from collections.abc import Iterator

import orjson
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from synthetic_data.folders.faults import FolderError

#: What tells a spreadsheet that a file is UTF-8.
BOM = b"\xef\xbb\xbf"
_SQL: dict[pa.DataType, str] = {
    pa.string(): "text",
    pa.date32(): "date",
    pa.bool_(): "boolean",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float64(): "double precision",
}


def csv_lines(pieces: Iterator[pa.Table], name: str, encoding: str = "utf-8-sig") -> Iterator[bytes]:
    """Return a table as CSV (RFC 4180): a header, texts in quotes, nothing at all where nothing is known.

    Lists are JSON arrays in a text. Raises ``FolderError`` for a character that the encoding does not have; UTF-8 and
    GB 18030 have them all.
    """
    for nth, piece in enumerate(pieces):
        plain = pa.table({column: _plain(piece[column]) for column in piece.column_names})
        sink = pa.BufferOutputStream()
        csv.write_csv(plain, sink, csv.WriteOptions(include_header=nth == 0))
        yield encoded(sink.getvalue().to_pybytes(), name, encoding, first=nth == 0)


def encoded(text: bytes, name: str, encoding: str, *, first: bool) -> bytes:
    """Return UTF-8 in another encoding; a byte order mark comes only ahead of the first piece."""
    if encoding == "utf-8-sig":
        return BOM + text if first else text
    try:
        return text.decode().encode(encoding)
    except UnicodeEncodeError as fault:
        character = fault.object[fault.start]
        line = fault.object[: fault.start].rsplit("\n", 1)[-1] + fault.object[fault.start :].split("\n", 1)[0]
        raise FolderError(
            f"table {name}: {encoding} has no character {character!r} (U+{ord(character):04X}, in the row of "
            f"{line.split(',', 1)[0]}); export as csv or csv-gb18030"
        ) from fault


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    if pa.types.is_list(column.type):
        return pa.chunked_array([pa.array([_json(value) for value in column.to_pylist()], pa.string())])
    return column


def _json(value: list[str] | None) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def json_lines(pieces: Iterator[pa.Table]) -> Iterator[bytes]:
    """Return a table as JSON Lines: one object a row, amounts as texts so that no digit is lost, moments in UTC."""
    for piece in pieces:
        lines = (orjson.dumps(row, default=str, option=orjson.OPT_UTC_Z) + b"\n" for row in piece.to_pylist())
        yield b"".join(lines)


def copy_lines(pieces: Iterator[pa.Table]) -> Iterator[bytes]:
    r"""Return a table in the text format of PostgreSQL's COPY: tabs between values, ``\N`` for what is not known."""
    for piece in pieces:
        if piece.num_rows:
            columns = [_copied(piece[column].combine_chunks()) for column in piece.column_names]
            lines = pc.binary_join_element_wise(*columns, "\t")
            yield "\n".join(lines.to_pylist()).encode() + b"\n"


def _copied(column: pa.Array) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_list(column.type):
        column = pa.array([_array(value) for value in column.to_pylist()], pa.string())
    if pa.types.is_string(column.type):
        for character, escape in (("\\", r"\\"), ("\t", r"\t"), ("\n", r"\n"), ("\r", r"\r")):
            column = pc.replace_substring(column, character, escape)
    return pc.fill_null(column.cast(pa.string()), r"\N")


def _array(value: list[str] | None) -> str | None:
    """A list as PostgreSQL writes an array of texts."""
    if value is None:
        return None
    quoted = (text.replace("\\", r"\\").replace('"', r"\"") for text in value)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"


def sql_type(wanted: pa.DataType) -> str:
    """Return the SQL type of a column."""
    if pa.types.is_dictionary(wanted):
        return sql_type(wanted.value_type)
    if pa.types.is_decimal(wanted):
        return f"numeric({wanted.precision},{wanted.scale})"
    if pa.types.is_list(wanted):
        return f"{sql_type(wanted.value_type)}[]"
    if pa.types.is_timestamp(wanted):
        return "timestamptz"
    if wanted not in _SQL:
        raise FolderError(f"type {wanted}: has no counterpart in SQL")
    return _SQL[wanted]
