"""In a real browser: decision and business case fit their window, show their charts, and a slider decides anew."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from poc.words import LANGUAGES, words

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["decision", "business"])
def test_the_page_shows_its_charts_and_fits_its_window(
    page: Page, fits: Callable[[Page], None], address: str, name: str, language: str
) -> None:
    page.goto(f"{address}/{name}?lang={language}")
    expect(page.get_by_role("heading", level=1)).to_have_text(words(language)(f"{name}.title"))
    expect(page.get_by_test_id("stPlotlyChart").nth(1)).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    fits(page)


def test_a_slider_decides_anew_and_the_address_keeps_it(page: Page, address: str) -> None:
    page.goto(f"{address}/decision?lang=en")
    page.get_by_role("slider").first.press("ArrowRight")
    expect(page).to_have_url(re.compile("w=31-18-16-12-8-8-8"))
    expect(page.get_by_text("5,000 draws").first).to_be_visible()
