"""Inserts: puts one or many checked records of a kind on file with one statement, for creation and bulk load alike."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from poc.reference_crm.catalogue import KINDS
from poc.reference_crm.desk import Act, Desk
from poc.reference_crm.kinds import Field, Kind
from poc.reference_crm.masking import place
from poc.reference_crm.operations.prepare import prepared
from poc.reference_crm.problems import FieldError

SQL_TYPES = {
    "text": "text",
    "date": "date",
    "moment": "timestamptz",
    "money": "numeric",
    "units": "numeric",
    "share": "numeric",
    "flag": "boolean",
    "texts": "text",
}
EMPTY = "''"
DERIVED_TYPES = {
    "due_at": "timestamptz",
    "breached": "boolean",
    "escalated_at": "timestamptz",
    "paused_seconds": "int",
    "root_cause": "text",
}


@dataclass(slots=True, kw_only=True)
class Inserted:
    """What came of inserting rows: those on file now, and by place in the call what is wrong with the others."""

    rows: list[dict[str, object]]
    rejected: dict[int, FieldError]


def new_number(kind: Kind) -> str:
    """Return a number that nobody has: the kind's letter and 60 random bits."""
    return f"{kind.prefix}-{secrets.token_hex(8)[:15].upper()}"


@cache
def columns(kind: Kind) -> tuple[tuple[str, str], ...]:
    """Return the columns that an insert fills, with their types."""
    named = [("number", "text"), *((field.name, SQL_TYPES[field.form]) for field in kind.open)]
    if kind.branched and "branch" not in kind.by_name:
        named.append(("branch", "text"))
    if kind.sealed:
        named.append(("sealed", "bytea"))
    named += [(f"{name}_index", "bytea") for name in kind.indexed]
    return (*named, *((name, DERIVED_TYPES[name]) for name in kind.derived))


@cache
def insert_sql(kind: Kind) -> str:
    """Return the statement that inserts arrays of columns and tells which numbers went in."""
    named = columns(kind)
    lists = {field.name for field in kind.open if field.form == "texts"}
    names = ", ".join(name for name, _ in named)
    values = ", ".join(
        f"coalesce(string_to_array(nullif(u.{n}, ''), ','), '{{}}')" if n in lists else f"u.{n}" for n, _ in named
    )
    arrays = ", ".join(f"${place}::{form}[]" for place, (_, form) in enumerate(named, start=1))
    now = f"${len(named) + 1}::timestamptz"
    return (
        f"INSERT INTO {kind.table} ({names}, created_at, updated_at)"
        f" SELECT {values}, {now}, {now} FROM unnest({arrays}) AS u({names})"
        f" ON CONFLICT DO NOTHING RETURNING number"
    )


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


def _mentioned(field: Field, row: Mapping[str, object]) -> Sequence[str]:
    value = row.get(field.name)
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    return [str(value)] if value is not None else []


async def _known(act: Act, kind: Kind, rows: Sequence[Mapping[str, object]]) -> dict[str, dict[str, str]]:
    """Return, by referring field, the branch of every number that is on file and in reach."""
    known: dict[str, dict[str, str]] = {}
    for field in kind.fields:
        if field.refers:
            numbers = list({number for row in rows for number in _mentioned(field, row)})
            known[field.name] = await _branches(act, field.refers, numbers) if numbers else {}
            if kind.segment in field.refers:
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
    for field in kind.fields:
        if field.refers:
            for number in _mentioned(field, row):
                if number not in known[field.name]:
                    return FieldError(field=field.name, message="refers to nothing on file", value=number)
    return None


def _place_of(kind: Kind, row: dict[str, object], known: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    if kind.parent is None:
        return row
    return row | {"branch": known[kind.parent][str(row[kind.parent])]}


async def insert_rows(act: Act, desk: Desk, kind: Kind, rows: Sequence[Mapping[str, object]]) -> Inserted:
    """Put checked records on file; those that refer to nothing or are on file already are returned as rejected."""
    numbered = [{**row, "number": row.get("number") or new_number(kind)} for row in rows]
    known = await _known(act, kind, numbered)
    rejected: dict[int, FieldError] = {}
    ready: dict[int, dict[str, object]] = {}
    for index, row in enumerate(numbered):
        wrong = _unknown(kind, row, known)
        if wrong is not None:
            rejected[index] = wrong
        else:
            ready[index] = prepared(kind, sealed_row(desk, kind, _place_of(kind, row, known)), act.now)
    taken = await _insert(act, kind, list(ready.values())) if ready else set()
    done = []
    for index, row in ready.items():
        if row["number"] in taken:
            taken.discard(str(row["number"]))
            done.append(row | {"revision": 1, "created_at": act.now, "updated_at": act.now})
        else:
            rejected[index] = FieldError(field="number", message="is on file already", value=str(row["number"]))
    if kind.indexed:
        await _name_doubles(act, kind, ready, rejected)
    return Inserted(rows=done, rejected=rejected)


async def _insert(act: Act, kind: Kind, rows: list[dict[str, object]]) -> set[str]:
    arrays = [[_cell(row[name]) for row in rows] for name, _ in columns(kind)]
    inserted = await act.connection.fetch(insert_sql(kind), *arrays, act.now)
    return {row["number"] for row in inserted}


def _cell(value: object) -> object:
    return ",".join(str(one) for one in value) if isinstance(value, list | tuple) else value


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
