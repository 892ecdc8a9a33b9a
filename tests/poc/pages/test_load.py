"""The Load page tells in each state what is to be known, shows faults at their place, and compares runs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from streamlit.testing.v1 import AppTest

from loadtests.permission import Paper, Permission
from loadtests.workload import source_of
from poc.archive import RUNS
from poc.pressure.series import keep_climbed, keep_grown
from poc.pressure.shelf import shelf
from poc.words import words
from tests.poc.pages.test_pages import shown, text
from tests.poc.pressure.sample import ended, given, pressed
from tests.poc.pressure.test_series import GROWN
from tests.poc.pressure.test_series import stairs as climbed

EN, ZH = words("en"), words("zh")
NOW = datetime.now(UTC).replace(microsecond=0)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
LISTED = """
[targets.vendor]
connector = "reference"
url = "https://crm.example"
permission = "permission.toml"
permission_key = "{trusted}"

[targets.vendor.actors.call-centre]
token_env = "VENDOR_TOKEN"
"""


def load_page() -> None:
    from poc.pages.load import load

    load()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_begins_with_the_designer_and_says_what_the_run_can_prove(bench: Path) -> None:
    app = shown(load_page)
    told = text(app)
    assert "13,200 arrivals in 33 s, 400/s at the peak" in told.replace("\\", "")
    assert "2,995" in told
    assert EN("load.loopback") in told
    app.number_input(key="load_rate").set_value(20.0).run()
    assert "pressed with 20/s, while the claim is about 400/s" in text(app).replace("\\", "")
    app.text_area(key="load_promises").input("read p99 soon").run()
    assert "objective 'p99 soon' of read cannot be read" in app.error[0].value.replace("\\", "")
    assert app.button(key="load_start").disabled


def test_a_fault_in_a_workload_of_ones_own_is_told_with_its_line(bench: Path) -> None:
    app = shown(load_page, "zh")
    app.toggle(key="load_own").set_value(True).run()
    spoilt = source_of("bank-peak").replace("arrivals: poisson", "arrivals: often")
    app.text_area(key="load_yaml").input(spoilt).run()
    line = 1 + next(at for at, one in enumerate(spoilt.splitlines()) if "often" in one)
    assert ZH("load.at_line", line=line) in app.error[0].value


def test_a_finished_run_is_read_as_a_sentence_and_can_be_made_again(bench: Path) -> None:
    ended(RUNS, "l1", pressed(stalls=(5, 9, 14), errors=4))
    app = shown(load_page)
    told = text(app)
    assert "Failed: “read p99 &lt; 200 ms” is broken by" in told
    assert "was used up in second" in told
    app.button(key="load_again").click().run()
    assert app.toggle(key="load_own").value, (
        "its warm-up is another than the shipped one's, for which there is no field"
    )
    assert "rate: 40" in app.text_area(key="load_yaml").value


def test_a_void_run_is_told_in_chinese_with_its_reason(bench: Path) -> None:
    ended(RUNS, "l1", pressed(stalls=(5,), generator={"cpu_p95_percent": 97.0}))
    told = text(shown(load_page, "zh"))
    assert "无效：发生器已饱和（一个处理器的 97 %）" in told


def test_a_run_whose_process_is_gone_says_where_its_last_words_are(bench: Path) -> None:
    given(RUNS, "l1", pressed())
    app: AppTest = shown(load_page, load="l1")
    assert not app.exception


def test_two_sides_and_their_history_are_drawn(bench: Path) -> None:
    for number in range(2):
        ended(RUNS, f"a{number}", pressed(began=1e9 + number, seed=number))
        ended(RUNS, f"b{number}", pressed(began=2e9 + number, seed=number, ms=15))
    app = shown(load_page, load_view="compare")
    names = [str(one.folder) for one in shelf()]
    app.multiselect(key="load_first").set_value(names[2:])
    app.multiselect(key="load_second").set_value(names[:2]).run()
    assert not app.exception
    told = text(app).replace("\\", "")
    assert EN("load.plot_forest_few", count=5) in told
    assert "fewer than 5 runs a side" in told


def test_a_listed_target_is_shown_with_whose_permission_covers_it(bench: Path) -> None:
    paper = Permission(
        vendor="Vendor", host="crm.example", purposes=("load",), begins=NOW - timedelta(hours=1),
        expires=NOW + timedelta(days=1), most_per_second=50, signed_by="A. Person",
    )  # fmt: skip
    (bench / "permission.toml").write_text(Paper.sign(paper, KEY).text(), "utf-8")
    trusted = KEY.public_key().public_bytes_raw().hex()
    (bench / "targets.toml").write_text(LISTED.format(trusted=trusted), "utf-8")
    app = shown(load_page)
    app.selectbox(key="load_target").set_value("listed:vendor").run()
    assert not app.exception
    assert "Not permitted: permits 50 requests/s, and 420/s are asked" in app.error[0].value.replace("\\", "")
    assert app.button(key="load_start").disabled
    app.number_input(key="load_rate").set_value(20.0).run()
    assert not app.exception
    assert not app.button(key="load_start").disabled
    assert "Vendor lets crm.example be pressed" in app.success[0].value.replace("\\", "")
    assert "at most 50 requests a second" in app.success[0].value


def test_a_day_against_a_contract_names_the_screens_that_stall(bench: Path) -> None:
    app = AppTest.from_function(load_page, default_timeout=60)
    app.session_state["lang"], app.session_state["load_contract_customers"] = "en", 500
    app.query_params["load_view"] = "contract"
    app.run()
    assert not app.exception
    told = text(app)
    assert "screens stall" in told or "Nobody waits" in told
    assert EN("load.contract_about") in told


def test_what_is_on_file_of_searches_stairs_and_growth_is_drawn(bench: Path) -> None:
    assert "touchstone load search" in text(shown(load_page, load_view="capacity"))
    keep_climbed(climbed(), RUNS)
    keep_grown(GROWN, RUNS)
    app = shown(load_page, "zh", load_view="capacity")
    assert not app.exception
    assert ZH("load.stairs") in text(app)
    assert "守住了限度" in text(app)
