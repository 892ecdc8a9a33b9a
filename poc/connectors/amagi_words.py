"""Amagi words: how a bank's records become contacts with tags and deals with notes, and are read back from them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from poc.connectors.dialect import Dialect, kept
from poc.connectors.replies import fields_of, moment
from poc.connectors.shape import Shape
from scenarios.answers import AuditEntry, OnFile
from scenarios.port import REASONS, Refused, Reply
from synthetic_data.records import Customer, Opportunity, Record

#: Our fields that a contact has by itself, and what it calls them; everything else is a tag.
OWN = {"name": "last_name", "latin_name": "first_name", "email": "email", "mobile": "phone", "employer": "company"}
#: Our fields that a deal has by itself; everything else is a line of its notes.
DEAL = {"stage": "stage", "amount": "amount_cents", "closes": "expected_close"}
STAGES = {"qualified": "Qualified", "proposed": "Proposal", "negotiated": "Negotiation", "won": "Won", "lost": "Lost"}
DIALECT = Dialect(flag=lambda yes: str(yes).lower(), read_flag=lambda told: bool(told == "true"))
SHAPES: Mapping[type[Record], Shape] = {kind: Shape(kind=kind, path="", version="") for kind in (Customer, Opportunity)}
Row = Mapping[str, Any]


def error_of(reply: Reply) -> Refused | None:
    """Return the refusal with the product's own words; what it calls a conflict is a double."""
    if reply.status < 400:
        return None
    reason = "duplicate" if reply.status == 409 else REASONS.get(reply.status, "refused")
    return Refused("server-error" if reply.status >= 500 else reason, status=reply.status, detail=_detail(reply))


def whole(record: Record) -> dict[str, Any]:
    """Return a record as the product takes a new one."""
    told = {one.name: getattr(record, one.name) for one in fields(record)}
    made = changed(type(record), told, {})
    return {**made, "title": f"{record.product} {record.number}"} if isinstance(record, Opportunity) else made


def changed(kind: type[Record], changes: Mapping[str, object], row: Row) -> dict[str, Any]:
    """Return changes as the product takes them; where one of them is a tag or a note, those of ``row`` go along."""
    told = DIALECT.changes(SHAPES[kind], changes)
    own = OWN if kind is Customer else DEAL
    made: dict[str, Any] = {own[name]: value for name, value in told.items() if name in own}
    if rest := {name: value for name, value in told.items() if name not in own}:
        lines = {**_others(kind, row), **rest}
        texts = [f"{name}:{value}" for name, value in lines.items() if value is not None]
        made |= {"tags": texts} if kind is Customer else {"notes": "\n".join(texts)}
    if "stage" in made:
        made["stage"] = STAGES[made["stage"]]
    if "amount_cents" in made:
        made["amount_cents"] = round(Decimal(made["amount_cents"]) * 100)
    return made


def ours(kind: type[Record], row: Row) -> OnFile:
    """Return a row in our names and words."""
    own = OWN if kind is Customer else DEAL
    told: dict[str, Any] = {name: row.get(theirs) for name, theirs in own.items()} | _others(kind, row)
    if kind is Opportunity:
        told["stage"], told["amount"] = stage_of(str(row.get("stage"))), Decimal(row["amount_cents"]) / 100
    return DIALECT.on_file(SHAPES[kind], told)


def stage_of(name: str) -> str:
    """Return our word for a stage; one of the product's own keeps its name."""
    return next((ours for ours, theirs in STAGES.items() if theirs == name), name)


def entry(told: Row, subject: str | None = None) -> AuditEntry:
    """Return an entry of the trail, of ``subject`` if known; the product keeps names of changed fields, no values."""
    return AuditEntry(
        id=str(told["id"]),
        at=moment(told["ts"]),
        who=told["actor"],
        action=f"{told['entity']}.{told['action']}",
        subject=subject or f"{told['entity']}/{told['entity_id']}",
        after=told["fields"],
    )


def _others(kind: type[Record], row: Row) -> dict[str, str]:
    """Return what tags or notes tell, by our names."""
    known = frozenset(kept(kind))
    lines = _tags(row.get("tags") or (), known) if kind is Customer else (row.get("notes") or "").split("\n")
    pairs = (line.partition(":") for line in lines)
    return {name: value for name, colon, value in pairs if colon and name in known}


def _tags(told: str | Iterable[str], known: frozenset[str]) -> Iterator[str]:
    """Yield tags; the export joins them by commas, so that a piece that begins no field belongs to the one before."""
    if not isinstance(told, str):
        yield from told
        return
    held = ""
    for piece in told.split(","):
        begins = piece.partition(":")[0] in known
        if held and begins:
            yield held
        held = piece if begins else f"{held},{piece}"
    yield held


def _detail(reply: Reply) -> str:
    try:
        told = fields_of(reply).get("detail", "")
    except ValueError:
        return ""
    return told if isinstance(told, str) else str(told)[:200]
