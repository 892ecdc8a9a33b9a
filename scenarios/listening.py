"""Listening: receivers that the bench opens for what a target sends by itself, and what came to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from scenarios.port import Reply, Request

#: How a receiver can be made: one that may be trusted, and ways in which one must not be.
SOUND = "sound"
BAD = ("clear", "self-signed", "wrong-host", "expired")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One delivery as it came in: headers in lower case, body as text."""

    path: str
    headers: Mapping[str, str]
    body: str


@runtime_checkable
class Listener(Protocol):
    """A wire that can open receivers; optional, since a target may have no way back to the bench."""

    def listen(self, make: str) -> str:
        """Open a receiver of a make (``SOUND`` or one of ``BAD``) and return its address.

        Raises NotTestable if the settings give the bench no address and certificates for it.
        """
        ...

    def heard(self, url: str) -> tuple[Heard, ...]:
        """Return what came to a receiver so far."""
        ...


@runtime_checkable
class Answering(Listener, Protocol):
    """A listener whose receivers answer what they are asked, for a target that asks somebody else something."""

    def answer(self, url: str, path: str, body: str) -> None:
        """Have the receiver at an address answer requests for a path with a JSON text from now on."""
        ...


def listen_request(make: str) -> Request:
    """Return how the opening of a receiver is named on record."""
    return Request(method="LISTEN", path=make, step="listen")


def heard_request(url: str) -> Request:
    """Return how a look into a receiver is named on record."""
    return Request(method="HEARD", path=url, step="heard")


def answer_request(url: str, path: str, body: str) -> Request:
    """Return how it is named on record what a receiver answers."""
    return Request(method="ANSWER", path=url, query={"for": path}, content=body.encode(), step="answer")


def heard_of(reply: Reply) -> tuple[Heard, ...]:
    """Return what was kept of a look into a receiver."""
    told = reply.json
    assert isinstance(told, list)
    return tuple(Heard(**one) for one in told)
