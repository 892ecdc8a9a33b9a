"""Exports: all records of a kind in the caller's reach, one JSON object a line, as a stream."""

from collections.abc import AsyncIterator

from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.desk import Desk
from poc.reference_crm.kinds import Kind

#: So many rows are read at a time; the stream never holds more.
BATCH = 500


async def begin(desk: Desk, caller: Caller, kind: Kind) -> None:
    """Check the right to export and put the export on record, before the first line goes out."""
    await desk.authorise(caller, "customer.export", kind.segment)
    await desk.jot(caller, Entry(action="customer.export", subject=kind.segment))


async def lines(desk: Desk, caller: Caller, kind: Kind) -> AsyncIterator[list[dict[str, object]]]:
    """Yield the records in batches, in the order of their numbers, as of one moment."""
    clear = kind.sealed if caller.role in desk.policy.export_clear else ()
    select = f"SELECT {kind.columns_sql} FROM {kind.table} ORDER BY number"
    count = 0
    try:
        async with (
            desk.database.connection(desk.policy.scope(caller, "customer.export")) as connection,
            connection.transaction(readonly=True),
        ):
            batch: list[dict[str, object]] = []
            async for row in connection.cursor(select, prefetch=BATCH):
                batch.append(desk.gate.shown(kind, row, caller.role, clear=clear))
                if len(batch) == BATCH:
                    count += len(batch)
                    yield batch
                    batch = []
            if batch:
                count += len(batch)
                yield batch
    finally:
        # who hangs up half way has taken along what was sent by then
        await desk.jot(caller, Entry(action="customer.exported", subject=kind.segment, after={"records": count}))
