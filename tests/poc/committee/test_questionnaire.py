"""Questionnaire: what goes out comes back typed and sealed; whatever is odd is refused in one line."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from poc.committee.questionnaire import SHEET, QuestionnaireError, read, written
from scorecards.criterion import catalogue
from scorecards.methods.tables import TableError
from tests.poc.committee.seats import founded

ASKED = catalogue().of_targets[:3]
IDS = [one.id for one in ASKED]


def book() -> Workbook:
    return load_workbook(io.BytesIO(written("X", ASKED)))


def saved(whole: Workbook) -> bytes:
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def filled(change: Callable[[Worksheet], object] = lambda sheet: None) -> bytes:
    whole = book()
    sheet = whole[SHEET]
    for row, (answer, day, proof) in enumerate(
        (("yes", "", "manual p. 3"), ("roadmap", "2027-03-01", ""), ("No", "", "")), start=2
    ):
        for column, value in ((4, answer), (5, day), (6, proof)):
            sheet.cell(row=row, column=column).value = value or None
    change(sheet)
    return saved(whole)


def test_the_same_questions_are_the_same_bytes_and_come_back_typed() -> None:
    assert written("X", ASKED) == written("X", ASKED)
    found = read(filled(), "x.xlsx", IDS)
    assert [found[name]["answer"] for name in IDS] == ["yes", "roadmap", "no"]
    assert found[IDS[1]]["date"] == "2027-03-01"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda sheet: sheet.merge_cells("D2:D3"), "D2:D3 are merged"),
        (lambda sheet: sheet.cell(row=2, column=6, value="=1+1"), "F2 holds a formula"),
        (lambda sheet: sheet.delete_cols(4), "column 'answer' is missing"),
        (lambda sheet: sheet.cell(row=2, column=4, value="perhaps"), "answer = 'perhaps': use yes"),
        (lambda sheet: sheet.cell(row=2, column=6).__setattr__("value", None), "yes without proof"),
        (lambda sheet: sheet.cell(row=3, column=5).__setattr__("value", "soon"), "needs a day"),
        (lambda sheet: sheet.cell(row=3, column=1, value=IDS[0]), "a second time"),
        (lambda sheet: sheet.cell(row=3, column=1, value="SEC-99"), "was not asked"),
        (lambda sheet: sheet.delete_rows(4), "is not answered"),
        (lambda sheet: sheet.__setattr__("title", "Sheet1"), "there is no sheet 'Answers'"),
        (lambda sheet: sheet.cell(row=900, column=1, value="x"), "900 rows for 3 questions"),
        (lambda sheet: sheet.cell(row=2, column=7, value="x" * 3000), "3,000 characters"),
    ],
)
def test_an_odd_workbook_is_refused_in_one_line(change: Callable[[Worksheet], object], told: str) -> None:
    with pytest.raises(QuestionnaireError) as caught:
        read(filled(change), "x.xlsx", IDS)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def packed(name: str, content: bytes) -> bytes:
    out = io.BytesIO(filled())
    with zipfile.ZipFile(out, "a") as parts:
        parts.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("whole", "told"),
    [
        (b"PK not a zip", "no .xlsx workbook"),
        (packed("xl/vbaProject.bin", b"macro"), "remove macros"),
        (packed("xl/odd.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "declares entities"),
        (packed("xl/large.bin", bytes(41_000_000)), "larger than a questionnaire"),
    ],
    ids=["no zip", "macro", "entities", "bomb"],
)
def test_a_hostile_workbook_is_refused_before_it_is_read(whole: bytes, told: str) -> None:
    with pytest.raises(QuestionnaireError, match=told):
        read(whole, "x.xlsx", IDS)


def test_answers_are_sealed_until_all_are_in(tmp_path: Path) -> None:
    chair, (first, second) = founded(tmp_path / "s", 2)
    chair.do("questions.asked", {"questions": IDS})
    answers = read(filled(), "x.xlsx", IDS)
    first.seal_answers("X", answers)
    with pytest.raises(TableError, match="Y must be in first"):
        first.open_answers("X")
    assert b"manual p. 3" not in chair.ledger.path.read_bytes()
    second.seal_answers("Y", answers)
    first.open_answers("X")
    assert chair.ledger.state().papers["X"].answers == answers
    with pytest.raises(TableError, match="is not answered"):
        first.seal_answers("X", {})
