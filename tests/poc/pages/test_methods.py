"""The page of other methods tells each by name, works the legal formula out, and weighs by pairs."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from poc.words import LANGUAGES, words
from tests.poc.pages.sample import write_sample
from tests.poc.pages.test_pages import shown, text


def methods_page() -> None:
    from poc.pages.methods import methods

    methods()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_sample(tmp_path / "runs")
    return tmp_path


def asked(app: AppTest, amount: float) -> AppTest:
    for one in app.number_input:
        one.set_value(amount)
    app.number_input(key="methods_target").set_value(0.0)
    app.number_input(key="methods_most").set_value(amount * 2)
    return app.run()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_method_and_the_consistency_of_pairs_are_told(bench: Path, language: str) -> None:
    app, say = shown(methods_page, language), words(language)
    assert not app.exception
    assert not app.error
    said = text(app)
    assert all(say(key) in said for key in ("decision.method_topsis", "methods.credibility", "methods.votes"))
    assert "GCI 0.000" in app.success[0].value
    assert say("methods.no_prices") in said


def test_prices_are_weighed_by_the_legal_formula_and_by_anchors(bench: Path) -> None:
    app = asked(shown(methods_page), 1_000_000.0)
    assert not app.exception
    said = text(app)
    assert words("en")("methods.anchored") in said
    assert words("en")("methods.no_paradox") in [one.value for one in app.success]


def test_anchors_that_do_not_fit_are_one_line(bench: Path) -> None:
    app = asked(shown(methods_page), 1_000_000.0)
    app.number_input(key="methods_target").set_value(9_000_000.0).run()
    assert len(app.error) == 1
    assert "target" in app.error[0].value
