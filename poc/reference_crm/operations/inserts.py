"""Inserts: puts one or many checked records of a kind on file with one statement, for creation and bulk load alike."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import cast

import asyncpg

from poc.reference_crm.catalogue import KINDS
from poc.reference_crm.desk import Act, Desk
from poc.reference_crm.kinds import Field, Kind
from poc.reference_crm.masking import place
from poc.reference_crm.operations.prepare import prepared
from poc.reference_crm.operations.stacking import insert_sql, packed
from poc.reference_crm.problems import FieldError

EMPTY = "''"
#: From so many rows on it pays to try without looking for doubles first: that costs two round trips and saves a third.
MANY = 50


@dataclass(slots=True, kw_only=True)
class Inserted:
    """What came of inserting rows: those on file now, and by place in the call what is wrong with the others."""

    rows: list[dict[str, object]]
    rejected: dict[int, FieldError]


def new_number(kind: Kind) -> str:
    """Return a number that nobody has: the kind's letter and 60 random bits."""
    return f"{kind.prefix}-{secrets.token_hex(8)[:15].upper()}"


@cache
def careful(kind: Kind) -> str:
    """Return the statement that leaves out what is on file already and tells which numbers went in."""
    return f"{insert_sql(kind)} ON CONFLICT DO NOTHING RETURNING number"


@cache
def straight(kind: Kind) -> str:
    """Return the statement that inserts all rows or none."""
    return insert_sql(kind)


def sealed_row(desk: Desk, kind: Kind, values: Mapping[str, object]) -> dict[str, object]:
    """Return a record's values with the restricted ones sealed and their blind indexes beside them."""
    if not kind.sealed:
        return dict(values)
    row = {name: value for name, value in values.items() if name not in kind.sealed}
    restricted = {name: values[name] for name in kind.sealed}
    row["sealed"] = desk.vault.seal_fields(place(kind, values["number"]), restricted)
    for name in kind.indexed:
        row[f"{name}_index"] = desk.vault.blind(kind.table, name, str(values[name]))
    return row


def _mentioned(field: Field, rows: Iterable[Mapping[str, object]]) -> set[str]:
    """Return the numbers that a field of many rows holds."""
    if field.form != "texts":
        return {str(row[field.name]) for row in rows if row.get(field.name) is not None}
    return {str(one) for row in rows for one in cast("Sequence[object]", row.get(field.name) or ())}


async def _known(act: Act, kind: Kind, rows: Sequence[Mapping[str, object]]) -> dict[str, dict[str, str]]:
    """Return, by referring field, the branch of every number that is on file and in reach."""
    known: dict[str, dict[str, str]] = {}
    for field in kind.referring:
        numbers = _mentioned(field, rows)
        known[field.name] = await _branches(act, field.refers, list(numbers)) if numbers else {}
        if numbers and kind.segment in field.refers:
            known[field.name] |= {str(row["number"]): "" for row in rows}
    return known


async def _branches(act: Act, segments: Sequence[str], numbers: list[str]) -> dict[str, str]:
    kinds = [KINDS[segment] for segment in segments]
    parts = [
        f"SELECT number, {'branch' if kind.branched else EMPTY} AS branch FROM {kind.table} WHERE number = ANY($1)"
        for kind in kinds
    ]
    found = await act.connection.fetch(" UNION ALL ".join(parts), numbers)
    return {row["number"]: row["branch"] for row in found}


def _unknown(kind: Kind, row: Mapping[str, object], known: Mapping[str, Mapping[str, str]]) -> FieldError | None:
    for field in kind.referring:
        value = row.get(field.name)
        if value is None:
            continue
        for number in cast("Sequence[object]", value) if field.form == "texts" else (value,):
            if number not in known[field.name]:
                return FieldError(field=field.name, message="refers to nothing on file", value=str(number))
    return None


def _ready(
    act: Act, desk: Desk, kind: Kind, row: Mapping[str, object], known: Mapping[str, Mapping[str, str]]
) -> dict[str, object]:
    """Return a checked record as it will rest: sealed, in the branch of its parent, with what is derived."""
    fresh = sealed_row(desk, kind, row)
    if kind.parent is not None:
        fresh["branch"] = known[kind.parent][str(row[kind.parent])]
    return prepared(kind, fresh, act.now)


async def insert_rows(act: Act, desk: Desk, kind: Kind, rows: Sequence[Mapping[str, object]]) -> Inserted:
    """Put checked records on file; those that refer to nothing or are on file already are returned as rejected."""
    numbered = [row if row.get("number") else {**row, "number": new_number(kind)} for row in rows]
    known = await _known(act, kind, numbered)
    rejected: dict[int, FieldError] = {}
    ready: dict[int, dict[str, object]] = {}
    for index, row in enumerate(numbered):
        wrong = _unknown(kind, row, known)
        if wrong is not None:
            rejected[index] = wrong
        else:
            ready[index] = _ready(act, desk, kind, row, known)
    taken = await _insert(act, kind, list(ready.values())) if ready else set()
    done = []
    for index, fresh in ready.items():
        if fresh["number"] in taken:
            taken.discard(str(fresh["number"]))
            fresh.update(revision=1, created_at=act.now, updated_at=act.now)
            done.append(fresh)
        else:
            rejected[index] = FieldError(field="number", message="is on file already", value=str(fresh["number"]))
    if kind.indexed:
        await _name_doubles(act, kind, ready, rejected)
    return Inserted(rows=done, rejected=rejected)


async def _insert(act: Act, kind: Kind, rows: list[dict[str, object]]) -> set[str]:
    """Insert rows and return the numbers that went in; many are first tried as if none were on file."""
    cells = packed(kind, rows)
    if len(rows) >= MANY:
        with suppress(asyncpg.UniqueViolationError):
            async with act.connection.transaction():
                await act.connection.execute(straight(kind), *cells, act.now)
            return {str(row["number"]) for row in rows}
    inserted = await act.connection.fetch(careful(kind), *cells, act.now)
    return {row["number"] for row in inserted}


async def _name_doubles(
    act: Act, kind: Kind, ready: Mapping[int, Mapping[str, object]], rejected: dict[int, FieldError]
) -> None:
    """Say of rows that did not go in whether the number or the identity is on file already."""
    suspects = [str(ready[index]["number"]) for index in rejected if index in ready]
    if not suspects:
        return
    found = await act.connection.fetch(f"SELECT number FROM {kind.table} WHERE number = ANY($1)", suspects)
    numbers = {row["number"] for row in found}
    for index in [index for index in rejected if index in ready]:
        if ready[index]["number"] not in numbers:
            rejected[index] = FieldError(field="national_id", message="is on file already")
