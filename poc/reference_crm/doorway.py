"""Doorway: what holds for every request before a route sees it: trace, size, headers of safety, a line in the log."""

import logging
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from poc.reference_crm.problems import Problem
from poc.reference_crm.routes.http import encode, trace_of

LOG = logging.getLogger("reference_crm")
SAFETY = [
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-frame-options", b"DENY"),
]


class TooLarge(Exception):
    """A body is longer than the service takes."""


class Doorway:
    """ASGI middleware around the whole service."""

    def __init__(self, app: ASGIApp, *, largest_body: int, log_requests: bool = False) -> None:
        """Stand before ``app``."""
        self._app, self._largest, self._log = app, largest_body, log_requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and its answer back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        began, status, started = time.perf_counter(), 500, False
        headers = [(b"x-trace-id", trace_of(scope).encode()), *SAFETY]

        async def answer(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                started, status = True, message["status"]
                message["headers"] = [*message.get("headers", ()), *headers]
                if "banner" in scope["state"]:
                    message["headers"].append((b"x-viewed-as", scope["state"]["banner"].encode()))
            await send(message)

        try:
            await self._app(scope, _limited(scope, receive, self._largest), answer)
        except TooLarge:
            told = f"the body is too large: at most {self._largest:,} bytes are taken"
            await _refuse(answer, trace_of(scope), Problem(reason="invalid", status=413, detail=told))
        except Exception:
            LOG.exception("fault", extra={"facts": {"trace": trace_of(scope), "method": scope["method"]}})
            if started:
                raise
            await _refuse(
                answer, trace_of(scope), Problem(reason="server-error", detail="the service failed; it is on record")
            )
        if self._log:
            facts = {"trace": trace_of(scope), "method": scope["method"], "status": status}
            route: Any = scope.get("route")
            facts |= {"route": getattr(route, "path", "-"), "ms": round((time.perf_counter() - began) * 1000, 1)}
            LOG.info("request", extra={"facts": facts})


def _limited(scope: Scope, receive: Receive, largest: int) -> Receive:
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > largest:
            raise TooLarge
        return message

    return limited


async def _refuse(send: Send, trace: str, problem: Problem) -> None:
    body = encode(problem.json(trace))
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
