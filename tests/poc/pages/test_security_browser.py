"""In a real browser: the security page opens in both languages and fits a desk and a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from poc.words import LANGUAGES, words

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_opens_and_fits_a_desk_and_a_phone(
    page: Page, fits: Callable[[Page], None], address: str, language: str
) -> None:
    page.goto(f"{address}/security?lang={language}")
    say = words(language)
    expect(page.get_by_role("heading", level=1)).to_have_text(say("security.title"))
    expect(page.get_by_text(say("security.trial_text"))).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    fits(page)
