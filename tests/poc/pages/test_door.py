"""The door asks for a login where one is due, opens to those who are listed, and shows each role its pages."""

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from poc.admission import IDLE_S, Role, Visit, enlist, strike
from poc.pages.house import NEEDS
from poc.words import words
from tests.poc.pages.sample import write_sample

DOOR, GOOD = Path(__file__).parents[3] / "poc" / "pages" / "front.py", "seven green kettles"
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


def test_every_page_says_whom_it_is_for(bench: Path) -> None:
    assert set(knocked("wang", GOOD).session_state["doors"]) == set(NEEDS)


def test_a_click_within_a_visit_is_heard(bench: Path) -> None:
    app = at_the_order("wang")
    app.button_group(key="order_systems").set_value([])
    app.button(key="FormSubmitter:order-Start").click().run()
    assert app.error, "an order without systems is told to be none"


def test_a_click_after_the_visit_has_ended_does_nothing(bench: Path) -> None:
    app = at_the_order("wang")
    app.session_state["visit"] = Visit(name="wang", began=time.monotonic(), last=time.monotonic() - IDLE_S - 1)
    app.button(key="FormSubmitter:order-Start").click().run()
    assert [one.name for one in (bench / "runs").iterdir()] == ["first"]


def test_a_click_of_who_has_lost_the_role_does_nothing(bench: Path) -> None:
    app = at_the_order("wang")
    enlist(bench / "users.toml", "wang", Role.VIEWER, GOOD)
    app.button(key="FormSubmitter:order-Start").click().run()
    assert [one.name for one in (bench / "runs").iterdir()] == ["first"]


def test_who_leaves_leaves_nothing_behind(bench: Path) -> None:
    app = knocked("lin", GOOD)
    app.session_state["order_targets"] = ["the next one's business"]
    next(one for one in app.button if one.label == SAY("door.leave")).click().run()
    assert [one.value for one in app.title] == ["Touchstone"]
    assert "order_targets" not in app.session_state
    assert "visit" not in app.session_state


def at_the_order(name: str) -> AppTest:
    """The page that orders runs, before somebody whose visit lives."""

    def page() -> None:
        from poc.pages.run import run

        run()

    app = AppTest.from_function(page, default_timeout=60)
    app.query_params["lang"] = "en"
    app.session_state["visit"] = Visit(name=name, began=time.monotonic(), last=time.monotonic())
    app.run()
    assert not app.exception, app.exception
    return app


def test_who_is_removed_is_out_with_the_next_click(bench: Path) -> None:
    app = knocked("lin", GOOD)
    strike(bench / "users.toml", "lin")
    app.run()
    assert [one.value for one in app.title] == ["Touchstone"]


def test_where_nobody_is_listed_nobody_enters(bench: Path) -> None:
    strike(bench / "users.toml", "lin")
    strike(bench / "users.toml", "wang")
    assert knocked().error[0].value == SAY("door.nobody")
