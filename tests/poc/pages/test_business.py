"""The Business page works out the labelled example or an upload, and tells a broken file in one line."""

import pytest
from streamlit.testing.v1 import AppTest

from poc.words import LANGUAGES, words
from scorecards.business.reading import HERE
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
    assert len(app.get("plotly_chart")) == 4
    assert say("business.needed_none") in said
    assert ("万元" if language == "zh" else "CNY") in said


def test_an_uploaded_case_is_worked_out() -> None:
    own = HERE.joinpath("example-bank.toml").read_text("utf-8").replace("example = true\n", "")
    app = uploaded(own.replace('name = "Example bank"', 'name = "Our bank"').encode())
    assert "Our bank" in text(app)
    assert words("en")("business.example") not in text(app)


def test_a_broken_upload_is_one_line_with_its_field() -> None:
    app = uploaded(b"name = 'x'\n")
    assert len(app.error) == 1
    assert "mine" in app.error[0].value
    assert "\n" not in app.error[0].value
