"""Gate: what stands before every answer of the workbench: the names it answers to, and the headers that fence it in."""

import base64
import hashlib
import os
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from poc.admission import LOOPBACK, VARIABLE, must_sign_in

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]

#: What Streamlit tells of its memory and sessions to whoever asks; nothing of ours asks.
SHUT = ("/_stcore/metrics", "/_stcore/agent/")
#: OWASP Secure Headers Project's set: nothing is guessed, framed, referred to or remembered elsewhere.
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), usb=(), payment=()",
}
#: A year: what JR/T 0068 and OWASP ask of whoever is served over TLS.
HSTS = "max-age=31536000"
WRONG_NAME = b"this workbench answers to localhost alone: serve it by touchstone app --address NAME to others\n"


class Gate:
    """An ASGI layer around the workbench; ``open_to_others`` tells whether whoever comes has to sign in."""

    def __init__(self, app: Asgi, open_to_others: Callable[[], bool] | None = None) -> None:
        """Stand before an app."""
        self._app = app
        self._open = open_to_others or guarded
        self._policy = policy(_page())

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Hand a request on, or turn it away."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif not self._open() and _host(scope) not in LOOPBACK:
            await _refuse(scope, send, 421, WRONG_NAME)
        elif scope["path"].startswith(SHUT):
            await _refuse(scope, send, 404, b"nothing is served here\n")
        else:
            await self._app(scope, receive, self._fenced(scope, send))

    def _fenced(self, scope: Message, send: Send) -> Send:
        more = {**HEADERS, "content-security-policy": self._policy}
        if scope["scheme"] in ("https", "wss"):
            more["strict-transport-security"] = HSTS

        async def fenced(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": list(_merged(message.get("headers", ()), more))}
            await send(message)

        return fenced


def guarded() -> bool:
    """Whether whoever comes has to sign in: served beyond loopback, or a list of users was named."""
    return bool(os.environ.get(VARIABLE)) or must_sign_in(st.get_option("server.address"))


def policy(page: str) -> str:
    """Return the content security policy of a page: its own scripts, by address or by hash, and nobody else's.

    Styles are set inline by Streamlit and Plotly, so they may be; nothing is fetched, framed or sent elsewhere.
    """
    hashes = (
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for script in re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    )
    scripts = " ".join(["'self'", *(f"'sha256-{one}'" for one in hashes)])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


def _page() -> str:
    return (files("streamlit") / "static" / "index.html").read_text(encoding="utf-8")


def _host(scope: Message) -> str:
    """Return the name by which a request calls us; a page of elsewhere that points its own name here keeps its name."""
    told = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    try:
        return urlsplit(f"//{told}").hostname or ""
    except ValueError:
        return ""


def _merged(told: Iterable[tuple[bytes, bytes]], more: dict[str, str]) -> Iterable[tuple[bytes, bytes]]:
    named = {name.encode("latin-1"): value.encode("latin-1") for name, value in more.items()}
    seen = {name.lower() for name, _ in told}
    yield from ((name, value) for name, value in told if name.lower() not in named)
    yield from named.items()
    if b"cache-control" not in seen:
        yield b"cache-control", b"no-store"


async def _refuse(scope: Message, send: Send, status: int, text: bytes) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
