"""Two real browsers at one committee: neither shows the other's points before the reveal, and no edit is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from poc.committee.ledger import Ledger
from poc.words import words
from tests.poc.committee.seats import PASS, scoring
from tests.poc.pages.conftest import PATIENCE, Served

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAY = words("en")


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    _, seats = scoring(tmp_path / "committees" / "crm", 2)
    for own in seats:
        own.open_weights()
    return tmp_path


@pytest.fixture
def address(bench: Path, served: Served) -> Iterator[str]:
    with served(bench) as told:
        yield told


def seated(browser: Browser, address: str, name: str) -> Page:
    """Return a browser of its own in which somebody has signed and looks at the round."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US").new_page()
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(f"{address}/committee?lang=en")
    return signing(page, name, "committee.next_score")


def signing(page: Page, name: str, step: str) -> Page:
    """Sign, wait until the page tells the next step, and turn to the round."""
    for label, value in ((SAY("committee.name"), name), (SAY("committee.passphrase"), PASS)):
        page.get_by_label(label, exact=True).fill(value)
        page.keyboard.press("Enter")
    expect(page.get_by_text(SAY(step))).to_be_visible()
    page.get_by_role("tab", name=SAY("committee.tab_rounds")).click()
    return page


def gives(page: Page, points: str) -> None:
    for box in page.get_by_role("tabpanel").get_by_role("combobox").all()[:4]:
        box.fill(points)
        page.keyboard.press("Enter")


def test_two_browsers_score_blind_at_once_and_see_each_other_when_both_lie_open(
    bench: Path, browser: Browser, address: str
) -> None:
    pages = [seated(browser, address, name) for name in ("m0", "m1")]
    for page, points in zip(pages, ("1.5", "4.5"), strict=True):
        gives(page, points)
    for page in pages:  # neither waits for the other
        page.get_by_role("button", name=SAY("committee.seal_scores")).click()
    state = Ledger(bench / "committees" / "crm").state
    for page in pages:
        expect(page.get_by_text("Done: entry")).to_be_visible()
    assert set(state().rounds[0].sealed) == {"m0", "m1"}, "one of two edits at once was lost"
    for page, other in zip(pages, ("4.5", "1.5"), strict=True):
        page.reload()
        assert other not in page.content(), "points of another are shown before the reveal"
    again = [signing(page, name, "committee.next_open_scores") for page, name in zip(pages, ("m0", "m1"), strict=True)]
    for page in again:
        page.get_by_role("button", name=SAY("committee.open_scores")).click()
    for page in again:
        expect(page.get_by_text("Done: entry")).to_be_visible()
    assert state().rounds[0].revealed
    pages[0].reload()
    pages[0].get_by_role("tab", name=SAY("committee.tab_rounds")).click()
    expect(pages[0].get_by_role("cell", name="4.5").first).to_be_visible()
    expect(pages[0].get_by_role("cell", name="1.5").first).to_be_visible()
