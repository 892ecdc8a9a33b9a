"""Recording: every exchange is kept as it crossed the wire, without its secrets."""

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Protocol

from scenarios.actors import Actor
from scenarios.crm import Exchange
from scenarios.port import Reply, Request
from scenarios.redaction import Redactor


class Sink(Protocol):
    """Where redacted exchanges go."""

    def take(self, exchange: Exchange, scenario: str) -> str:
        """Store an exchange (its id is given here) and return the id; thread-safe."""
        ...

    @property
    def taken(self) -> int:
        """Return how many exchanges were stored so far."""
        ...


@dataclass(slots=True)
class Memory:
    """Keeps exchanges in memory: for seeding, notebooks and tests."""

    exchanges: list[Exchange] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def take(self, exchange: Exchange, scenario: str) -> str:
        """Store an exchange and return its id."""
        with self.lock:
            number = f"x{len(self.exchanges) + 1:06d}"
            self.exchanges.append(named(exchange, number))
        return number

    @property
    def taken(self) -> int:
        """Return how many exchanges were stored so far."""
        return len(self.exchanges)


@dataclass(slots=True)
class Nowhere:
    """Counts exchanges and forgets them: for pouring a bank in, where only what fails is of interest."""

    taken: int = 0
    lock: Lock = field(default_factory=Lock)

    def take(self, exchange: Exchange, scenario: str) -> str:
        """Count an exchange and return its id."""
        with self.lock:
            self.taken += 1
            return f"x{self.taken:06d}"


@dataclass(slots=True)
class Recording:
    """The recorder of one play: redacts, hands on, and remembers the ids."""

    sink: Sink
    redactor: Redactor = field(default_factory=Redactor)
    scenario: str = ""
    ids: list[str] = field(default_factory=list)

    def keep(
        self, *, actor: Actor, verb: str, request: Request, reply: Reply | None, at: datetime, fault: str = ""
    ) -> str:
        """Store one exchange without its secrets and return its id."""
        exchange = Exchange(
            id="",
            actor=actor.value,
            verb=verb,
            request=self.redactor.request(request),
            reply=None if reply is None else self.redactor.reply(reply),
            at=at,
            fault=self.redactor.text(fault),
        )
        number = self.sink.take(exchange, self.scenario)
        self.ids.append(number)
        return number


def named(exchange: Exchange, number: str) -> Exchange:
    """Return an exchange under an id."""
    return Exchange(
        id=number,
        actor=exchange.actor,
        verb=exchange.verb,
        request=exchange.request,
        reply=exchange.reply,
        at=exchange.at,
        fault=exchange.fault,
    )
