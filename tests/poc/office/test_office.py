"""Office files bear the record's figures, follow a changed weight, name their fonts, and have the same bytes again."""

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from pptx import Presentation

from poc.business import case_at, worked
from poc.container import contents, zipped
from poc.filed import FORMS
from poc.office.document import document
from poc.office.slides import slides
from poc.office.workbook import workbook
from poc.record import Record, made
from poc.words import LANGUAGES
from tests.poc.pages.sample import write_sample


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    bare = made(write_sample(tmp_path_factory.mktemp("runs")), "seed-default", None, draws=500, seed=1)
    return Record(assessment=bare.assessment, decision=bare.decision, worked=worked(case_at(None), draws=500))


@pytest.mark.parametrize("form", [document, slides, workbook])
@pytest.mark.parametrize("language", LANGUAGES)
def test_made_again_a_file_has_the_same_bytes(
    record: Record, form: Callable[[Record, str], bytes], language: str
) -> None:
    assert form(record, language) == form(record, language)


def sheets(record: Record, *, values: bool) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(record, "en")), data_only=values)


def test_totals_of_the_spreadsheet_bear_the_record_s_values(record: Record) -> None:
    told = sheets(record, values=True)["Totals"]
    for row in range(2, 2 + len(record.decision.contest.vendors)):
        cells = [told.cell(row, column).value for column in (2, 3, 4)]
        name = next(one for one in record.decision.low if record.decision.middle[one] == pytest.approx(cells[1]))
        assert cells == pytest.approx([record.decision.low[name], cells[1], record.decision.high[name]])


def test_totals_of_the_spreadsheet_are_formulas_that_give_those_values(record: Record) -> None:
    live, cached = sheets(record, values=False), sheets(record, values=True)
    formula = live["Totals"]["C2"].value
    assert formula.startswith("=SUMPRODUCT('Scores'!$E$2:$E$")
    column = formula.split("'Scores'!$")[2].partition("$")[0]
    scores, last = cached["Scores"], live["Scores"].max_row
    given = sum(scores[f"E{row}"].value * scores[f"{column}{row}"].value for row in range(2, last + 1))
    assert given == pytest.approx(cached["Totals"]["C2"].value)
    assert live["Scores"]["E2"].value == "=D2*'Weights'!$C$2/SUM('Weights'!$C$2:$C$8)"


def test_the_cash_of_the_spreadsheet_sums_to_the_record_s_value(record: Record) -> None:
    told = sheets(record, values=True)["Cash"]
    assert record.worked is not None
    years = record.worked.case.years + 1
    assert sum(told.cell(9, 2 + year).value for year in range(years)) == pytest.approx(record.worked.medians.npv)
    assert "EXAMPLE" in told["A2"].value


def test_a_name_that_looks_like_a_formula_stays_a_name(record: Record) -> None:
    told = sheets(record, values=False)
    formulas = [cell.value for row in told["Evidence"].rows for cell in row if cell.data_type == "f"]
    assert not formulas


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_document_says_what_the_record_says(record: Record, language: str) -> None:
    told = Document(io.BytesIO(document(record, language)))
    assert record.digest in told.sections[0].footer.paragraphs[0].text
    assert len(told.tables) >= 6
    assert "Microsoft YaHei" in told.styles["Normal"].element.xml


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slide_has_a_title_and_the_hash_and_charts_are_charts(record: Record, language: str) -> None:
    told = Presentation(io.BytesIO(slides(record, language)))
    for slide in told.slides:
        assert slide.shapes.title.text_frame.text
        assert any(record.digest in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert sum(shape.has_chart for slide in told.slides for shape in slide.shapes) == 11


def test_all_forms_are_offered() -> None:
    assert set(FORMS) == {"pdf", "docx", "pptx", "xlsx"}


def test_a_zip_is_read_back_as_it_was_stored(tmp_path: Path) -> None:
    entries = {"a.txt": b"one", "b/c.bin": bytes(range(256)), "空.txt": b""}
    assert contents(zipped(entries)) == entries
