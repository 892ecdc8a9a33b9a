"""Sealing: the audit trail is sealed in the background, batch by batch, exported, and held against its seals.

Those who write entries never wait for it. A batch ends at a number below which every transaction has come to its end,
so that batches follow each other without gaps: nothing that turns up later under a lower number is genuine.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from poc.reference_crm import digests
from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.checkpoints import Book, Checkpoint, Signer, next_after
from poc.reference_crm.database import NOBODY, Connection
from poc.reference_crm.desk import Desk
from poc.reference_crm.operations.frontier import Frontier
from poc.reference_crm.problems import Problem, invalid
from poc.reference_crm.proof import Proof, verify

LOG = logging.getLogger("reference_crm")
#: So many entries are sealed at a time, and so many digested in one breath (2 ms), so that no request waits for it.
BATCH, BREATH = 4000, 200
NEXT = f"{digests.SELECT} WHERE id > $1 AND id <= $2 ORDER BY id LIMIT {BATCH}"
PAGE = f"{digests.SELECT} WHERE id >= $1 AND id <= $2 ORDER BY id LIMIT {BATCH}"
#: So many entries of the database are verified in one request; an export is verified offline, however long it is.
AT_ONCE = 100_000
#: The highest number that the database can give.
LAST = 2**63 - 1


class Sealer:
    """Seals a trail into a book of checkpoints; there is one for a book."""

    def __init__(self, desk: Desk, book: Book, signer: Signer) -> None:
        """Begin where the book ends."""
        self.desk, self.book, self.signer = desk, book, signer
        self._frontier = Frontier()

    async def seal(self) -> int:
        """Seal what can be sealed by now; return how many entries that were."""
        async with self.desk.database.connection(NOBODY) as connection:
            settled = await self._frontier.moved(connection)
            return 0 if settled is None else await self._up_to(connection, settled)

    async def _up_to(self, connection: Connection, last: int) -> int:
        known = self.book.refresh()
        newest, sealed = known[-1] if known else None, 0
        if newest is not None and newest.last > last:
            LOG.error("the audit trail lost its tail", extra={"facts": {"sealed_to": newest.last, "ends_at": last}})
        while (newest.last if newest else 0) < last:
            rows = await connection.fetch(NEXT, newest.last if newest else 0, last)
            upto = rows[-1]["id"] if len(rows) == BATCH else last
            contents = await _contents(rows)
            at = datetime.now(UTC).isoformat()
            numbers = [row["id"] for row in rows]
            newest = next_after(newest, upto=upto, numbers=numbers, contents=contents, at=at, signer=self.signer)
            await asyncio.to_thread(self.book.append, newest)
            sealed += len(rows)
        return sealed


async def _contents(rows: Sequence[Mapping[str, Any]]) -> list[bytes]:
    contents: list[bytes] = []
    for place in range(0, len(rows), BREATH):
        contents += [digests.content_digest(row) for row in rows[place : place + BREATH]]
        await asyncio.sleep(0)
    return contents


async def keep_sealing(desk: Desk) -> None:
    """Seal again and again until cancelled; a fault is told in the log and tried again."""
    book = book_of(desk)
    try:
        claim = book.held()
    except OSError as fault:
        LOG.error("the audit trail is not sealed", extra={"facts": {"file": str(book.path), "why": str(fault)}})
        return
    with claim:
        sealer = Sealer(desk, book, Signer(desk.settings.master_key_bytes))
        while True:
            try:
                await sealer.seal()
            except Exception:
                LOG.exception("sealing failed", extra={"facts": {"again_in_seconds": desk.settings.seal_seconds}})
            await asyncio.sleep(desk.settings.seal_seconds)


def book_of(desk: Desk) -> Book:
    """Return the book of checkpoints; raises a problem where the trail is not sealed."""
    if desk.book is None:
        raise Problem(reason="unsupported", detail="this installation does not seal its audit trail")
    return desk.book


async def checkpoints(desk: Desk, caller: Caller, *, after: int, limit: int) -> dict[str, object]:
    """Return the signed statements after a number, and the public key; the contents' digests stay in the file."""
    await desk.authorise(caller, "audit.read", "audit/checkpoints")
    book = book_of(desk)
    await desk.jot(caller, Entry(action="audit.read", subject="audit/checkpoints"))
    known = book.refresh()
    return {
        "key": Signer(desk.settings.master_key_bytes).public,
        "kept": book.kept,
        "sealed_to": known[-1].last if known else 0,
        "items": [_shown(one) for one in known if one.number > after][:limit],
    }


def _shown(one: Checkpoint) -> dict[str, object]:
    return {
        "number": one.number,
        "at": one.at,
        "first": one.first,
        "last": one.last,
        "entries": one.entries,
        "statement": one.statement.decode(),
        "signature": one.signature,
        "key": one.key,
    }


async def begin_export(desk: Desk, caller: Caller, *, first: int, last: int | None) -> None:
    """Check the right to read the trail and put the export on record."""
    await desk.authorise(caller, "audit.read", "audit/export")
    await desk.jot(caller, Entry(action="audit.export", subject="audit", after={"first": first, "last": last}))


async def exported(desk: Desk, *, first: int, last: int | None) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield entries as they were sealed, by their numbers, in batches."""
    end = LAST if last is None else last
    async with desk.database.connection(NOBODY) as connection:
        while rows := await connection.fetch(PAGE, first, end):
            yield [dict(row) for row in rows]
            first = rows[-1]["id"] + 1


async def verified(
    desk: Desk, caller: Caller, copy: Sequence[Mapping[str, Any]] | None, *, first: int, last: int | None
) -> Proof:
    """Hold the trail, or a copy of it, against the checkpoints; ``first`` and ``last`` bound what is looked at.

    Without a copy the database is read as it is. Raises invalid if the bounds lie where nothing is sealed yet.
    """
    await desk.authorise(caller, "audit.read", "audit/verification")
    book = book_of(desk)
    await desk.jot(caller, Entry(action="audit.verify", subject="audit", after={"first": first, "last": last}))
    known = book.refresh()
    sealed_to = known[-1].last if known else 0
    if first > sealed_to:
        raise invalid("first", f"lies behind {sealed_to}, the last entry that is sealed")
    end = min(last or sealed_to, sealed_to)
    if copy is None and end - first >= AT_ONCE:
        raise invalid("last", f"lies more than {AT_ONCE:,} entries away: verify in parts, or an export offline")
    if copy is None:
        copy = [entry async for batch in exported(desk, first=first, last=end) for entry in batch]
    entries = [entry if isinstance(entry["at"], str) else {**entry, "at": entry["at"].isoformat()} for entry in copy]
    key = Signer(desk.settings.master_key_bytes).public
    book_lines = list(book.whole(first, end))
    return await asyncio.to_thread(verify, book_lines, entries, key=key, first=first, last=end, complete=first == 1)
