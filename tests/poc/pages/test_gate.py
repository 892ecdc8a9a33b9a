"""The gate answers to its own names alone, shuts what nobody needs, and fences every answer in."""

import asyncio
from typing import Any

import pytest

from poc.pages.gate import HEADERS, Gate, Message, Receive, Send, policy


async def answers(scope: Message, receive: Receive, send: Send) -> None:
    """A workbench that answers everybody, with a header of its own that is too lax."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    headers = [(b"X-Frame-Options", b"ALLOWALL"), (b"content-type", b"text/html")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"the bench"})


def asked(
    host: str | None = "localhost:8501",
    *,
    path: str = "/",
    kind: str = "http",
    scheme: str = "http",
    others: bool = False,
) -> list[Message]:
    heard: list[Message] = []

    async def send(message: Message) -> None:
        heard.append(message)

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    headers = [] if host is None else [(b"host", host.encode())]
    scope: dict[str, Any] = {"type": kind, "scheme": scheme, "path": path, "headers": headers}
    asyncio.run(Gate(answers, lambda: others)(scope, receive, send))
    return heard


def headers(heard: list[Message]) -> dict[str, str]:
    told = [(name.decode().lower(), value.decode()) for name, value in heard[0]["headers"]]
    assert len(told) == len(dict(told)), "a header is said twice"
    return dict(told)


@pytest.mark.parametrize("host", ["localhost", "localhost:8501", "127.0.0.1:8501", "[::1]:8501", "LOCALHOST:1"])
def test_a_bench_of_this_machine_answers_to_its_names(host: str) -> None:
    assert asked(host)[0]["status"] == 200


@pytest.mark.parametrize("host", ["evil.example:8501", "127.0.0.1.evil.example", "[::1", "", None, "192.0.2.7:8501"])
def test_a_page_of_elsewhere_that_points_its_own_name_at_this_machine_is_turned_away(host: str | None) -> None:
    refused = asked(host)
    assert refused[0]["status"] == 421
    assert b"touchstone app --address" in refused[1]["body"]
    assert asked(host, kind="websocket") == [{"type": "websocket.close", "code": 1008}]


def test_a_bench_that_asks_for_a_login_answers_to_any_name() -> None:
    assert asked("crm-bench.bank.example", others=True)[0]["status"] == 200
    assert asked("crm-bench.bank.example", others=True, kind="websocket") == [{"type": "websocket.accept"}]


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/interact", "/_stcore/agent/mcp"])
def test_what_would_answer_without_a_login_is_shut(path: str) -> None:
    assert asked(path=path, others=True)[0]["status"] == 404


def test_every_answer_is_fenced_in_once() -> None:
    told = headers(asked())
    assert told.items() >= HEADERS.items()
    assert told["cache-control"] == "no-store"
    assert told["content-type"] == "text/html"
    assert "strict-transport-security" not in told


def test_over_tls_the_browser_is_told_to_stay_with_tls() -> None:
    assert headers(asked(scheme="https"))["strict-transport-security"] == "max-age=31536000"


def test_no_script_runs_but_the_page_s_own() -> None:
    told = policy("<script>\n own()\n</script><script type='module' src='./x.js'></script>")
    scripts = next(part for part in told.split("; ") if part.startswith("script-src"))
    assert scripts == "script-src 'self' 'sha256-7a7TDb6T/P7h3K3jtOBXOp7Xf3oOE2dyoiZAa3ZlRh4='"
    assert "frame-ancestors 'none'" in told
    assert "unsafe-eval" not in told
