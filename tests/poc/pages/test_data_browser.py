"""In a real browser: the Data page fits its window, grows a bank, and shows a customer's time line."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from poc.words import LANGUAGES, words

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bank_is_grown_and_looked_into(page: Page, fits: Callable[[Page], None], address: str, language: str) -> None:
    say = words(language)
    page.goto(f"{address}/data?lang={language}")
    expect(page.get_by_role("heading", level=1)).to_have_text(say("data.title"))
    if page.get_by_text(say("data.empty")).count():
        page.get_by_label(say("data.customers")).fill("200")
        page.get_by_role("button", name=say("data.grow")).click()
    expect(page.get_by_role("heading", name=say("data.story"))).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    fits(page)
