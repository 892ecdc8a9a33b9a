"""The page on targets says of each what it is and what may be done, and sets all checks side by side."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from poc.pages.frame import plain
from poc.settings import Target, keep_target
from poc.words import LANGUAGES, words
from tests.poc.pages.sample import write_sample


def page() -> None:
    from poc.pages.targets import targets

    targets()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder and a cache of its own, with one listed target; nothing is installed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    keep_target(Target(name="far", connector="fxiaoke", url="https://crm.example"))
    return tmp_path


def shown(language: str = "en") -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["lang"] = language
    app.run()
    assert not app.exception, app.exception
    return app


def text(app: AppTest) -> str:
    bodies = [one.proto.body for one in app.get("html")]
    return "\n".join([*bodies, *(one.value for one in (*app.markdown, *app.caption, *app.info, *app.title))])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_target_tells_its_licence_state_and_permission(bench: Path, language: str) -> None:
    told, app = words(language), shown(language)
    seen = text(app)
    assert told("targets.absent") in seen
    assert "MIT" in seen
    assert plain(told("targets.permit_none")) in seen
    assert told("report.label.not verified live") in seen
    assert told("targets.no_runs") in seen
    assert {"install_amagi-crm", "install_bottlecrm"} <= {one.key for one in app.button}


def test_checks_stand_side_by_side_and_filters_narrow_them(bench: Path) -> None:
    write_sample(bench / "runs")
    app = shown()
    table = app.dataframe[0].value
    weak = next(name for name in table.columns if name.startswith("Leaky copy"))
    assert [row.split()[0] for row in table["Checks"]] == ["SEC-02", "SEC-08"]
    assert "✕ failed !" in table[weak].tolist()[0]
    app.toggle(key="matrix_apart").set_value(False).run()
    assert len(app.dataframe[0].value) == 4
    app.text_input(key="matrix_find").set_value("tls").run()
    assert len(app.dataframe[0].value) == 1


def test_a_list_that_cannot_be_read_is_told_in_one_line(bench: Path) -> None:
    (bench / "targets.toml").write_text("not toml", "utf-8")
    assert "not TOML" in "".join(one.value for one in shown().error)
