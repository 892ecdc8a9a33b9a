"""The door asks for a login where one is due, opens to those who are listed, and shows each role its pages."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from poc.admission import Role, enlist, strike
from poc.words import words
from tests.poc.pages.sample import write_sample

DOOR, GOOD = Path(__file__).parents[3] / "app.py", "seven green kettles"
SAY = words("en")


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOUCHSTONE_USERS", str(tmp_path / "users.toml"))
    write_sample(tmp_path / "runs", "first")
    enlist(tmp_path / "users.toml", "lin", Role.VIEWER, GOOD)
    enlist(tmp_path / "users.toml", "wang", Role.ADMIN, GOOD)
    return tmp_path


def knocked(name: str = "", password: str = "") -> AppTest:
    app = AppTest.from_file(str(DOOR), default_timeout=60)
    app.query_params["lang"] = "en"
    app.run()
    if name:
        app.text_input[0].set_value(name)
        app.text_input[1].set_value(password)
        app.button[0].click().run()
    assert not app.exception, app.exception
    return app


def test_nothing_of_an_assessment_is_seen_before_the_login(bench: Path) -> None:
    app = knocked()
    assert [one.value for one in app.title] == ["Touchstone"]
    assert not app.get("html") or "first" not in str([one.proto.body for one in app.get("html")])
    assert not app.selectbox


def test_a_wrong_password_opens_nothing(bench: Path) -> None:
    app = knocked("lin", "seven green cattle!")
    assert app.error[0].value == SAY("door.wrong")
    assert not app.selectbox


def test_the_right_password_opens_the_overview(bench: Path) -> None:
    app = knocked("lin", GOOD)
    assert app.title[0].value == "CRM assessment first"


def test_a_viewer_is_not_given_the_pages_that_order_runs(bench: Path) -> None:
    assert set(knocked("lin", GOOD).session_state["doors"]).isdisjoint({"run", "data", "people"})
    assert set(knocked("wang", GOOD).session_state["doors"]) >= {"run", "data", "people"}


def test_who_is_removed_is_out_with_the_next_click(bench: Path) -> None:
    app = knocked("lin", GOOD)
    strike(bench / "users.toml", "lin")
    app.run()
    assert [one.value for one in app.title] == ["Touchstone"]


def test_where_nobody_is_listed_nobody_enters(bench: Path) -> None:
    strike(bench / "users.toml", "lin")
    strike(bench / "users.toml", "wang")
    assert knocked().error[0].value == SAY("door.nobody")
