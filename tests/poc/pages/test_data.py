"""The Data page grows banks, tells how real they are, and follows a customer, in both languages."""

import sys
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from poc import nursery
from poc.nursery import Wish
from poc.words import LANGUAGES, words
from synthetic_data.folders.growing import grow_folder
from synthetic_data.folders.order import Order
from synthetic_data.folders.soil import soil_of
from synthetic_data.profile import load_profile
from tests.poc.pages.test_pages import shown, text

NAME = "cn-digital-bank-9-60"


def data_page() -> None:
    from poc.pages.data import data

    data()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with one bank in it."""
    bench = tmp_path_factory.mktemp("bench")
    order = Order(seed=9, profile=load_profile("cn-digital-bank"), customers=60)
    (bench / "data").mkdir()
    grow_folder(order, bench / "data" / NAME, grower=soil_of)
    return bench


@pytest.fixture
def bench(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(place)
    return place


def told(app: AppTest) -> str:
    return "\n".join([text(app), *(one.value for one in app.caption), *(one.value for one in app.subheader)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_bank_the_page_offers_to_grow_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.chdir(tmp_path)
    app = shown(data_page, language)
    assert app.title[0].value == words(language)("data.title")
    assert words(language)("data.empty") in text(app)
    assert app.selectbox(key="wish_profile").options == ["cn-digital-bank", "cn-joint-stock", "eu-retail"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bank_is_told_audited_and_a_customer_followed(bench: Path, language: str) -> None:
    app = shown(data_page, language)
    assert not app.error
    said, say = told(app), words(language)
    assert "60" in said
    assert say("data.audit") in said
    assert "C00000001" in said
    assert app.get("plotly_chart")
    assert app.query_params["bank"] in (NAME, [NAME])


def test_a_customer_is_searched_for_and_kept_in_the_address(bench: Path) -> None:
    app = shown(data_page)
    app.text_input(key="find_customer").input("7").run()
    assert app.query_params["customer"] in ("C00000007", ["C00000007"])
    app.text_input(key="find_customer").input("nobody at all").run()
    assert words("en")("data.found_none") in text(app)
    again = shown(data_page, customer="C00000007")
    assert "C00000007" in told(again)


def test_a_lane_can_be_left_out(bench: Path) -> None:
    app = shown(data_page)
    lanes = app.button_group(key="lanes_C00000001")
    lanes.set_value([]).run()
    assert words("en")("data.story_empty").replace(".", "\\.") in text(app)


def test_a_bank_that_is_not_finished_can_be_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    wish = Wish(profile="cn-digital-bank", customers=40, seed=3)
    failing = "import sys; print('touchstone: the disk is full.', file=sys.stderr); sys.exit(3)"
    folder = nursery.start(wish, command=(sys.executable, "-c", failing))
    deadline = time.monotonic() + 30
    while (bed := nursery.bed_of(folder)) is None or not bed.fault:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    app = shown(data_page)
    assert len(app.error) == 1
    assert "the disk is full" in app.error[0].value.replace("\\", "")
    assert app.button(key="resume_growing").label == words("en")("data.resume")


def test_a_damaged_bank_is_told_in_one_line(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    shutil.copytree(place / "data", tmp_path / "data")
    next((tmp_path / "data" / NAME / "customers").glob("*.parquet")).unlink()
    monkeypatch.chdir(tmp_path)
    app = shown(data_page)
    assert len(app.error) == 1
    assert "\n" not in app.error[0].value
