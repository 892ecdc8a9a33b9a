"""In a real browser, in both languages: every page opens, the language switches, a check is followed to the wire."""

import http.client
import re
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from poc.words import LANGUAGES, words

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["overview", "run", "evidence", "scorecard"])
def test_every_page_opens_and_fits_its_window(
    page: Page, fits: Callable[[Page], None], address: str, name: str, language: str
) -> None:
    say = words(language)
    page.goto(f"{address}/{'' if name == 'overview' else name}?lang={language}")
    title = say("report.title", name="sample") if name == "overview" else say(f"page.{name}")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    fits(page)


def test_what_is_served_is_fenced_in_and_answers_to_its_own_name_alone(address: str) -> None:
    served = answered(address, "GET", "/_stcore/health")
    assert "frame-ancestors 'none'" in served.headers["content-security-policy"]
    assert "SameSite=Lax" in served.headers["set-cookie"]
    assert answered(address, "GET", "/", Host="elsewhere.example").status == 421
    assert answered(address, "GET", "/_stcore/metrics").status == 404
    assert answered(address, "GET", "/_stcore/stream", **UPGRADE, Origin="http://elsewhere.example").status == 403
    upload = answered(address, "PUT", "/_stcore/upload_file/session/file")
    assert upload.status == 403, "a file came in without the page's own token"


def answered(address: str, method: str, path: str, **headers: str) -> http.client.HTTPResponse:
    with closing(http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)) as line:
        line.request(method, path, headers=headers)
        return line.getresponse()


#: What a browser sends to open the line over which a page is drawn.
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


def test_the_fence_keeps_nothing_of_a_page_from_being_drawn(page: Page, address: str) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(f"{address}/business?lang=en")
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    assert not [text for text in told if "Content Security Policy" in text]


def test_the_language_switch_turns_the_page_and_the_address(phone: Page, address: str) -> None:
    phone.goto(f"{address}/scorecard?lang=en")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Scorecard")
    sidebar(phone)
    phone.get_by_test_id("stSidebar").get_by_text("中文", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("记分卡")
    expect(phone).to_have_url(re.compile("lang=zh"))


def test_the_language_stays_from_page_to_page(page: Page, address: str) -> None:
    page.goto(f"{address}/?lang=zh")
    page.get_by_role("link", name=words("zh")("page.to_scorecard")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("记分卡")
    expect(page).to_have_url(re.compile("lang=zh"))


def test_three_clicks_lead_to_what_crossed_the_wire(phone: Page, address: str) -> None:
    phone.goto(f"{address}/evidence?lang=en")
    phone.get_by_role("button", name="SEC-02").click()
    phone.locator(".st-key-see_old_tls_is_refused_leaky button").click()
    phone.get_by_text("x000001").click()
    expect(phone.get_by_text("curl --include").first).to_be_visible()
    expect(phone).to_have_url(re.compile("criterion=SEC-02.*check=old_tls_is_refused.*target=leaky"))
    phone.reload()
    expect(phone.get_by_text("x000001")).to_be_visible()


def test_a_slider_scores_anew_and_the_address_keeps_it(page: Page, address: str) -> None:
    page.goto(f"{address}/scorecard?lang=en")
    expect(page.get_by_role("slider")).to_have_count(7)
    for weight in (31, 32):
        page.get_by_role("slider").first.press("ArrowRight")
        expect(page).to_have_url(re.compile(f"w={weight}-18-16-12-8-8-8"))
    expect(page.get_by_text("moved by hand").first).to_be_visible()
    page.reload()
    expect(page.get_by_role("slider").first).to_have_value("32")


def test_nothing_is_fetched_from_anywhere_else(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/?lang=en")
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    assert not [url for url in asked if not url.startswith((address, "data:", "blob:"))]


def sidebar(page: Page) -> None:
    """Open the sidebar where it is folded away."""
    folded = page.get_by_test_id("stExpandSidebarButton")
    if folded.is_visible():
        folded.click()
