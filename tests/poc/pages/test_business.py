"""The Business page works out the labelled example or an upload, and tells a broken file in one line."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from poc.pages.register import readings_typed
from poc.pages.typing_in import rates_typed
from poc.words import LANGUAGES, words
from scorecards.business.reading import HERE
from scorecards.business.readings import Reading
from scorecards.methods.tables import TableError
from tests.poc.pages.test_pages import shown, text


def business_page() -> None:
    from poc.pages.business import business

    business()


def uploaded(content: bytes) -> AppTest:
    app = shown(business_page)
    app.get("file_uploader")[0].set_value([("mine.toml", content, "application/toml")]).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_is_labelled_and_shown_at_face_value_and_as_believed(language: str) -> None:
    app, say = shown(business_page, language), words(language)
    said = text(app)
    assert say("business.example") in said
    assert len(app.get("plotly_chart")) == 7
    assert say("business.needed_none") in said
    assert say("business.benefit_not_due") in said
    assert ("万元" if language == "zh" else "CNY") in said


def test_an_uploaded_case_is_worked_out() -> None:
    own = HERE.joinpath("example-bank.toml").read_text("utf-8").replace("example = true\n", "")
    app = uploaded(own.replace('name = "Example bank"', 'name = "Our bank"').encode())
    assert "Our bank" in text(app)
    assert words("en")("business.example") not in text(app)


def test_benefits_of_long_ago_that_nobody_measured_are_overdue() -> None:
    app = shown(business_page)
    app.date_input[-1].set_value(date(2020, 1, 31)).run()
    assert not app.exception
    assert "2020-04-30 " + words("en")("business.benefit_overdue") in text(app)


def test_what_was_typed_in_becomes_readings_and_half_a_row_is_passed_over() -> None:
    rows = [
        {"driver": "Retention", "on": "2027-05-02", "effect_measured": 8.0, "by": "retail"},
        {"driver": "Retention", "on": None, "effect_measured": 8.0, "by": None},
    ]
    found = list(readings_typed(rows, {"Retention": "retention"}))
    assert found == [Reading(driver="retention", on=date(2027, 5, 2), effect=0.08, by="retail")]


def test_a_broken_upload_is_one_line_with_its_field() -> None:
    app = uploaded(b"name = 'x'\n")
    assert len(app.error) == 1
    assert "mine" in app.error[0].value
    assert "\n" not in app.error[0].value


def test_a_rate_that_was_typed_in_has_its_day_and_source_and_half_a_row_is_passed_over() -> None:
    row = {"currency": "EUR", "worth": "7.81", "on": "2026-06-30", "source": "the treasury", "by": None}
    found = list(rates_typed([row, {**row, "source": None}]))
    assert [(one.currency, str(one.worth), one.on, one.by) for one in found] == [("EUR", "7.81", date(2026, 6, 30), "")]
    with pytest.raises(TableError, match=r"exchange.EUR: worth 'seven' is no number"):
        list(rates_typed([{**row, "worth": "seven"}]))


def test_the_committee_reads_the_case_in_the_currency_it_chooses() -> None:
    app = shown(business_page)
    box = next(one for one in app.selectbox if "USD" in one.options)
    box.set_value("USD").run()
    assert not app.exception
    assert "−USD" in text(app)
