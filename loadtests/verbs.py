"""Verbs: steps that a workload file makes itself out of the verbs of a connector and the fields of its customers."""

import dataclasses
import inspect
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

import synthetic_data.records
from loadtests.steps import Play, Step, Turn
from scenarios.actors import Actor
from scenarios.port import Connector
from synthetic_data.records import Customer, Record

#: Verbs whose arguments can be written in a file: words, numbers and tables of them.
USABLE = frozenset(
    {"overview", "search", "list", "find", "get", "count", "create", "update", "history", "export", "duplicates"}
    | {"trigger", "ticket_clock", "ticket_act", "audit", "contract", "policy"}
)
_PLACE = re.compile(r"\{([a-z_.]+)\}")


@cache
def kinds() -> Mapping[str, type[Record]]:
    """Return the kinds of records by their names in lower case."""
    found = vars(synthetic_data.records).values()
    return {
        one.__name__.lower(): one
        for one in found
        if isinstance(one, type) and issubclass(one, Record) and one is not Record
    }


class OwnStep(BaseModel):
    """A step of a workload file: a verb, the kind of record it is about, and its arguments.

    Arguments may hold ``{customer.FIELD}``, ``{mark}`` (new for each arrival) and ``{now}``. ``create`` takes the
    fields of the new record, ``update`` the changes: it reads first and presents the version that it saw.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    actor: Actor
    counts: Literal["read", "write"]
    verb: str
    kind: str | None = None
    arguments: Annotated[dict[str, Any], Field(alias="with")] = {}
    requests: Annotated[int, Field(ge=0)] = 1

    @model_validator(mode="after")
    def _can_be_asked(self) -> "OwnStep":
        if self.verb not in USABLE:
            raise ValueError(f"verb {self.verb!r} cannot be used in a workload: use {', '.join(sorted(USABLE))}")
        takes = inspect.signature(getattr(Connector, self.verb)).parameters
        if ("kind" in takes or self.verb == "create") and self.kind not in kinds():
            raise ValueError(f"kind {self.kind!r} is unknown: use {', '.join(sorted(kinds()))}")
        self._fits(takes)
        if unknown := self.customer_fields() - {field.name for field in dataclasses.fields(Customer)}:
            raise ValueError(f"a customer has no field {', '.join(sorted(unknown))}")
        return self

    def _fits(self, takes: Mapping[str, inspect.Parameter]) -> None:
        if self.verb in ("create", "update", "find"):
            known = {field.name for field in dataclasses.fields(kinds()[str(self.kind)])}
        else:
            known = set(takes) - {"self", "kind"}
        if unknown := self.arguments.keys() - known:
            raise ValueError(f"{self.verb} takes no {', '.join(sorted(unknown))}: it takes {', '.join(sorted(known))}")

    def customer_fields(self) -> frozenset[str]:
        """Return the fields of customers that the arguments name."""
        named = _PLACE.findall(repr(self.arguments))
        return frozenset(name.removeprefix("customer.") for name in named if name.startswith("customer."))

    def step(self) -> Step:
        """Return the step as the load agent plays it."""
        plays = {"create": self._create, "update": self._update}
        requests = 2 if self.verb == "update" else self.requests
        return Step(self.actor, self.counts, plays.get(self.verb, self._ask), requests)

    def _ask(self, connector: Connector, turn: Turn) -> Play:
        method = getattr(connector, self.verb)
        first = (kinds()[self.kind],) if self.kind is not None else ()
        asked: Play = method(*first, **_filled(self.arguments, turn))
        return asked

    def _create(self, connector: Connector, turn: Turn) -> Play:
        kind = kinds()[str(self.kind)]
        values = {"number": f"L{turn.mark}", **_filled(self.arguments, turn)}
        return connector.create(_adapters()[kind.__name__].validate_python(values))

    def _update(self, connector: Connector, turn: Turn) -> Play:
        kind, values = kinds()[str(self.kind)], _filled(self.arguments, turn)
        number = values.pop("number", turn.person.number)
        seen = yield from connector.get(kind, number)
        return (yield from connector.update(kind, number, values, version=seen.version))


@cache
def _adapters() -> Mapping[str, TypeAdapter[Record]]:
    return {kind.__name__: TypeAdapter(kind) for kind in kinds().values()}


def _filled(value: Any, turn: Turn) -> Any:
    if isinstance(value, Mapping):
        return {name: _filled(each, turn) for name, each in value.items()}
    return _PLACE.sub(lambda found: _word(found[1], turn), value) if isinstance(value, str) else value


def _word(name: str, turn: Turn) -> str:
    match name:
        case "mark":
            return turn.mark
        case "now":
            return datetime.now(UTC).isoformat()
        case "customer.number":
            return turn.person.number
        case "customer.name":
            return turn.person.name
    return turn.person.fields[name.removeprefix("customer.")]
