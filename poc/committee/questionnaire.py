"""Questionnaire: the questions to every vendor as a workbook, and the answers back, each typed and with its proof."""

import io
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from scorecards.committee.reading import rules
from scorecards.criterion import Criterion

SHEET = "Answers"
COLUMNS = ("id", "question", "问题", "answer", "date", "proof", "remark")
#: Bytes of a workbook as it comes and unpacked; characters of one cell; rows beyond the questions.
LARGEST, UNPACKED, LONGEST, SPARE = 4_000_000, 40_000_000, 2_000, 50
#: The moment that stands in every workbook, so that the same questions are the same bytes.
MADE = datetime(2026, 1, 1, tzinfo=UTC)


class QuestionnaireError(ValueError):
    """A workbook that cannot be taken; the text names the file, the place in it, and the remedy."""


def written(vendor: str, questions: Sequence[Criterion]) -> bytes:
    """Return the workbook for a vendor: a row for each criterion, and a list of answers to choose from."""
    whole, kinds = io.BytesIO(), rules()["answers"]
    book = xlsxwriter.Workbook(whole, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"Questionnaire / 问询表: {vendor}", "created": MADE.replace(tzinfo=None)})
    head, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(SHEET)
    sheet.freeze_panes(1, 1)
    for column, (name, wide) in enumerate(zip(COLUMNS, (10, 60, 40, 12, 14, 50, 40), strict=True)):
        sheet.set_column(column, column, wide)
        sheet.write_string(0, column, name, head)
    for row, one in enumerate(questions, start=1):
        for column, text in enumerate((one.id, f"{one.title}: {one.procedure}", one.title_zh)):
            sheet.write_string(row, column, text, wrap)
    choice = {"validate": "list", "source": list(kinds), "error_message": ", ".join(kinds)}
    sheet.data_validation(1, 3, max(len(questions), 1), 3, choice)
    legend = book.add_worksheet("Legend")
    legend.set_column(0, 2, 40)
    for row, (name, one) in enumerate(kinds.items()):
        for column, text in enumerate((name, one["text"], one["text_zh"])):
            legend.write_string(row, column, text, wrap)
    book.close()
    return whole.getvalue()


def read(whole: bytes, name: str, questions: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the answers of a workbook by question: answer, date, proof, remark.

    Raises QuestionnaireError in one line for anything but plain values on the sheet that was sent: formulas, merged
    cells, another sheet, a column or an answer missing, an answer that is none, a promise without a date.
    """
    sheet = _sheet(whole, name)
    if sheet.merged_cells.ranges:
        raise QuestionnaireError(f"{name}: cells {next(iter(sheet.merged_cells.ranges))} are merged; unmerge them")
    if sheet.max_row > len(questions) + SPARE + 1:
        raise QuestionnaireError(
            f"{name}: {sheet.max_row:,} rows for {len(questions)} questions; use the sheet as sent"
        )
    places = _columns(sheet, name)
    found: dict[str, dict[str, str]] = {}
    for row in range(2, sheet.max_row + 1):
        line = {column: _cell(sheet, name, row, place) for column, place in places.items()}
        if any(line.values()):
            found |= _line(line, found, name, row, questions)
    if missing := [one for one in questions if one not in found]:
        raise QuestionnaireError(f"{name}: {missing[0]} is not answered ({len(missing)} in all); answer every row")
    return found


def _sheet(whole: bytes, name: str) -> Worksheet:
    _plain(whole, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # decorations that openpyxl does not know are nothing that we read
            book = load_workbook(io.BytesIO(whole), data_only=False)
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError) as fault:
        raise QuestionnaireError(f"{name}: it cannot be read ({type(fault).__name__}); save it as .xlsx") from None
    if SHEET not in book.sheetnames:
        raise QuestionnaireError(f"{name}: there is no sheet {SHEET!r} but {', '.join(book.sheetnames)[:80]}; keep it")
    sheet = book[SHEET]
    if not isinstance(sheet, Worksheet):
        raise QuestionnaireError(f"{name}: {SHEET!r} is no sheet of cells; use the one that was sent")
    return sheet


def _plain(whole: bytes, name: str) -> None:
    """Refuse what is no workbook, is too large, or carries programs, links to elsewhere or entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(whole)) as parts:
            inside = parts.infolist()
            if len(whole) > LARGEST or sum(one.file_size for one in inside) > UNPACKED:
                raise QuestionnaireError(f"{name}: it is larger than a questionnaire can be; use the one that was sent")
            if odd := [
                one.filename for one in inside if "vbaProject" in one.filename or "externalLink" in one.filename
            ]:
                raise QuestionnaireError(f"{name}: it carries {odd[0]}; remove macros and links to other files")
            for one in inside:
                if one.filename.endswith((".xml", ".rels")) and _declares(parts.read(one)):
                    raise QuestionnaireError(f"{name}: {one.filename} declares entities; save it anew as .xlsx")
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError) as fault:
        raise QuestionnaireError(f"{name}: it is no .xlsx workbook ({type(fault).__name__}); save it as one") from None


def _declares(part: bytes) -> bool:
    """Whether a part declares a document type or entities, in UTF-8 or UTF-16."""
    return b"<!" in part.replace(b"<!--", b"") or b"<\x00!" in part


def _columns(sheet: Worksheet, name: str) -> Mapping[str, int]:
    heads = {str(cell.value).strip(): cell.column for cell in sheet[1] if cell.value is not None}
    for column in ("id", "answer", "date", "proof", "remark"):
        if column not in heads:
            raise QuestionnaireError(f"{name}: column {column!r} is missing in row 1; use the sheet as it was sent")
    return {column: heads[column] for column in ("id", "answer", "date", "proof", "remark")}


def _cell(sheet: Worksheet, name: str, row: int, column: int) -> str:
    cell = sheet.cell(row=row, column=column)
    if cell.data_type == "f":
        raise QuestionnaireError(f"{name}: {cell.coordinate} holds a formula; write the value itself")
    if cell.data_type == "e":
        raise QuestionnaireError(f"{name}: {cell.coordinate} holds the error {cell.value}; write a value")
    value = cell.value
    text = "" if value is None else value.date().isoformat() if isinstance(value, datetime) else str(value).strip()
    if len(text) > LONGEST:
        raise QuestionnaireError(f"{name}: {cell.coordinate} has {len(text):,} characters; give {LONGEST:,} at most")
    return text


def _line(
    line: Mapping[str, str], found: Mapping[str, object], name: str, row: int, questions: Sequence[str]
) -> dict[str, dict[str, str]]:  # fmt: skip
    asked, answer, kinds = line["id"], line["answer"].lower(), rules()["answers"]
    if asked not in questions:
        raise QuestionnaireError(f"{name}: row {row} answers {asked[:40]!r}, which was not asked; keep the ids as sent")
    if asked in found:
        raise QuestionnaireError(f"{name}: row {row} answers {asked} a second time; answer it once")
    if answer not in kinds:
        raise QuestionnaireError(f"{name}: row {row}: answer = {line['answer'][:40]!r}: use {', '.join(kinds)}")
    if kinds[answer]["today"] and not line["proof"]:
        raise QuestionnaireError(f"{name}: row {row}: {asked} is answered {answer} without proof; name a document")
    if answer == "roadmap" and not _is_day(line["date"]):
        raise QuestionnaireError(f"{name}: row {row}: date = {line['date']!r}: a promise needs a day as 2027-01-31")
    return {asked: {"answer": answer, **{one: line[one] for one in ("date", "proof", "remark")}}}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
