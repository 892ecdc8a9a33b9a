"""Protocol: requests, replies and refusals, and how a verb that is made of them is played to its end."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import orjson


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request of the vendor's protocol; ``step`` names it in load reports, where paths would be too many."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    json: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    step: str = ""

    @property
    def body(self) -> bytes:
        """Return the bytes to send: ``content`` as it is, else ``json`` written out, else nothing."""
        if self.content is not None:
            return self.content
        return b"" if self.json is None else orjson.dumps(self.json, default=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back: status, headers in lower case, raw body, and seconds from send to last byte."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float = 0.0

    @property
    def json(self) -> object:
        """Return the body read as JSON; raises ValueError when it is none."""
        return orjson.loads(self.body)


T = TypeVar("T")
Steps = Generator[Request, Reply, T]


class Unsupported(Exception):
    """The product does not offer this: it speaks of the product."""


class Refused(Exception):
    """The system said no (or broke): it speaks of the system. ``reason`` is a short word, ``status`` its number."""

    def __init__(self, reason: str, *, status: int = 0, detail: str = "", fields: tuple[str, ...] = ()) -> None:
        """Keep the reason (duplicate, forbidden, conflict, invalid, not-found, unauthenticated, server-error, ...)."""
        super().__init__(f"{reason} ({status}) {detail}".strip())
        self.reason, self.status, self.detail, self.fields = reason, status, detail, fields


class BenchFault(Exception):
    """Our own bench failed (network, quota, fixture): it speaks of neither product nor system."""


class Send(Protocol):
    """Carries one request to the target and brings the reply back; raises BenchFault when it cannot."""

    def __call__(self, request: Request) -> Reply:
        """Send and wait."""
        ...


def drive(steps: Steps[T], send: Send, refusal: "Refusal") -> T:
    """Play a verb's generator to its end over ``send``; a refused reply is thrown into it as ``Refused``.

    The generator may catch what it expects (a 404 that means "none"); what it lets pass reaches the caller.
    """
    try:
        request = next(steps)
        while True:
            reply = send(request)
            no = refusal(reply)
            request = steps.throw(no) if no is not None else steps.send(reply)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


class Refusal(Protocol):
    """Tells whether a reply says no."""

    def __call__(self, reply: Reply) -> Refused | None:
        """Return the refusal, None for a yes."""
        ...


#: What an HTTP status line means where a vendor tells the truth in it.
REASONS: Mapping[int, str] = {
    400: "invalid",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "refused",
    409: "conflict",
    410: "not-found",
    412: "conflict",
    413: "invalid",
    415: "invalid",
    422: "invalid",
    423: "locked",
    428: "conflict",
    429: "throttled",
}
