"""Tryton words: how a bank's records become parties with identifiers and opportunities, and are read back."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from poc.connectors.dialect import Dialect, kept
from poc.connectors.shape import Shape
from scenarios.answers import OnFile
from scenarios.port import Unsupported
from synthetic_data.records import Customer, Opportunity, Record

#: Our fields that each model has by itself, and what it calls them.
OWN: Mapping[type[Record], Mapping[str, str]] = {
    Customer: {"number": "code", "name": "name"},
    Opportunity: {
        "number": "reference",
        "product": "description",
        "amount": "amount",
        "opened": "start_date",
        "closes": "end_date",
    },
}
#: What is read of each model.
FIELDS: Mapping[type[Record], tuple[str, ...]] = {
    Customer: ("code", "name", "identifiers.code"),
    Opportunity: (*OWN[Opportunity].values(), "state", "comment"),
}
#: The state of the product in which each of our stages is; the word stands in the comment, as some share a state.
#: What is won would be converted into a sale with lines of goods, of which a bank has none.
STATES = {
    "qualified": "lead",
    "proposed": "opportunity",
    "negotiated": "opportunity",
    "won": "opportunity",
    "lost": "lost",
}
#: The buttons that lead from the beginning to a state.
WAYS: Mapping[str, tuple[str, ...]] = {
    "lead": (),
    "opportunity": ("opportunity",),
    "lost": ("opportunity", "lost"),
}
DIALECT = Dialect(flag=lambda yes: str(yes).lower(), read_flag=lambda told: bool(told == "true"))
SHAPES = {kind: Shape(kind=kind, path="", version="") for kind in OWN}
Row = Mapping[str, Any]


def whole(record: Record) -> dict[str, Any]:
    """Return a record as the product takes a new one."""
    return changed(type(record), {one.name: getattr(record, one.name) for one in fields(record)}, {})


def changed(kind: type[Record], changes: Mapping[str, object], row: Row) -> dict[str, Any]:
    """Return changes as the product takes them; what has no field of its own takes the place of what ``row`` has."""
    told, own = DIALECT.changes(SHAPES[kind], changes), OWN[kind]
    made = {own[name]: _value(own[name], value) for name, value in told.items() if name in own}
    rest = {name: value for name, value in told.items() if name not in own}
    if not rest:
        return made
    if kind is Customer:
        return {**made, "identifiers": _identifiers(rest, row)}
    lines = {**_others(kind, row), **rest}
    return {**made, "comment": "\n".join(f"{name}:{value}" for name, value in lines.items() if value is not None)}


def ours(kind: type[Record], row: Row) -> OnFile:
    """Return a row in our names and words."""
    told = {name: _read(row.get(theirs)) for name, theirs in OWN[kind].items()} | _others(kind, row)
    if kind is Opportunity and STATES.get(told.get("stage", "")) != row.get("state"):
        told["stage"] = next((ours for ours, theirs in STATES.items() if theirs == row.get("state")), row.get("state"))
    return DIALECT.on_file(SHAPES[kind], told)


def buttons(stage: str, state: str) -> tuple[str, ...]:
    """Return what is pressed to bring an opportunity from a state to a stage; raises Unsupported where no way leads."""
    gone, way = WAYS.get(state, ("?",)), WAYS[STATES[stage]]
    if way[: len(gone)] != gone:
        raise Unsupported(f"the product leads no opportunity from {state} to {stage}")
    return way[len(gone) :]


def condition(kind: type[Record], name: str, value: str) -> list[Any]:
    """Return a condition of the product's domains for the exact value of one of our fields."""
    own = OWN[kind]
    if name in own:
        written = changed(kind, {name: value}, {})[own[name]]
        return [own[name], "=", written]
    ((_, written),) = DIALECT.changes(SHAPES[kind], {name: value}).items()
    if kind is Customer:
        return ["identifiers.code", "=", f"{name}:{written}"]
    return ["comment", "ilike", f"%{name}:{written}%"]


def coded(told: object) -> str:
    """Return what travels in a query or a header: JSON in URL-safe base64."""
    return urlsafe_b64encode(json.dumps(told).encode()).decode()


def _identifiers(rest: Mapping[str, object], row: Row) -> list[Any]:
    old = [one for one in row.get("identifiers.") or row.get("identifiers") or () if isinstance(one, dict)]
    gone = [one["id"] for one in old if str(one["code"]).partition(":")[0] in rest]
    new = [{"code": f"{name}:{value}"} for name, value in rest.items() if value is not None and value != ""]
    return [*([["delete", gone]] if gone else []), *([["create", new]] if new else [])]


def _others(kind: type[Record], row: Row) -> dict[str, Any]:
    known = kept(kind)
    if kind is Customer:
        lines = [str(one["code"]) for one in row.get("identifiers") or () if isinstance(one, dict)]
    else:
        lines = str(row.get("comment") or "").split("\n")
    pairs = (line.partition(":") for line in lines)
    return {name: value for name, colon, value in pairs if colon and name in known}


def _value(field: str, value: Any) -> Any:
    if field == "amount":
        return {"__class__": "Decimal", "decimal": str(value)}
    if field.endswith("_date") and value is not None:
        day = date.fromisoformat(str(value))
        return {"__class__": "date", "year": day.year, "month": day.month, "day": day.day}
    return value


def _read(told: Any) -> Any:
    """Return a value in which the product has wrapped a class."""
    if not isinstance(told, dict):
        return told
    if told.get("__class__") == "Decimal":
        return str(Decimal(told["decimal"]))
    return date(told["year"], told["month"], told["day"]).isoformat()
