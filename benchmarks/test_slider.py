"""Slider: from a key on a weight until a real browser shows the new verdict, and until its last picture is drawn."""

import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.conftest import CHROMIUM, chromium
from tests.poc.contests import write_contest
from tests.poc.pages.conftest import browser, page, served

__all__ = ["browser", "chromium", "page", "served"]
#: How often a weight is moved, and milliseconds in which a busy machine too is done with it.
MOVES, PATIENCE = 12, 2_500
#: Tells after a key when the words of the verdict are others, and when anything on the page moved last (ms).
WATCH = """() => document.addEventListener('keydown', () => {
  const main = document.querySelector('[data-testid="stMain"]'), began = performance.now();
  const verdict = () => [...document.querySelectorAll('.ts-lead')].map((one) => one.parentElement.innerText).join();
  const before = verdict(), seen = window.seen = {};
  const moved = new MutationObserver(() => { seen.drawn = performance.now() - began; });
  moved.observe(main, {subtree: true, childList: true, characterData: true, attributes: true});
  const look = () => {
    if (seen.answered === undefined && verdict() !== before) seen.answered = performance.now() - began;
    if (performance.now() - began < %d) requestAnimationFrame(look); else moved.disconnect();
  };
  requestAnimationFrame(look);
}, true)"""


@pytest.fixture(scope="module")
def five(served: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    bench: Path = tmp_path_factory.mktemp("bench")
    write_contest(bench / "runs", vendors=5)
    with served(bench) as address:
        yield address


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: install it, or set TOUCHSTONE_CHROMIUM to its path")
@pytest.mark.parametrize("name", ["decision", "scorecard"])
def test_a_moved_weight_answers(page: Page, five: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    page.goto(f"{five}/{name}?lang=en")
    slider = page.get_by_role("slider").first
    slider.wait_for()
    page.wait_for_timeout(2 * PATIENCE)
    page.evaluate(WATCH % (PATIENCE - 100))
    seen = []
    for move in range(MOVES):
        slider.press("End" if move % 2 == 0 else "Home")
        page.wait_for_timeout(PATIENCE)
        seen.append(page.evaluate("window.seen"))
    answers = [one["answered"] for one in seen if "answered" in one]
    assert answers, "no moved weight changed a word of the verdict"
    with capsys.disabled():
        print(
            f"\n{name}: verdict after {statistics.median(answers):.0f} ms (median of {len(answers)} of {MOVES} moves, "
            f"{min(answers):.0f} to {max(answers):.0f}); last picture after "
            f"{statistics.median(one['drawn'] for one in seen):.0f} ms"
        )
