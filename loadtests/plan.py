"""Plan: all that a load agent needs to know, handed over as one JSON file that only its owner may read."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from loadtests.crew import Crew
from loadtests.permission import PermitError
from loadtests.steps import Person
from loadtests.terms import LOOPBACK, Ground, Terms, terms_of
from loadtests.workload import Workload, parse
from scenarios.actors import Actor, Credential


class PlanError(ValueError):
    """A load test that must not or cannot start; the text says why and what would help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One load run: address and connector of the target, who signs in, who is asked about, the workload, the terms."""

    target: str
    url: str
    authority: str | None
    connector: str
    credentials: Mapping[Actor, Credential]
    people: tuple[Person, ...]
    workload: Workload
    mark: str
    terms: Terms = field(default_factory=Terms)
    crew: Crew | None = None  # who presses, if not one process alone

    def ground(self, now: datetime) -> Ground:
        """Return on what ground the target is pressed and at which addresses; raises PlanError if it must not be."""
        if not self.people:
            raise PlanError(f"no customers to ask {self.target} about: seed it first")
        try:
            found = self.terms.ground(self.url, self.workload, now)
        except PermitError as no:
            raise PlanError(f"{self.target}: {no}") from None
        if self.crew is not None:
            self._holds(self.crew, found)
        return found

    def _holds(self, crew: Crew, found: Ground) -> None:
        if crew.size > self.workload.users:
            raise PlanError(f"{crew.size} workers share {self.workload.users} connections: give users = {crew.size}")
        if crew.elsewhere and found.words == LOOPBACK:
            raise PlanError(f"{self.url} is another machine to workers from elsewhere: name an address of a network")

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, secrets included."""
        return {
            "target": self.target,
            "url": self.url,
            "authority": self.authority,
            "connector": self.connector,
            "credentials": {
                actor.value: {"username": c.username, "secret": c.secret, "token": c.token}
                for actor, c in self.credentials.items()
            },
            "people": [[person.number, person.name, dict(person.fields)] for person in self.people],
            "workload": self.workload.as_dict(),
            "mark": self.mark,
            "terms": self.terms.as_dict(),
            "crew": self.crew,
        }

    def write(self, path: Path) -> None:
        """Write the plan, secrets included, readable by the owner only."""
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump(self.as_dict(), out)


def read(path: Path) -> Plan:
    """Read a plan back."""
    return made(json.loads(path.read_text(encoding="utf-8")))


def made(data: Mapping[str, Any]) -> Plan:
    """Return a plan from plain values."""
    return Plan(
        target=data["target"],
        url=data["url"],
        authority=data["authority"],
        connector=data["connector"],
        credentials={Actor(actor): Credential(**values) for actor, values in data["credentials"].items()},
        people=tuple(Person(*person) for person in data["people"]),
        workload=parse(data["workload"]),
        mark=data["mark"],
        terms=terms_of(data["terms"]),
        crew=None if data["crew"] is None else Crew(*data["crew"]),
    )
