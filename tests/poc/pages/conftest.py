"""Conftest: the workbench served from a folder with one assessment, and a real browser that looks at it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.poc.pages.sample import write_sample

HOUSE = Path(__file__).parents[3]
#: Milliseconds that a page may take on a machine that is busy with other tests.
PATIENCE = 60_000
#: Serves the workbench from a folder until the block ends; gives its address.
Served = Callable[..., AbstractContextManager[str]]
#: Pixels across.
DESK, PHONE = 1280, 390


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The workbench, served on a free port of loopback from a folder with one assessment."""
    bench = tmp_path_factory.mktemp("bench")
    write_sample(bench / "runs")
    with _served(bench) as told:
        yield told


@pytest.fixture(scope="session")
def served() -> Served:
    """What serves the workbench from a folder, with further variables of its environment."""
    return _served


@contextmanager
def _served(bench: Path, **environment: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "streamlit", "run", str(HOUSE / "app.py"), "--server.headless", "true"]
    words += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    with (bench / "log.txt").open("wb") as log:
        server = subprocess.Popen(
            words, cwd=bench, stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": str(HOUSE), **environment}
        )
    try:
        _await(f"http://127.0.0.1:{port}/_stcore/health", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the workbench did not start")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window as wide as a desk's."""
    with _window(browser, DESK) as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A window as wide as a telephone's."""
    with _window(browser, PHONE) as opened:
        yield opened


@contextmanager
def _window(browser: Browser, width: int) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="en-US")
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield opened
    context.close()


@pytest.fixture
def fits() -> Callable[[Page], None]:
    """What waits until a page is no wider than its window, at a desk and on a telephone."""
    return _fits


def _fits(page: Page) -> None:
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("document.documentElement.scrollWidth <= window.innerWidth")
