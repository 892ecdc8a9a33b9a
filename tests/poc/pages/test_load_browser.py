"""In a real browser: a load test is started, watched and stopped; its verdict is read, and no process is left."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, expect

from poc.words import words

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOUSE = Path(__file__).parents[3]
EN = words("en")
LISTED = """
[targets.still]
connector = "stalled"
url = "http://127.0.0.1:{port}"

[targets.still.actors.call-centre]
token_env = "STALLED_TOKEN"
"""
OWN = """
name: reads
because: One read after the other.
arrivals: poisson
rate: 15
seconds: 60
warm_up: 1
users: 8
seed: 3
mix: {read: 1}
objectives: {read: [p99 < 2 s]}
"""


@pytest.fixture(scope="module")
def bench(
    tmp_path_factory: pytest.TempPathFactory, served: Callable[..., AbstractContextManager[str]]
) -> Iterator[str]:
    """The workbench in a folder with one listed target that runs, whose connector an installed package offers."""
    bench = tmp_path_factory.mktemp("bench")
    offer = bench / "offer" / "stalled-1.dist-info"
    offer.mkdir(parents=True)
    (offer / "METADATA").write_text("Metadata-Version: 2.1\nName: stalled\nVersion: 1\n", "utf-8")
    (offer / "entry_points.txt").write_text(
        "[touchstone.connectors]\nstalled = tests.loadtests.stalled:Stalled\n", "utf-8"
    )
    command = [sys.executable, "-m", "tests.loadtests.stalled"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as target:
        assert target.stdout is not None
        (bench / "targets.toml").write_text(LISTED.format(port=target.stdout.readline().strip()), "utf-8")
        try:
            with served(bench, PYTHONPATH=f"{HOUSE}{os.pathsep}{offer.parent}", STALLED_TOKEN="t") as address:
                yield address
        finally:
            target.kill()


def test_a_load_test_is_started_watched_stopped_and_told(page: Page, fits: Callable[[Page], None], bench: str) -> None:
    page.goto(f"{bench}/load?lang=en")
    page.get_by_text(EN("load.own"), exact=True).click()
    editor = page.get_by_label(EN("load.yaml"))
    editor.fill(OWN)
    editor.press("Control+Enter")
    expect(page.get_by_text("15/s at the peak")).to_be_visible()
    page.get_by_role("spinbutton", name=EN("load.customers")).fill("100")
    page.get_by_role("combobox", name=EN("load.target")).click()
    page.get_by_role("option", name="still").click()
    expect(page.get_by_text(EN("load.pour"), exact=True)).to_be_visible()
    page.get_by_role("button", name=EN("load.start"), exact=True).click()
    expect(page.locator(".ts-gauges")).to_contain_text(re.compile(r"\d+/s"))
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    page.reload()  # the work goes on without the page
    expect(page.locator(".ts-gauges")).to_be_visible()
    page.get_by_role("button", name=EN("load.stop"), exact=True).click()
    expect(page.get_by_text("Invalid:")).to_be_visible()  # a run that was ended proves nothing, whatever it saw
    expect(page.get_by_test_id("stException")).to_have_count(0)
    fits(page)
    left = [one for one in psutil.process_iter(["cmdline", "cwd"]) if _of(one, "carry-out")]
    assert not left


def _of(process: psutil.Process, word: str) -> bool:
    return word in (process.info["cmdline"] or ()) and "bench" in Path(process.info["cwd"] or "").name
