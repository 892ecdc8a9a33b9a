"""Shooting: the range on which attacks are tried: a vendor's own requests, bent, sent in somebody's name, and kept."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.library.security.weaknesses import Shot
from scenarios.port import BenchFault, Reply, Request, Unsupported
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

#: A verb of the port with its arguments, and what asking it is called.
Verb = tuple[str, str, tuple[Any, ...], Mapping[str, Any]]


def verb(what: str, name: str, *given: Any, **more: Any) -> Verb:
    """Name a verb of the port with its arguments."""
    return what, name, given, more


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Where attacks are tried: a newcomer of the first branch on file, a customer of the second, and the bank."""

    crm: CRM
    bank: Bank
    own: Customer
    victim: Customer  # a second newcomer, whom an attack may destroy
    other: Customer

    def as_(self, actor: Actor) -> CRM:
        """Return the target as an actor meets it."""
        return self.crm.acting_as(actor).without_waiting()

    def opening(self, name: str, *given: Any, **more: Any) -> Request:
        """Return the first request that the vendor's connector makes of a verb; raises Unsupported."""
        steps = getattr(self.crm.connector, name)(*given, **more)
        request: Request = next(steps)
        steps.close()
        return request

    def requests(self, verbs: Iterable[Verb]) -> Iterator[tuple[str, Request]]:
        """Yield what is asked and the request of each verb that the product has."""
        for what, name, given, more in verbs:
            try:
                yield what, self.opening(name, *given, **more)
            except Unsupported:
                continue

    def fire(self, view: CRM, what: str, request: Request) -> Shot:
        """Send a request in the name of a view's actor; a target that hangs up gives a shot without a reply."""
        shot = Shot(what=what, actor=view.actor.value, request=request, reply=None, session=self.carried(view))
        try:
            answer = view.raw(request)
        except BenchFault:
            return shot
        reply = answer.replies[-1] if answer.replies else None
        return replace(shot, reply=reply, exchange=answer.exchanges[-1] if answer.exchanges else "")

    def carried(self, view: CRM) -> tuple[str, ...]:
        """Return the names of the headers that carry a view's session."""
        held = None if view.actor is Actor.ANONYMOUS else view.session()
        return tuple(held.headers) if held else ()

    def yes(self, shot: Shot) -> bool:
        """Whether the target carried out what a shot asked, in the words of its own vendor."""
        return shot.ok and shot.reply is not None and self.crm.connector.error_of(shot.reply) is None


def bent(
    request: Request,
    *,
    path: str | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    method: str = "",
) -> Request:
    """Return a request with another method, path or body, and with more parameters and headers."""
    return Request(
        method=method or request.method,
        path=request.path if path is None else path,
        query={**request.query, **(query or {})},
        json=None if content is not None else request.json,
        headers={**request.headers, **(headers or {})},
        content=request.content if content is None else content,
    )


def said(reply: Reply | None) -> bytes:
    """Return all that a reply says: header values and body."""
    if reply is None:
        return b""
    return b"\n".join((*(f"{name}: {value}".encode() for name, value in reply.headers.items()), reply.body))
