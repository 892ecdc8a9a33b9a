"""Frontier: up to which entry the audit trail is settled: nothing will ever turn up at or below it any more.

Entries get their numbers when they are written and show up when their transaction ends, so a lower number may show up
later. The highest number seen is settled once every transaction has ended that was under way when it was seen.
"""

from typing import NamedTuple

from poc.reference_crm.database import Connection

#: The highest number, and the first transaction that had not begun when it was read.
HORIZON = (
    "SELECT coalesce(max(id), 0) AS last, pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS begun FROM audit"
)
OVER = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


class Horizon(NamedTuple):
    """A number of the trail, and the first transaction that had not begun when it was the highest."""

    last: int
    begun: int


class Frontier:
    """Moves on each time it is looked at; each user has one of its own."""

    def __init__(self) -> None:
        """Begin with nothing settled."""
        self._waiting: Horizon | None = None

    async def moved(self, connection: Connection) -> int | None:
        """Return the number that is settled since the last look, None if those of that time are still at it."""
        waiting = self._waiting
        if waiting is not None and await connection.fetchval(OVER) < waiting.begun:
            return None
        self._waiting = Horizon(*await connection.fetchrow(HORIZON))
        return waiting.last if waiting else None
