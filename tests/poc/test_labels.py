"""Labels: what nobody met says so wherever it is named: in the list, on pages, in reports, records and load results."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import orjson
import pytest
from docx import Document
from markupsafe import escape
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from poc.archive import RUNS
from poc.assessment import opened
from poc.connectors.verification import NOT_LIVE
from poc.office.document import document
from poc.office.slides import slides
from poc.office.workbook import workbook
from poc.paper import Paper
from poc.pressure.shelf import shelf
from poc.record import Record, made
from poc.report import as_csv, render
from poc.words import words
from tests.poc.pages.sample import TARGETS, write_sample
from tests.poc.pages.test_decision import decision_page
from tests.poc.pages.test_load import load_page
from tests.poc.pages.test_methods import methods_page
from tests.poc.pages.test_pages import evidence_page, overview_page, scorecard_page, shown, text
from tests.poc.pressure.sample import ended, pressed

#: The product of the sample that nobody met, and how far behind its name its label may stand.
TITLE, WITHIN = TARGETS[2][1], 80


def bare(told: str, language: str = "en") -> list[str]:
    """The places that name the product without saying that nobody met it."""
    label = words(language)(f"report.label.{NOT_LIVE}")
    found = [one.start() for name in {TITLE, str(escape(TITLE))} for one in re.finditer(re.escape(name), told)]
    assert found or TITLE not in told
    return [told[at : at + 120] for at in found if label not in told[at : at + len(TITLE) + WITHIN]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("labels") / "runs")


@pytest.fixture(scope="module")
def record(place: Path) -> Record:
    return made(place, "seed-default", None, draws=200, seed=1)


def charts(app: AppTest) -> str:
    """What charts say, as they are sent to the browser."""
    return "\n".join(str(one.proto.spec) for one in app.get("plotly_chart"))


@pytest.mark.parametrize("page", [overview_page, scorecard_page, decision_page, methods_page])
def test_a_page_names_no_product_without_what_it_must_wear(
    place: Path, monkeypatch: pytest.MonkeyPatch, page: Callable[[], None]
) -> None:
    monkeypatch.chdir(place.parent.parent)
    app = shown(page)
    told = text(app) + charts(app).encode().decode("unicode_escape", "replace")
    assert str(escape(TITLE)) in told or TITLE in told
    assert bare(told) == []


def test_a_criterion_names_no_product_without_what_it_must_wear(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place.parent.parent)
    assert bare(text(shown(evidence_page, criterion="SEC-02"))) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_names_no_product_without_what_it_must_wear(place: Path, language: str) -> None:
    assert bare(render(opened(place), language), language) == []


def test_the_table_for_spreadsheets_wears_it_too(place: Path) -> None:
    assert bare(as_csv(opened(place))) == []


def of_pdf(record: Record) -> str:
    """All that the paper is set from, figures included."""
    return orjson.dumps(Paper(record, "en").as_object()).decode()


def of_docx(record: Record) -> str:
    found = Document(io.BytesIO(document(record, "en")))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in found.paragraphs), *cells])


def of_pptx(record: Record) -> str:
    told = []
    for slide in Presentation(io.BytesIO(slides(record, "en"))).slides:
        for shape in slide.shapes:
            told += [shape.text_frame.text] if shape.has_text_frame else []
            told += [cell.text for row in shape.table.rows for cell in row.cells] if shape.has_table else []
            told += [str(one) for one in shape.chart.plots[0].categories] if shape.has_chart else []
            told += [str(one.name) for one in shape.chart.plots[0].series] if shape.has_chart else []
    return "\n".join(told)


def of_xlsx(record: Record) -> str:
    book = openpyxl.load_workbook(io.BytesIO(workbook(record, "en")), data_only=True)
    return "\n".join(
        str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row if value
    )


@pytest.mark.parametrize("read", [of_pdf, of_docx, of_pptx, of_xlsx])
def test_a_record_names_no_product_without_what_it_must_wear(record: Record, read: Callable[[Record], str]) -> None:
    told = read(record)
    assert "Cloud" in told
    assert bare(told) == []
    assert NOT_LIVE.encode() in record.as_json()


def test_a_load_result_wears_it_on_file_and_on_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended(RUNS, "l1", replace(pressed(), labels=(NOT_LIVE,)))
    assert [one.labels for one in shelf()] == [(NOT_LIVE,)]
    assert NOT_LIVE in text(shown(load_page))
    assert words("zh")(f"report.label.{NOT_LIVE}") in text(shown(load_page, "zh"))
