"""Streaming: the audit followed as it grows, entry by entry in the order of their numbers, none left out."""

import asyncio
import time
from collections.abc import AsyncIterator

from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Desk
from poc.reference_crm.operations.frontier import Frontier
from poc.reference_crm.operations.trail import SELECT
from poc.reference_crm.siem import FORMS

#: So many entries go out at a time, and so long is waited for more.
BATCH, EVERY = 500, 0.25
NEXT = f"{SELECT} WHERE id > $1 AND id <= $2 ORDER BY id LIMIT {BATCH}"


async def begin(desk: Desk, caller: Caller, *, after: int) -> None:
    """Check the right to read the audit and put on record who follows it from where."""
    await desk.authorise(caller, "audit.read", "audit/stream")
    await desk.jot(caller, Entry(action="audit.stream", subject="audit", after={"after": after}))


async def followed(desk: Desk, *, after: int, seconds: float, form: str) -> AsyncIterator[bytes]:
    """Yield lines in a form of SIEM for so long; what is settled goes out within twice the pause."""
    frontier, shape, until = Frontier(), FORMS[form], time.monotonic() + seconds
    while True:
        ends = time.monotonic() >= until
        async with desk.database.connection(NOBODY) as connection:
            settled = await frontier.moved(connection) or 0
            rows = await connection.fetch(NEXT, after, settled) if settled > after else []
        if rows:
            after = rows[-1]["id"]
            yield b"".join(shape(row) + b"\n" for row in rows)
        if ends and len(rows) < BATCH:
            return
        if len(rows) < BATCH:
            await asyncio.sleep(EVERY)
