"""Housekeeping: throws away what nobody needs any more: old sessions, idempotency keys, unmaskings; adds counts up."""

from datetime import UTC, datetime, timedelta

from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Desk

#: How long a reply is kept under its idempotency key, and an unmasking is remembered (it counts for an hour).
KEPT, COUNTED = timedelta(hours=24), timedelta(hours=2)


async def tidy(desk: Desk) -> None:
    """Throw away what is past, and add up what was counted; sessions go by the system's time, the rest by the clock."""
    oldest = datetime.now(UTC) - timedelta(seconds=desk.settings.absolute_seconds + desk.settings.refresh_seconds)
    now = desk.clock.now()
    async with desk.database.transaction(NOBODY) as connection:
        await connection.execute("DELETE FROM sessions WHERE created_at < $1", oldest)
        await connection.execute("DELETE FROM keyed_replies WHERE at < $1", now - KEPT)
        await connection.execute("DELETE FROM unmaskings WHERE at < $1", now - COUNTED)
        await connection.execute("SELECT fold_customer_tallies()")
