"""Steps: what one arrival asks of a CRM, told in connector verbs, so any target with a connector can be pressed."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from types import MappingProxyType
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.port import Connector, Refused, Reply, Request
from synthetic_data.records import Customer, Interaction, Ticket

Play = Generator[Request, Reply, object]


#: Rows of one call of a batch import.
IMPORTED = 500


class Person(NamedTuple):
    """What a step needs to know of a customer: the number that the target gave, the name, and fields by name."""

    number: str
    name: str
    fields: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Turn:
    """One arrival's material: who is asked about, and a unique mark for what it writes."""

    person: Person
    mark: str
    chance: int  # 32 bits, the same for the same seed and number

    def one_of(self, choices: Sequence[str]) -> str:
        """Return one of some words by the turn's chance."""
        return choices[self.chance % len(choices)]


class Step(NamedTuple):
    """A named step: in whose name, as which class (read or write) it counts, how it plays, in how many requests.

    A step ends with its last reply: what a connector would make of that reply is the workbench's work, not the
    target's, and would keep the generator from sending the next request in time. 0 plays to the end.
    """

    actor: Actor
    kind: str
    play: Callable[[Connector, Turn], Play]
    requests: int = 1


def _overview(connector: Connector, turn: Turn) -> Play:
    return connector.overview(turn.person.number)


def _search(connector: Connector, turn: Turn) -> Play:
    return connector.search(Customer, turn.person.name, limit=20)


def _page(connector: Connector, turn: Turn) -> Play:
    return connector.list(Customer, limit=50)


def _page_of_200(connector: Connector, turn: Turn) -> Play:
    return connector.list(Customer, limit=200)


def _read(connector: Connector, turn: Turn) -> Play:
    return connector.get(Customer, turn.person.number)


def _segment(connector: Connector, turn: Turn) -> Play:
    tier = turn.one_of(("mass", "affluent", "private"))
    return connector.list(Customer, where={"tier": tier}, sort="name", limit=200)


def _import_500(connector: Connector, turn: Turn) -> Play:
    now = datetime.now(UTC)
    rows = [
        Interaction(
            number=f"B{turn.mark}-{row}",
            customer=turn.person.number,
            channel="app",
            direction="out",
            at=now,
            subject="batch",
            text="told of new terms",
            staff="load",
        )
        for row in range(IMPORTED)
    ]
    report = yield from connector.bulk(rows)
    if report.rejected or report.accepted != IMPORTED:
        first = f": {report.rejected[0].field} {report.rejected[0].reason}" if report.rejected else ""
        raise Refused("invalid", detail=f"{report.accepted} of {IMPORTED} rows were taken{first}")
    return report


def _count_by_tier(connector: Connector, turn: Turn) -> Play:
    return connector.count(Customer, "tier")


def _log_interaction(connector: Connector, turn: Turn) -> Play:
    return connector.create(
        Interaction(
            number=f"L{turn.mark}",
            customer=turn.person.number,
            channel="call",
            direction="in",
            at=datetime.now(UTC),
            subject="load test",
            text="asked about a balance",
            staff="load",
        )
    )


def _open_ticket(connector: Connector, turn: Turn) -> Play:
    return connector.create(
        Ticket(
            number=f"L{turn.mark}",
            customer=turn.person.number,
            category="card",
            severity="normal",
            subject="load test",
            text="card does not work abroad",
            opened_at=datetime.now(UTC),
            status="open",
        )
    )


def _update_customer(connector: Connector, turn: Turn) -> Play:
    # an honest edit reads first and presents the version that it saw
    seen = yield from connector.get(Customer, turn.person.number)
    changes = {"occupation": turn.one_of(("clerk", "teacher", "engineer", "driver", "nurse"))}
    return (yield from connector.update(Customer, turn.person.number, changes, version=seen.version))


STEPS: Mapping[str, Step] = {
    "overview": Step(Actor.AGENT, "read", _overview),
    "search": Step(Actor.AGENT, "read", _search),
    "page": Step(Actor.AGENT, "read", _page),
    "read": Step(Actor.AGENT, "read", _read),
    "log_interaction": Step(Actor.AGENT, "write", _log_interaction),
    "update_customer": Step(Actor.INTEGRATION, "write", _update_customer, requests=2),
    "open_ticket": Step(Actor.AGENT, "write", _open_ticket),
    "page_of_200": Step(Actor.AGENT, "read", _page_of_200),
    "count_by_tier": Step(Actor.COMPLIANCE, "read", _count_by_tier),
    "segment": Step(Actor.MARKETING, "read", _segment),
    "import_500": Step(Actor.INTEGRATION, "write", _import_500, requests=0),
}


def turn(number: int, seed: int, mark: str, people: Sequence[Person], place: int = 0) -> Turn:
    """Return the material of the number-th arrival: the same for the same seed and people.

    ``mark`` is new in each run, so that a second run on the same target writes records of its own; at a later
    ``place`` of a journey the customer is the same, the mark another.
    """
    # a digest is even enough and costs a tenth of a seeded generator
    drawn = blake2b(f"{seed}/turn/{number}".encode(), digest_size=8).digest()
    person = people[int.from_bytes(drawn[:4]) % len(people)]
    return Turn(person, f"{mark}-{number}-{place}" if place else f"{mark}-{number}", int.from_bytes(drawn[4:]))
