"""Each page says in both languages what was seen, never shows a gap as 0, and tells troubles in one line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from poc.words import LANGUAGES, words
from tests.poc.pages.sample import write_sample


def overview_page() -> None:
    from poc.pages.overview import overview

    overview()


def evidence_page() -> None:
    from poc.pages.evidence import evidence

    evidence()


def scorecard_page() -> None:
    from poc.pages.scorecard import scorecard

    scorecard()


def run_page() -> None:
    from poc.pages.run import run

    run()


PAGES = (overview_page, evidence_page, scorecard_page, run_page)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder of its own with one assessment in it."""
    monkeypatch.chdir(tmp_path)
    write_sample(tmp_path / "runs")
    return tmp_path


def shown(page: Callable[[], None], language: str = "en", **address: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["lang"] = language
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def text(app: AppTest) -> str:
    """All that a reader can read, except inside charts."""
    bodies = [one.proto.body for one in app.get("html")]
    plain = [one.value for kind in (app.title, app.header, app.subheader, app.markdown, app.caption) for one in kind]
    notes = [one.value for kind in (app.info, app.warning, app.error, app.code) for one in kind]
    return "\n".join([*map(str, bodies), *plain, *notes, *(one.label for one in app.button)])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_in_both_languages(bench: Path, page: Callable[[], None], language: str) -> None:
    app = shown(page, language)
    assert app.title[0].value
    assert not app.error


@pytest.mark.parametrize("page", [overview_page, evidence_page, scorecard_page])
def test_a_page_without_an_assessment_names_the_command_that_makes_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: Callable[[], None]
) -> None:
    monkeypatch.chdir(tmp_path)
    app = shown(page)
    assert "make demo" in text(app)


@pytest.mark.parametrize("page", [overview_page, evidence_page, scorecard_page])
def test_a_changed_byte_is_told_in_one_line_that_names_the_file(bench: Path, page: Callable[[], None]) -> None:
    path = bench / "runs" / "sample" / "targets" / "leaky" / "evidence.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"failed"', b'"passed"', 1))
    app = shown(page)
    assert len(app.error) == 1
    assert "evidence" in app.error[0].value
    assert "\n" not in app.error[0].value


def test_labels_are_worn_on_every_page(bench: Path) -> None:
    for page in (overview_page, scorecard_page):
        told = text(shown(page))
        assert "weakened copy" in told
        assert "not verified live" in told
    told = text(shown(evidence_page, criterion="SEC-02"))
    assert "weakened copy" in told
    assert "not verified live" in told


def test_what_was_not_seen_is_a_dash_and_never_a_zero(bench: Path) -> None:
    told = text(shown(scorecard_page))
    row = told.split("Vendor capability<br>")[1].split("</tr>")[0]
    assert "<b>–</b>" in row
    assert "0.00 – 5.00 · 0%" in row


def test_the_words_of_a_target_cannot_become_markup(bench: Path) -> None:
    told = text(shown(overview_page)) + text(shown(scorecard_page)) + text(shown(evidence_page, criterion="SEC-02"))
    assert "<CRM>" not in told
    assert "Cloud &lt;CRM&gt;" in told


def test_a_harm_is_told_on_the_overview(bench: Path) -> None:
    told = text(shown(overview_page))
    assert "1 checks failed with harm" in told


def test_three_clicks_lead_from_a_criterion_to_what_crossed_the_wire(bench: Path) -> None:
    app = shown(evidence_page)
    app.button(key="open_SEC-02").click().run()
    app.button(key="see_old_tls_is_refused_leaky").click().run()
    lines = [one for one in app.expander if "x000001" in one.label]
    assert lines
    told = text(app)
    assert "GET /v1/customers/0" in told
    assert "王" in told
    assert "curl --include --request GET https://127.0.0.1:8443/v1/customers/0" in told
    assert "[secret-0123456789]" in told


def test_an_address_opens_one_exchange(bench: Path) -> None:
    where = {"criterion": "SEC-02", "check": "old_tls_is_refused", "target": "leaky", "exchange": "x000017"}
    app = shown(evidence_page, **where)
    opened = [one.label for one in app.expander if one.proto.expanded]
    assert len(opened) == 1
    assert "x000017" in opened[0]


def test_the_list_of_criteria_is_narrowed_by_words_outcome_and_dimension(bench: Path) -> None:
    app = shown(evidence_page)
    assert {one.key for one in app.button} == {"open_SEC-02", "open_SEC-08", "open_CUS-02"}
    app.text_input(key="find").input("change history").run()
    assert {one.key for one in app.button} == {"open_SEC-08"}
    app.text_input(key="find").input("").run()
    app.button_group(key="came").set_value("blocked").run()
    assert {one.key for one in app.button} == {"open_CUS-02"}


def test_a_criterion_that_nobody_played_says_so(bench: Path) -> None:
    app = shown(evidence_page, criterion="VEN-01")
    assert words("en")("page.no_checks") in text(app)


def test_a_slider_scores_anew_and_can_be_taken_back(bench: Path) -> None:
    app = shown(scorecard_page)
    before = text(app).split("</table>")[0]
    app.slider(key="weight_SEC").set_value(90).run()
    moved = text(app).split("</table>")[0]
    assert moved != before
    assert app.query_params["w"] in ("90-18-16-12-8-8-8", ["90-18-16-12-8-8-8"])
    undo = next(one for one in app.button if one.label == words("en")("page.undo"))
    undo.click().run()
    assert text(app).split("</table>")[0] == before
    assert "w" not in app.query_params


def test_an_address_restores_moved_weights(bench: Path) -> None:
    app = shown(scorecard_page, w="10-0-0-0-0-0-90")
    assert app.slider(key="weight_ROI").value == 90
    assert app.slider(key="weight_CUS").value == 0


def test_weights_that_are_all_zero_are_refused_in_words(bench: Path) -> None:
    app = shown(scorecard_page, w="0-0-0-0-0-0-0")
    assert app.warning[0].value == words("en")("page.weights_zero")


def test_an_address_that_makes_no_sense_is_passed_over(bench: Path) -> None:
    shown(scorecard_page, w="many-1-2")
    shown(evidence_page, criterion="NO-99", check="none", target="none")
    shown(overview_page, assessment="../../etc", lang="fr")
