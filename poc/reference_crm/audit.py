"""Audit: who did what to what and when, in the same transaction as the act; restricted values masked, secrets never."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

import asyncpg
import orjson

from poc.reference_crm.access import Caller

#: The ten values of an entry in the order of ENTRY_SQL, with their types.
FORMS: Mapping[str, str] = MappingProxyType(
    {
        "at": "timestamptz",
        "who": "text",
        "role": "text",
        "action": "text",
        "subject": "text",
        "origin": "text",
        "before": "jsonb",
        "after": "jsonb",
        "result": "text",
        "trace": "text",
    }
)
NAMES = tuple(FORMS)
COLUMNS = ", ".join(NAMES)
ENTRY_SQL = f"INSERT INTO audit ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
#: The same for many entries: an array a column; values before and after as JSON texts.
ENTRIES_SQL = (
    f"INSERT INTO audit ({COLUMNS})"
    " SELECT at, who, role, action, subject, origin, before::jsonb, after::jsonb, result, trace"
    " FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],"
    f" $8::text[], $9::text[], $10::text[]) AS e({COLUMNS})"
)
BEFORE, AFTER = NAMES.index("before"), NAMES.index("after")
#: The column by which the answers to some who asked together are told apart.
TURN = "turn"
#: A parameter of a statement, and the value of whoever asks it together with others.
PARAMETER, VALUE = re.compile(r"\$(\d+)"), r"asked.v\1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: ``subject`` is ``kind/number`` or what else was acted on; ``before`` and ``after`` are masked."""

    action: str
    subject: str
    before: Mapping[str, object] | None = None
    after: Mapping[str, object] | None = None
    result: str = "ok"

    def values(self, caller: Caller, at: datetime) -> tuple[object, ...]:
        """Return the values of the row."""
        return (
            at,
            caller.author or "anonymous",
            caller.role,
            self.action,
            self.subject,
            caller.origin,
            _plain(self.before),
            _plain(self.after),
            self.result,
            caller.trace,
        )


def _plain(values: Mapping[str, object] | None) -> dict[str, object] | None:
    if values is None:
        return None
    kept = (bool, int, float, str, list, dict, type(None))
    return {name: value if isinstance(value, kept) else str(value) for name, value in values.items()}


async def write(connection: asyncpg.Connection, rows: Sequence[tuple[object, ...]]) -> None:
    """Put entries into the trail on a connection whose transaction they share; without one they share their own."""
    if len(rows) == 1:
        await connection.execute(ENTRY_SQL, *rows[0])
    elif rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        for place in (BEFORE, AFTER):
            columns[place] = [None if value is None else orjson.dumps(value).decode() for value in columns[place]]
        await connection.execute(ENTRIES_SQL, *columns)


@lru_cache(maxsize=512)
def with_entries(select: str, types: Sequence[str]) -> str:
    """Return a statement that answers some who ask ``select``, each with values of these types, and enters them.

    Its only parameter is a JSON array with an object for each of them: the columns of the entry, the values ``v1`` ...
    ``vn`` and ``turn``, which the rows of the answer are told apart by.
    """
    columns = ", ".join((*(f"{name} {form}" for name, form in FORMS.items()), f"{TURN} int"))
    values = "".join(f", v{place} {form}" for place, form in enumerate(types, start=1))
    # OFFSET 0: the statement is asked for one after the other as it stands, and not joined into another
    return (
        f"WITH asked AS (SELECT * FROM json_to_recordset($1::text::json) AS a({columns}{values})),"
        f" noted AS (INSERT INTO audit ({COLUMNS}) SELECT {COLUMNS} FROM asked)"
        f" SELECT asked.{TURN}, answer.* FROM asked, LATERAL ({PARAMETER.sub(VALUE, select)} OFFSET 0) AS answer"
    )
