"""Spreadsheet: a sample of a bank for those who look with a spreadsheet; texts stay texts and nothing is computed.

A cell that begins with ``=``, ``+``, ``-`` or ``@`` is written as the text it is: what a customer wrote must not run on
the machine of whoever opens it (OWASP: CSV injection).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter

#: What a sheet and its name can hold.
MOST_ROWS = 1_048_575
LONGEST_NAME = 31


def write_sheets(path: Path, sheets: Mapping[str, Iterable[pa.Table]]) -> None:
    """Write each table to a sheet of its own; moments are in UTC. At most MOST_ROWS rows fit."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        head = book.add_format({"bold": True})
        forms = {
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            Decimal: book.add_format({"num_format": "#,##0.00"}),
        }
        for name, pieces in sheets.items():
            sheet = book.add_worksheet(name[:LONGEST_NAME])
            sheet.freeze_panes(1, 0)
            _fill(sheet, pieces, head, forms)


def _fill(sheet: Any, pieces: Iterable[pa.Table], head: Any, forms: Mapping[type, Any]) -> None:
    written = 0
    for piece in pieces:
        if not written:
            for column, field in enumerate(piece.schema):
                sheet.write_string(
                    0, column, f"{field.name} (UTC)" if pa.types.is_timestamp(field.type) else field.name
                )
            sheet.set_row(0, None, head)
        for row in piece.to_pylist():
            written += 1
            for column, value in enumerate(row.values()):
                _put(sheet, written, column, value, forms)


def _put(sheet: Any, row: int, column: int, value: object, forms: Mapping[type, Any]) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case datetime():
            sheet.write_datetime(row, column, value.replace(tzinfo=None), forms[datetime])
        case date():
            sheet.write_datetime(row, column, value, forms[date])
        case Decimal():
            sheet.write_number(row, column, value, forms[Decimal])
        case int() | float():
            sheet.write_number(row, column, value)
        case list():
            sheet.write_string(row, column, ", ".join(map(str, value)))
        case _:
            sheet.write_string(row, column, str(value))
