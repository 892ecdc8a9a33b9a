"""Clockwork: the business clock read, and moved forward where the service runs on trial; what falls due is done."""

import asyncio
import logging
from datetime import datetime, timedelta

from poc.reference_crm.access import Caller
from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Desk
from poc.reference_crm.operations.housekeeping import tidy
from poc.reference_crm.operations.sweep import sweep
from poc.reference_crm.problems import Problem

LOG = logging.getLogger("reference_crm")
#: Any number that stands for moving the clock.
LOCK = 7_341_002
KEEP = (
    "INSERT INTO state (name, value) VALUES ('clock_ahead_seconds', $1)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


async def advance(desk: Desk, caller: Caller, seconds: float) -> datetime:
    """Move the trial clock forward, do all that falls due on the way, and return the new time."""
    await desk.authorise(caller, "clock.move")
    if not desk.clock.trial:
        raise Problem(
            reason="unsupported", detail="the clock moves only in a service that was started with --trial-clock"
        )
    async with desk.act(caller, "clock.move", scope=NOBODY) as act:
        # two who move it at once move it one after the other, whichever process they asked
        await act.connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        desk.clock.move(timedelta(seconds=seconds))
        await act.connection.execute(KEEP, str(desk.clock.ahead.total_seconds()))
        act.note("config.change", "clock", after={"advance_seconds": seconds})
    await sweep(desk)
    return desk.clock.now()


async def beat(desk: Desk, every: float = 15.0) -> None:
    """Do what falls due, again and again until cancelled; a fault is told in the log and tried again."""
    while True:
        await asyncio.sleep(every)
        try:
            await sweep(desk)
            await tidy(desk)
        except Exception:
            LOG.exception("sweep failed", extra={"facts": {"again_in_seconds": every}})
