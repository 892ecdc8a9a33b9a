"""Exporting: what goes out in any format comes back the same, and nothing goes out by halves."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import orjson
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from poc.lab.postgres import Cluster
from synthetic_data.folders.exporting import FORMS, Tables, export
from synthetic_data.folders.faults import FolderError

NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", 'say "so"', "a,b;c", "two\nlines", "tab\tand \\ slash", "𠮷野家€", "", None]


class Shelf:
    """Two tables in memory, one with everything that has ever broken an export, one without rows."""

    tables = ("calls", "empty")

    def __init__(self, texts: list[str | None] = NASTY) -> None:
        n = len(texts)
        self.calls = pa.table(
            {
                "number": [f"I{i:03d}" for i in range(n)],
                "text": texts,
                "word": pa.array(["app", None, "web"] * n, pa.string()).slice(0, n).dictionary_encode(),
                "amount": pa.array([Decimal("-1234567890123456.78")] * (n - 1) + [None], pa.decimal128(18, 2)),
                "on": pa.array([date(1900, 3, 1)] * n),
                "at": pa.array([1_700_000_000 + i for i in range(n)], pa.timestamp("s", "UTC")),
                "flag": [i % 2 == 0 for i in range(n)],
                "count": pa.array(range(n), pa.int32()),
                "many": pa.array([["a,b", 'c"{}', "\\"], []] * n, pa.list_(pa.string())).slice(0, n),
            }
        )

    def schema(self, name: str) -> pa.Schema:
        if name not in self.tables:
            raise FolderError(f"table: {name!r} is not there")
        return self.calls.schema

    def pieces(self, name: str) -> "list[pa.Table]":
        return iter([self.calls.slice(0, 4), self.calls.slice(4)] if name == "calls" else [])  # type: ignore[return-value]


def out(form: str, folder: Path, bank: Tables | None = None) -> Path:
    export(bank or Shelf(), folder / "out", form)  # type: ignore[arg-type]
    return folder / "out"


@pytest.mark.parametrize(("form", "encoding"), [("csv", "utf-8-sig"), ("csv-gb18030", "gb18030")])
def test_csv_comes_back_in_its_encoding(tmp_path: Path, form: str, encoding: str) -> None:
    data = (out(form, tmp_path) / "calls.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") == (form == "csv")
    rows = list(csv.DictReader(io.StringIO(data.decode(encoding), newline="")))
    assert [row["text"] or None for row in rows] == [text or None for text in NASTY]
    assert rows[0]["amount"] == "-1234567890123456.78"
    assert (rows[0]["on"], rows[0]["at"], rows[0]["flag"]) == ("1900-03-01", "2023-11-14 22:13:20Z", "true")
    assert orjson.loads(rows[0]["many"]) == ["a,b", 'c"{}', "\\"]


def test_csv_tells_an_empty_text_from_one_that_is_not_known(tmp_path: Path) -> None:
    lines = (out("csv", tmp_path) / "calls.csv").read_text("utf-8-sig").splitlines()
    assert lines[-2].startswith('"I009","",')
    assert lines[-1].startswith('"I010",,')


def test_a_character_that_an_encoding_does_not_have_is_named_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(
        FolderError, match=r"table calls: gbk has no character '𠮷' \(U\+20BB7, in the row of \"I008\"\)"
    ):
        out("csv-gbk", tmp_path)
    assert not list(tmp_path.iterdir())
    assert out("csv-gbk", tmp_path, Shelf(["中文", "text"])).is_dir()  # type: ignore[arg-type]


def test_json_lines_come_back(tmp_path: Path) -> None:
    rows = [orjson.loads(line) for line in (out("jsonl", tmp_path) / "calls.jsonl").read_bytes().splitlines()]
    assert [row["text"] for row in rows] == NASTY
    assert rows[0]["amount"] == "-1234567890123456.78"
    assert rows[-1]["amount"] is None
    assert rows[0]["at"] == "2023-11-14T22:13:20Z"


def test_parquet_comes_back_as_one_file_a_table(tmp_path: Path) -> None:
    back = pq.read_table(out("parquet", tmp_path) / "calls.parquet")
    assert back.to_pylist() == Shelf().calls.to_pylist()
    assert pq.read_table(tmp_path / "out" / "empty.parquet").num_rows == 0


def test_a_spreadsheet_shows_text_and_computes_nothing(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(out("xlsx", tmp_path) / "sample.xlsx")
    assert book.sheetnames == ["data dictionary", "calls", "empty"]
    rows = list(book["calls"].iter_rows(min_row=2))
    assert [row[1].value or None for row in rows] == [text or None for text in NASTY]
    assert not [cell.coordinate for row in rows for cell in row if cell.data_type == "f"]
    assert [cell.value for cell in book["calls"][1]][5] == "at (UTC)"
    assert book["empty"]["A1"].value == "number"


def test_a_sample_is_as_long_as_asked_for(tmp_path: Path) -> None:
    export(Shelf(), tmp_path / "out", "xlsx", rows=6)  # type: ignore[arg-type]
    book = openpyxl.load_workbook(tmp_path / "out" / "sample.xlsx")
    assert book["calls"].max_row == 7
    assert book["data dictionary"].max_row == 2 * len(Shelf().calls.schema) + 1


@pytest.mark.pg
def test_sql_copy_is_taken_by_a_database_row_for_row(tmp_path: Path) -> None:
    folder = out("copy", tmp_path)
    assert (folder / "load.sql").read_text().startswith("\\copy \"calls\" from 'calls.copy'")
    with (
        Cluster.start(tmp_path / "pg") as cluster,
        psycopg.connect(cluster.create("copied")) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute((folder / "schema.sql").read_bytes())
        for name in Shelf.tables:
            with cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
                copy.write((folder / f"{name}.copy").read_bytes())
        cursor.execute("SET timezone TO 'UTC'")
        found = cursor.execute('SELECT * FROM "calls" ORDER BY number').fetchall()
    assert found == [tuple(row.values()) for row in Shelf().calls.to_pylist()]


@pytest.mark.parametrize("form", FORMS)
def test_every_format_brings_the_dictionary_along(tmp_path: Path, form: str) -> None:
    folder = out(form, tmp_path, Shelf(["text"]))  # type: ignore[arg-type]
    assert (folder / ("sample.xlsx" if form == "xlsx" else "dictionary.csv")).stat().st_size > 100


def test_what_cannot_be_exported_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="format: 'pdf' is unknown; choose one of csv, csv-gb18030"):
        export(Shelf(), tmp_path / "out", "pdf")  # type: ignore[arg-type]
    with pytest.raises(FolderError, match="table: 'moods' is not there"):
        export(Shelf(), tmp_path / "out", "csv", tables=["moods"])  # type: ignore[arg-type]
    with pytest.raises(FolderError, match="rows: 0 is below 1"):
        export(Shelf(), tmp_path / "out", "xlsx", rows=0)  # type: ignore[arg-type]
    (tmp_path / "out").mkdir()
    with pytest.raises(FolderError, match="exists already"):
        export(Shelf(), tmp_path / "out", "csv")  # type: ignore[arg-type]
