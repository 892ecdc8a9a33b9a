"""Stacking: many records travel to the database as one text a column, which takes a fraction of an array's encoding."""

from collections.abc import Iterable, Sequence

from poc.reference_crm.kinds import Kind

#: What parts two values and what stands for none: control characters (US, RS) that no checked text may hold.
PART, NONE = "\x1f", "\x1e"

#: The type of a field's column by its form.
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
DERIVED_TYPES = {
    "due_at": "timestamptz",
    "breached": "boolean",
    "escalated_at": "timestamptz",
    "paused_seconds": "int",
    "root_cause": "text",
}


def columns(kind: Kind) -> tuple[tuple[str, str], ...]:
    """Return the columns that an insert fills, with their types."""
    named = [("number", "text"), *((field.name, SQL_TYPES[field.form]) for field in kind.open)]
    if kind.branched and "branch" not in kind.by_name:
        named.append(("branch", "text"))
    if kind.sealed:
        named.append(("sealed", "bytea"))
    named += [(f"{name}_index", "bytea") for name in kind.indexed]
    return (*named, *((name, DERIVED_TYPES[name]) for name in kind.derived))


def stacked(values: Iterable[object]) -> str:
    """Return values as one text; raises ValueError if one holds the mark that parts them."""
    told = [value if value.__class__ is str else _told(value) for value in values]
    text = PART.join(["", *told])
    if text.count(PART) != len(told):
        raise ValueError("a value holds a control character that no checked value may hold")
    return text


def _told(value: object) -> str:
    if value is None:
        return NONE
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def unstacked(parameter: int, form: str = "text") -> str:
    """Return the SQL that makes an array of a stacked parameter again."""
    parts = f"(string_to_array(${parameter}::text, E'\\x1f', E'\\x1e'))[2:]"
    return parts if form == "text" else f"{parts}::{form}[]"


def packed(kind: Kind, rows: Sequence[dict[str, object]]) -> list[object]:
    """Return the parameters of ``insert_sql``: a text a column, bytes as they are."""
    return [
        [row[name] for row in rows] if form == "bytea" else stacked([row[name] for row in rows])
        for name, form in columns(kind)
    ]


def insert_sql(kind: Kind) -> str:
    """Return the statement that inserts packed rows; the parameter after the columns is the business time."""
    named = columns(kind)
    lists = {field.name for field in kind.open if field.form == "texts"}
    names = ", ".join(name for name, _ in named)
    values = ", ".join(
        f"coalesce(string_to_array(nullif(u.{n}, ''), ','), '{{}}')" if n in lists else f"u.{n}" for n, _ in named
    )
    arrays = ", ".join(
        f"${place}::bytea[]" if form == "bytea" else unstacked(place, form)
        for place, (_, form) in enumerate(named, start=1)
    )
    now = f"${len(named) + 1}::timestamptz"
    return (
        f"INSERT INTO {kind.table} ({names}, created_at, updated_at)"
        f" SELECT {values}, {now}, {now} FROM unnest({arrays}) AS u({names})"
    )
