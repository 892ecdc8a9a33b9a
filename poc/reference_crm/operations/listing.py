"""Listing: pages of records, filtered and sorted by what the caller may see; a cursor survives inserts."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from operator import itemgetter

import orjson

from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.desk import Desk
from poc.reference_crm.kinds import Field, Kind
from poc.reference_crm.masking import Row
from poc.reference_crm.memory import FEWEST
from poc.reference_crm.operations.stacking import SQL_TYPES
from poc.reference_crm.problems import FieldError, Problem, invalid

COMPARE = {"gt": ">", "lt": "<", "gte": ">=", "lte": "<="}
#: Takes number and version out of a row.
VERSION = itemgetter("number", "written_by")
NUMBER_FIELD = Field(name="number", longest=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list should hold: conditions (field, comparison, text), a sort field with direction, size and cursor."""

    where: Sequence[tuple[str, str, str]]
    sort: str
    descending: bool
    limit: int
    cursor: str | None


def wanted(kind: Kind, query: Mapping[str, str], limit: int, sort: str | None, cursor: str | None) -> Wanted:
    """Read the filters of a query; every parameter is a field or field__gt, __lt, __gte, __lte."""
    where = []
    for name, value in query.items():
        field, joint, comparison = name.partition("__")
        if joint and comparison not in COMPARE:
            raise invalid(name[:60], "compares by __gt, __gte, __lt or __lte only")
        where.append((field, COMPARE.get(comparison, "="), value))
    descending = bool(sort and sort.startswith("-"))
    return Wanted(where=where, sort=(sort or "number").lstrip("-"), descending=descending, limit=limit, cursor=cursor)


async def page(desk: Desk, caller: Caller, kind: Kind, want: Wanted) -> dict[str, object]:
    """Return a page: items as the caller may see them, and the cursor of the next page or None."""
    exact = [name for name, _, _ in want.where if name in kind.sealed]
    if exact:
        return await _found(desk, caller, kind, want, exact[0])
    await desk.authorise(caller, f"{kind.noun}.list", kind.segment)
    sort = _sorted_by(desk, caller, kind, want.sort)
    conditions, values = _conditions(desk, caller, kind, want)
    if want.cursor is not None:
        conditions.append(_after(kind, want, sort, values))
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    way = "DESC" if want.descending else "ASC"
    order = f"number {way}" if sort.name == "number" else f"{sort.name} {way}, number {way}"
    versions = want.limit >= FEWEST and desk.gate.covers(kind, caller.role)
    columns = ", ".join(dict.fromkeys(("number", sort.name, "xmin AS written_by"))) if versions else kind.columns_sql
    select = f"SELECT {columns} FROM {kind.table}{where} ORDER BY {order} LIMIT {want.limit + 1}"
    entry = Entry(
        action=f"{kind.noun}.list", subject=kind.segment, after={"fields": sorted({n for n, _, _ in want.where})}
    )
    rows = await desk.read(caller, f"{kind.noun}.list", select, values, entry)
    items = await (_recalled if versions else _shown)(desk, caller, kind, rows[: want.limit])
    last = rows[want.limit - 1] if len(rows) > want.limit else None
    return {"items": items, "next": None if last is None else _cursor(kind, want, last[sort.name], last["number"])}


async def _shown(desk: Desk, caller: Caller, kind: Kind, rows: Sequence[Row]) -> list[dict[str, object]]:
    return [desk.gate.shown(kind, row, caller.role) for row in rows]


async def _recalled(desk: Desk, caller: Caller, kind: Kind, versions: Sequence[Row]) -> list[dict[str, object]]:
    """Return the records whose numbers and versions were read; what is not remembered is read now."""
    recall = partial(desk.memory.recall, kind.segment, caller.role)
    known = {number: recall(number, version) for number, version in map(VERSION, versions)}
    unknown = [number for number, record in known.items() if record is None]
    if unknown:
        select = f"SELECT {kind.columns_sql}, xmin AS written_by FROM {kind.table} WHERE number = ANY($1)"
        async with desk.database.connection(desk.policy.scope(caller, f"{kind.noun}.list")) as connection:
            rows = await connection.fetch(select, unknown)
        for row in rows:
            number, version = VERSION(row)
            values = {name: row[name] for name in kind.read_columns}
            record = known[number] = desk.gate.shown(kind, values, caller.role)
            desk.memory.keep(kind.segment, caller.role, number, version, record)
    # what was taken off in the very moment between is not there any more
    return [record for record in known.values() if record is not None]


async def _found(desk: Desk, caller: Caller, kind: Kind, want: Wanted, name: str) -> dict[str, object]:
    """Look up by the exact value of a restricted field, through its blind index."""
    await desk.authorise(caller, f"{kind.noun}.find", kind.segment)
    _, comparison, value = next(one for one in want.where if one[0] == name)
    if name not in kind.indexed or comparison != "=" or len(want.where) > 1 or want.cursor:
        await desk.deny(caller, f"{kind.noun}.list", f"{kind.segment}?{name}")
        raise Problem(
            reason="forbidden", detail=f"{name} is restricted: it can be looked up exactly and alone, if at all"
        )
    select = f"SELECT {kind.columns_sql} FROM {kind.table} WHERE {name}_index = $1 ORDER BY number LIMIT {want.limit}"
    entry = Entry(action=f"{kind.noun}.find", subject=kind.segment, after={"fields": [name]})
    digest = desk.vault.blind(kind.table, name, value)
    rows = await desk.read(caller, f"{kind.noun}.find", select, (digest,), entry)
    return {"items": [desk.gate.shown(kind, row, caller.role) for row in rows], "next": None}


def visible(desk: Desk, caller: Caller, kind: Kind, name: str) -> Field:
    """Return a field that a caller may filter, sort or group by; raises forbidden or invalid."""
    if name == "number":
        return NUMBER_FIELD
    field = kind.by_name.get(name)
    if field is None:
        raise invalid(name[:60], "is no field of this kind")
    if field.sealed:
        raise Problem(reason="forbidden", detail=f"{name} is restricted: nothing can be ordered or compared by it")
    if kind.sealed and caller.role in desk.policy.hidden and name not in desk.policy.hidden_sees:
        raise Problem(reason="forbidden", detail=f"{name} is not shown to your role")
    return field


def _sorted_by(desk: Desk, caller: Caller, kind: Kind, name: str) -> Field:
    field = visible(desk, caller, kind, name)
    if field.optional or field.form == "texts":
        raise invalid("sort", f"cannot be {name}: it may be empty")
    return field


def _conditions(desk: Desk, caller: Caller, kind: Kind, want: Wanted) -> tuple[list[str], list[object]]:
    conditions, values = [], []
    for name, comparison, text in want.where:
        field = visible(desk, caller, kind, name)
        values.append(read(field, text))
        if field.form == "texts":
            conditions.append(f"${len(values)} = ANY({name})")
        else:
            conditions.append(f"{name} {comparison} ${len(values)}::{SQL_TYPES[field.form]}")
    return conditions, values


def read(field: Field, text: str) -> object:
    """Return the value that a filter's text stands for; raises invalid."""
    try:
        if field.form == "date":
            return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar day
        if field.form == "moment":
            return _moment(text)
        if field.form in ("money", "units", "share"):
            return _number(text)
        if field.form == "flag":
            return {"true": True, "false": False}[text]
    except (ValueError, KeyError, InvalidOperation) as bad:
        raise invalid(field.name, f"is no {field.form}", text[:60]) from bad
    if "\x00" in text or len(text) > 400:
        raise invalid(field.name, "holds what no value can hold")
    return text


def _number(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite() or value.adjusted() > 30:
        raise ValueError("out of range")
    return value


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not 1900 <= moment.year <= 2200:
        raise ValueError("needs an offset, and a year between 1900 and 2200")
    return moment


def _signature(kind: Kind, want: Wanted) -> str:
    return orjson.dumps([kind.segment, want.sort, want.descending, list(want.where)]).decode()


def _cursor(kind: Kind, want: Wanted, value: object, number: str) -> str:
    data = orjson.dumps([_signature(kind, want), value, number], default=str)
    return base64.urlsafe_b64encode(data).decode()


def _after(kind: Kind, want: Wanted, sort: Field, values: list[object]) -> str:
    try:
        signature, value, number = orjson.loads(base64.urlsafe_b64decode((want.cursor or "").encode("ascii")))
        if signature != _signature(kind, want) or not isinstance(number, str):
            raise ValueError("made for another list")
        start = value if isinstance(value, bool) else read(sort, str(value))
    except (ValueError, TypeError, binascii.Error, Problem) as bad:
        raise Problem(
            reason="invalid",
            detail="cursor is not one that this list gave: begin again without it",
            errors=(FieldError(field="cursor", message="is not valid here"),),
        ) from bad
    sign = "<" if want.descending else ">"
    if sort.name == "number":
        values.append(number)
        return f"number {sign} ${len(values)}"
    values += [start, number]
    return f"({sort.name}, number) {sign} (${len(values) - 1}::{SQL_TYPES[sort.form]}, ${len(values)})"
