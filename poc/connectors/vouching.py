"""Vouching: a refusal counts against a product only while its own ground and our own credentials are sound."""

from collections.abc import Callable, Mapping
from typing import Protocol

from scenarios.port import BenchFault, Connector, Reply, Request

#: How a run that was blocked is gone on with.
GO_ON = "then go on with touchstone run --resume --retry-blocked"


class Voucher(Protocol):
    """Looks at each reply before it is believed."""

    def vouch(self, request: Request, reply: Reply, again: Callable[[Request], Reply]) -> None:
        """Raise BenchFault when a reply speaks of our bench, not of the product; ``again`` sends a request anew."""
        ...

    def sound(self) -> None:
        """Raise BenchFault when the ground of the product is not sound."""
        ...


class Vouching:
    """Knows what a product stands on (its processes, its database) and the tokens that were given out for it.

    ``tokens`` lead to the names of their actors, ``trouble`` tells what is wrong with the ground and what to do, "" for
    nothing. A token that opened something and opens that same thing no more has run out, whatever the product says.
    """

    def __init__(self, speaker: Connector, tokens: Mapping[str, str], trouble: Callable[[], str]) -> None:
        """Begin with what is known."""
        self.speaker, self.tokens, self.trouble = speaker, tokens, trouble
        self._opened: dict[str, Request] = {}

    def vouch(self, request: Request, reply: Reply, again: Callable[[Request], Reply]) -> None:
        """Look at the ground after a server's error, and at the credential after "who are you?"."""
        if reply.status >= 500:
            self.sound()
        actor = self._actor(request)
        if actor is None:
            return
        if reply.status < 400 and request.method == "GET":
            self._opened.setdefault(actor, request)
        elif reply.status in (401, 403) and actor in self._opened and self._is_stranger(again(self._opened[actor])):
            raise BenchFault(f"the token of {actor} opened this target and opens it no more: renew it, {GO_ON}")

    def sound(self) -> None:
        """Raise BenchFault naming what is wrong with the ground."""
        if why := self.trouble():
            raise BenchFault(f"{why}, {GO_ON}")

    def _is_stranger(self, reply: Reply) -> bool:
        no = self.speaker.error_of(reply)
        return no is not None and no.reason == "unauthenticated"

    def _actor(self, request: Request) -> str | None:
        proof = next((value for name, value in request.headers.items() if name.lower() == "authorization"), "")
        return self.tokens.get(proof.rpartition(" ")[2])
