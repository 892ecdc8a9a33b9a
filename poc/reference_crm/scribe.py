"""Scribe: enters what was read into the audit trail, many entries at a time, and says when they are on disk.

A reader is answered only when its entry rests, as if it had written it alone; but those who read at the same moment
share one statement, one commit and one record of the log. While these are written, the next ones gather.
"""

import asyncio
from typing import TypeAlias

from poc.reference_crm import audit
from poc.reference_crm.database import NOBODY, Database

#: So many entries are written at once at most.
MOST = 200

Waiting: TypeAlias = "tuple[tuple[object, ...], asyncio.Future[None]]"


class Scribe:
    """Writes entries in the order in which they were given."""

    def __init__(self, database: Database) -> None:
        """Begin with nothing to write."""
        self._database = database
        self._waiting: list[Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def enter(self, entry: tuple[object, ...]) -> None:
        """Return when an entry (``Entry.values``) is on disk; raises what kept it from being written."""
        loop = asyncio.get_running_loop()
        written = loop.create_future()
        self._waiting.append((entry, written))
        if self._writing is None:
            self._writing = loop.create_task(self._write())
        await written

    async def _write(self) -> None:
        try:
            while self._waiting:
                together, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._settle(together)
        finally:
            self._writing = None

    async def _settle(self, together: list[Waiting]) -> None:
        """Write some entries; where that fails each is tried alone, so that nobody suffers for another's."""
        fault = await self._put([entry for entry, _ in together])
        for entry, written in together:
            own = fault if fault is None or len(together) == 1 else await self._put([entry])
            if written.done():
                continue  # whoever waited has gone
            if own is None:
                written.set_result(None)
            else:
                written.set_exception(own)

    async def _put(self, entries: list[tuple[object, ...]]) -> Exception | None:
        try:
            async with self._database.connection(NOBODY) as connection:
                await audit.write(connection, entries)
        except Exception as fault:
            return fault
        return None
