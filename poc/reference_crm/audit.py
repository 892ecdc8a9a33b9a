"""Audit: who did what to what and when, in the same transaction as the act; restricted values masked, secrets never."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import asyncpg

from poc.reference_crm.access import Caller

#: The eleven values of an entry, in the order of ENTRY_SQL.
COLUMNS = "at, who, role, action, subject, origin, before, after, result, trace"
ENTRY_SQL = f"INSERT INTO audit ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"


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
            caller.username or "anonymous",
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


async def write(connection: asyncpg.Connection, rows: list[tuple[object, ...]]) -> None:
    """Put entries into the trail on a connection whose transaction they share."""
    if len(rows) == 1:
        await connection.execute(ENTRY_SQL, *rows[0])
    elif rows:
        await connection.executemany(ENTRY_SQL, rows)


@lru_cache(maxsize=512)
def with_entry(select: str, first: int) -> str:
    """Return a statement that reads and writes one audit entry at once; its values begin at parameter ``first``."""
    types = ("timestamptz", "text", "text", "text", "text", "text", "jsonb", "jsonb", "text", "text")
    values = ", ".join(f"${first + place}::{name}" for place, name in enumerate(types))
    return f"WITH noted AS (INSERT INTO audit ({COLUMNS}) VALUES ({values})) {select}"
