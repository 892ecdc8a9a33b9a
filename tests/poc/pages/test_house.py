"""The door opens, and what the sidebar says is in the address."""

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.poc.pages.sample import write_sample

DOOR = Path(__file__).parents[3] / "poc" / "pages" / "front.py"


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_sample(tmp_path / "runs", "first")
    return tmp_path


def opened(**address: str) -> AppTest:
    app = AppTest.from_file(str(DOOR), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def test_the_door_opens_on_the_overview(bench: Path) -> None:
    app = opened(lang="en")
    assert app.title[0].value == "CRM assessment first"


def test_language_assessment_and_weighting_are_taken_from_the_address_and_kept_in_it(bench: Path) -> None:
    write_sample(bench / "runs", "second")
    app = opened(lang="zh", assessment="first", weighting="seed-core")
    assert app.title[0].value == "CRM 评估 first"
    assert "四个核心维度" in app.caption[-1].value
    app.selectbox(key="assessment").set_value("second").run()
    assert app.title[0].value == "CRM 评估 second"
    assert app.query_params["assessment"] in ("second", ["second"])


def test_the_language_switch_turns_every_word(bench: Path) -> None:
    app = opened(lang="en")
    app.button_group(key="lang").set_value("zh").run()
    assert app.title[0].value == "CRM 评估 first"


def test_values_that_are_not_on_offer_are_passed_over(bench: Path) -> None:
    app = opened(lang="fr", assessment="nothing", weighting="none")
    assert "first" in app.title[0].value


def test_the_pages_never_bring_the_load_generator_into_the_server() -> None:
    script = "import poc.pages.house, sys; sys.exit(any(name in sys.modules for name in ('locust', 'gevent')))"
    assert subprocess.run([sys.executable, "-c", script], check=False, cwd=DOOR.parents[2]).returncode == 0
