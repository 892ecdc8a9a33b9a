"""Audit: who did what to what and when, in the same transaction as the act; restricted values masked, secrets never."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import asyncpg
import orjson

from poc.reference_crm.access import Caller

#: The ten values of an entry, in the order of ENTRY_SQL.
COLUMNS = "at, who, role, action, subject, origin, before, after, result, trace"
ENTRY_SQL = f"INSERT INTO audit ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
#: The same for many entries: an array a column; values before and after as JSON texts.
ENTRIES_SQL = (
    f"INSERT INTO audit ({COLUMNS})"
    " SELECT at, who, role, action, subject, origin, before::jsonb, after::jsonb, result, trace"
    " FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],"
    f" $8::text[], $9::text[], $10::text[]) AS e({COLUMNS})"
)
BEFORE, AFTER = 6, 7


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
def with_entry(select: str, first: int) -> str:
    """Return a statement that reads and writes one audit entry at once; its values begin at parameter ``first``."""
    types = ("timestamptz", "text", "text", "text", "text", "text", "jsonb", "jsonb", "text", "text")
    values = ", ".join(f"${first + place}::{name}" for place, name in enumerate(types))
    return f"WITH noted AS (INSERT INTO audit ({COLUMNS}) VALUES ({values})) {select}"
