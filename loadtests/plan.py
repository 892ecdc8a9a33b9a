"""Plan: all that a load agent needs to know, handed over as one JSON file that only its owner may read."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from loadtests.steps import Person
from loadtests.workload import Workload, parse
from scenarios.actors import Actor, Credential

#: Hosts that may be pressed without asking anybody: this machine itself.
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class PlanError(ValueError):
    """A load test that must not or cannot start; the text says why and what would help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One load run: the target's address and connector, who signs in, whom it is asked about, and the workload."""

    target: str
    url: str
    authority: str | None
    connector: str
    credentials: Mapping[Actor, Credential]
    people: tuple[Person, ...]
    workload: Workload
    mark: str

    def permitted(self) -> "Plan":
        """Return itself if the target is this machine; raises PlanError otherwise (no load beyond loopback)."""
        host = urlsplit(self.url).hostname or ""
        if host not in LOOPBACK:
            raise PlanError(f"{self.url} is not this machine: load tests press loopback addresses only")
        if not self.people:
            raise PlanError(f"no customers to ask {self.target} about: seed it first")
        return self

    def write(self, path: Path) -> None:
        """Write the plan, secrets included, readable by the owner only."""
        data = {
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
        }
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump(data, out)


def read(path: Path) -> Plan:
    """Read a plan back."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Plan(
        target=data["target"],
        url=data["url"],
        authority=data["authority"],
        connector=data["connector"],
        credentials={Actor(actor): Credential(**values) for actor, values in data["credentials"].items()},
        people=tuple(Person(*person) for person in data["people"]),
        workload=parse(data["workload"]),
        mark=data["mark"],
    )
