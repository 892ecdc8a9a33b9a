"""The Decision page says the verdict, decides anew when a weight moves, and draws the full number when asked."""

from pathlib import Path

import pytest

from poc.words import LANGUAGES, words
from tests.poc.committee.seats import weighed
from tests.poc.pages.sample import TARGETS, write_sample
from tests.poc.pages.test_pages import shown, text


def decision_page() -> None:
    from poc.pages.decision import decision

    decision()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_sample(tmp_path / "runs")
    return tmp_path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_verdict_stands_on_top_with_its_figures(bench: Path, language: str) -> None:
    app, say = shown(decision_page, language), words(language)
    said = text(app)
    assert app.title[0].value == say("decision.title")
    assert not app.error
    assert "5,000" in said
    for label in ("leader", "first", "tie", "gates", "coverage"):
        assert f"<small>{say(f'decision.strip_{label}')}</small>" in said
    assert len(app.get("plotly_chart")) == 2


def test_a_moved_weight_is_decided_with_and_kept_from_page_to_page(bench: Path) -> None:
    app = shown(decision_page)
    app.slider(key="weight_SEC").set_value(80).run()
    assert not app.exception
    assert app.query_params["w"] in ("80-18-16-12-8-8-8", ["80-18-16-12-8-8-8"])


def test_weights_of_nothing_are_told_and_not_decided_with(bench: Path) -> None:
    app = shown(decision_page)
    for slider in app.slider:
        slider.set_value(0)
    app.run()
    assert app.warning[0].value == words("en")("page.weights_zero")
    assert not app.get("plotly_chart")


def test_the_full_number_of_draws_is_on_a_button(bench: Path) -> None:
    app = shown(decision_page)
    next(one for one in app.button if "100,000" in one.label).click().run()
    assert not app.exception
    assert "100,000 draws" in text(app).replace("\\", "")


def test_a_finding_shows_what_is_behind_it_once_it_is_opened(bench: Path) -> None:
    app, say = shown(decision_page), words("en")
    assert say("robust.title") in text(app)
    assert say("robust.step_own_unknowns") not in text(app)
    for key in ("robust_ladder", *(f"decision_fold_{one}" for one in ("sensitivity", "methods", "evidence"))):
        app.session_state[key] = True
    app.run()
    assert not app.exception
    assert say("robust.step_own_unknowns") in text(app)
    assert say("decision.method_topsis") in text(app)
    assert len(app.get("plotly_chart")) == 4


def test_gates_that_everybody_passes_are_shown_on_demand(bench: Path) -> None:
    app = shown(decision_page)
    app.toggle(key="decision_gates_all").set_value(True).run()
    assert not app.exception


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_committee_decides_on_the_page_by_its_own_weights_and_waivers(bench: Path, language: str) -> None:
    say, names = words(language), tuple(name for name, _, _ in TARGETS)
    weighed(bench / "committees" / "crm", bench / "runs" / "sample", names, "SEC-02")
    app = shown(decision_page, language)
    assert not app.slider, "the committee's weights count, so nothing is there to slide"
    assert app.metric[0].value.endswith("/ 100")
    said = text(app)
    assert say("minutes.by_until", name="Lin", expires="2027-03-31") in said
    assert "a gate is a gate" in said
    app.segmented_control(key="decision_by").set_value(say("decision.by_sliders")).run()
    assert not app.exception
    assert len(app.slider) == 7
