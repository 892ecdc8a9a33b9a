"""Lineage: where each value of a record comes from: door, job or other record, author and moment."""

from collections.abc import Mapping
from typing import Any

from poc.reference_crm.access import Caller
from poc.reference_crm.catalogue import CUSTOMERS
from poc.reference_crm.database import Connection
from poc.reference_crm.desk import Desk
from poc.reference_crm.kinds import Kind
from poc.reference_crm.operations.records import subject
from poc.reference_crm.problems import missing

LATEST = (
    "SELECT DISTINCT ON (field) id, at, who, field, source FROM history WHERE kind = $1 AND number = $2"
    " ORDER BY field, id DESC"
)
BEGUN = "SELECT at, who, after FROM audit WHERE subject = $1 AND action = 'record.create' ORDER BY id DESC LIMIT 1"
MERGES = "SELECT dropped, at FROM merges WHERE keep = $1 AND undone_at IS NULL"


async def lineage(desk: Desk, caller: Caller, kind: Kind, number: str) -> list[dict[str, object]]:
    """Return the origin of every field; no value is told, so nothing needs to be masked."""
    named = subject(kind, number)
    async with desk.act(caller, "history.read", subject=named) as act:
        if await act.connection.fetchval(f"SELECT true FROM {kind.table} WHERE number = $1", number) is None:
            raise missing()
        latest = {row["field"]: row for row in await act.connection.fetch(LATEST, kind.segment, number)}
        begun = await act.connection.fetchrow(BEGUN, named)
        merged = await _merges(act.connection, kind, number)
        act.note("record.history", named, after={"lineage": True})
    start = _start(begun)
    return [_since(name, latest[name], merged) if name in latest else {"field": name, **start} for name in kind.by_name]


async def _merges(connection: Connection, kind: Kind, number: str) -> dict[object, str]:
    """Return, by the moment of the merge, whose file became part of the record."""
    if kind is not CUSTOMERS:
        return {}
    return {row["at"]: row["dropped"] for row in await connection.fetch(MERGES, number)}


def _since(name: str, row: Mapping[str, Any], merged: Mapping[object, str]) -> dict[str, object]:
    other = merged.get(row["at"], "") if row["source"] == "merge" else ""
    origin = f"{CUSTOMERS.segment}/{other}" if other else ""
    source = {"job": "", "source": row["source"], "origin": origin}
    return {"field": name, **source, "who": row["who"], "at": row["at"], "change": str(row["id"])}


def _start(begun: Mapping[str, Any] | None) -> dict[str, object]:
    """Return where a record came from; what was on file before there was a trail is of unknown origin."""
    if begun is None:
        return {"source": "unknown", "job": "", "origin": "", "who": "", "at": None, "change": ""}
    told = begun["after"] or {}
    bulk = told.get("source") == "bulk" and "job" in told
    source = {"source": "bulk" if bulk else "api", "job": str(told["job"]) if bulk else "", "origin": ""}
    return {**source, "who": begun["who"], "at": begun["at"], "change": ""}
