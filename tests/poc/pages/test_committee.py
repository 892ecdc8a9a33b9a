"""The committee's pages tell in both languages where a selection stands, and show nobody's points before the reveal."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from poc.committee.ledger import Ledger
from poc.pages.frame import plain
from poc.words import LANGUAGES, words
from tests.poc.committee.seats import CELLS, PASS, founded, scoring
from tests.poc.pages.test_pages import shown, text


def committee_page() -> None:
    from poc.pages.committee import committee

    committee()


def process_page() -> None:
    from poc.pages.process import process

    process()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def signing(app: AppTest, name: str, passphrase: str = PASS) -> AppTest:
    app.text_input(key="committee_name").set_value(name)
    app.text_input(key="committee_passphrase").set_value(passphrase).run()
    assert not app.exception
    return app


def clicked(app: AppTest, label: str) -> None:
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception, app.exception


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_selection_one_is_founded_on_the_page(bench: Path, language: str) -> None:
    say = words(language)
    assert say("committee.none") in text(shown(process_page, language))
    app = signing(shown(committee_page, language), "chair")
    app.text_input(key="found_name").set_value("crm")
    app.multiselect(key="found_vendors").set_value(["X", "Y"])
    clicked(app, say("committee.found_do"))
    assert not app.error, app.error[0].value
    state = Ledger(bench / "committees" / "crm").state()
    assert (state.founder, state.vendors) == ("chair", ("X", "Y"))
    assert plain(say("committee.next_invite", names="")) in text(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_points_are_sealed_on_the_page_and_shown_once_all_lie_open(bench: Path, language: str) -> None:
    say = words(language)
    _, (first, second) = scoring(bench / "committees" / "crm", 2)
    second.seal_scores(dict.fromkeys(CELLS, 4.5))
    app = signing(shown(committee_page, language), "m0")
    assert plain(say("committee.awaited", names="m0")) in text(app)
    assert "4.5" not in text(app)
    for cell in CELLS:
        app.selectbox(key=f"committee_1_{cell}").set_value(1.0)
    clicked(app, say("committee.seal_scores"))
    assert not app.error, app.error[0].value
    clicked(app, say("committee.open_scores"))
    assert not app.get("plotly_chart")
    second.open_scores()
    app.run()
    assert len(app.get("plotly_chart")) == 1
    assert "<td>4.5</td>" in text(app)
    assert first.ledger.state().rounds[-1].revealed


def test_a_wrong_passphrase_is_one_line_and_writes_nothing(bench: Path) -> None:
    chair, _ = scoring(bench / "committees" / "crm", 2)
    before = chair.ledger.path.read_bytes()
    app = signing(shown(committee_page), "m0", "not the passphrase")
    clicked(app, words("en")("committee.seal_scores"))
    assert len(app.error) == 1
    assert "does not open the key" in app.error[0].value
    assert chair.ledger.path.read_bytes() == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_process_page_tells_the_next_step_and_how_clean_it_was_so_far(bench: Path, language: str) -> None:
    say = words(language)
    founded(bench / "committees" / "begun", 0)
    app = signing(shown(process_page, language), "chair")
    assert app.metric[0].value == say("process.not_begun")
    scoring(bench / "committees" / "a", 2)
    app = signing(shown(process_page, language), "chair")
    before = int(app.metric[0].value.split()[0])
    assert 0 < before < 100, "interests and seals are shown by the log, anchors are not"
    assert "PRO-01" in text(app)
    clicked(app, say("process.move"))
    app.run()
    assert int(app.metric[0].value.split()[0]) < before, "needs were begun and nothing shows them"
