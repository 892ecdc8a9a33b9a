"""Gateways: what a careless layer in front of the reference CRM makes of requests and answers; for attacks' mutants."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import Response

from poc.mutants.mutant import Make

Headers = list[tuple[bytes, bytes]]
Scope = dict[str, Any]


def header(scope: Scope, name: str) -> str:
    """Return a header of a request, "" if it has none of that name."""
    held: bytes = next((value for key, value in scope["headers"] if key == name.encode()), b"")
    return held.decode("latin-1")


def asked(scope: Scope, name: str) -> str:
    """Return a parameter of a request's query, "" if it has none of that name."""
    query: str = scope["query_string"].decode("latin-1")
    return dict(parse_qsl(query)).get(name, "")


def bending(bend: Callable[[Scope], Scope]) -> Make:
    """Return a maker that changes requests before the service sees them (``service:Application.__call__``)."""

    def make(call: Any) -> Any:
        async def bent(self: Any, scope: Scope, receive: Any, send: Any) -> None:
            await call(self, bend(scope) if scope["type"] == "http" else scope, receive, send)

        return bent

    return make


def heading(change: Callable[[Scope, Headers], Headers]) -> Make:
    """Return a maker that changes the headers of answers (``service:Application.__call__``)."""

    def make(call: Any) -> Any:
        async def headed(self: Any, scope: Scope, receive: Any, send: Any) -> None:
            async def told(message: Any) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = change(scope, list(message.get("headers", ())))
                await send(message)

            await call(self, scope, receive, told)

        return headed

    return make


def answering(answer: Callable[[Scope, Any], Awaitable[Response | None]]) -> Make:
    """Return a maker that answers some requests itself; the others go on to the service."""

    def make(call: Any) -> Any:
        async def answered(self: Any, scope: Scope, receive: Any, send: Any) -> None:
            given = await answer(scope, receive) if scope["type"] == "http" else None
            if given is None:
                await call(self, scope, receive, send)
            else:
                await given(scope, receive, send)

        return answered

    return make


def rewriting(when: Callable[[Scope], bool], media: str, write: Callable[[bytes], bytes]) -> Make:
    """Return a maker that writes the bodies of some good answers anew, as another media type."""

    def make(call: Any) -> Any:
        async def rewritten(self: Any, scope: Scope, receive: Any, send: Any) -> None:
            if scope["type"] != "http" or not when(scope):
                await call(self, scope, receive, send)
                return
            parts: list[bytes] = []
            begun: list[int] = []

            async def kept(message: Any) -> None:
                begun.extend([message["status"]] if message["type"] == "http.response.start" else [])
                parts.append(message.get("body", b""))

            await call(self, scope, receive, kept)
            whole = b"".join(parts)
            await Response(write(whole) if begun[0] == 200 else whole, begun[0], media_type=media)(scope, receive, send)

        return rewritten

    return make


async def body_of(receive: Any) -> bytes:
    """Return the whole body of a request."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
