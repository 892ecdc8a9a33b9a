"""Sweep: does what has fallen due on the business clock: late tickets are escalated, timers act."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from poc.reference_crm import audit
from poc.reference_crm.access import Caller, Scope
from poc.reference_crm.audit import Entry
from poc.reference_crm.database import Connection
from poc.reference_crm.desk import Desk
from poc.reference_crm.domain import sla
from poc.reference_crm.operations.escalation import escalate
from poc.reference_crm.operations.firing import fire_due
from poc.reference_crm.operations.ticket_clock import COLUMNS, Ticket, tickets_of, write_events, write_standings

#: The service's own hand: it reaches every branch and signs as the clock.
EVERYWHERE = Scope(reach="all", branch="", role="integration")
CLOCK = Caller(username="clock", role="service", branch="")

#: So many tickets are worked on at a time, and so many in one breath.
BATCH, BREATH = 200, 20
#: Any number that stands for sweeping: two workers never do it at once.
LOCK = 7_341_001


async def sweep(desk: Desk) -> int:
    """Do everything that is due by now, each at its exact moment; return how many things were done."""
    done = 0
    now = desk.clock.now()
    async with desk.database.transaction(EVERYWHERE) as connection:
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        while batch := await _sleepers(connection, now):
            done += await _wake(connection, batch, now)
        done += await fire_due(connection, now)
        done += await escalate(connection, now)
    return done


async def _sleepers(connection: Connection, now: datetime) -> list[Ticket]:
    rows = await connection.fetch(
        f"SELECT {COLUMNS} FROM tickets WHERE status IN ('open', 'paused') AND (wakes_at IS NULL OR wakes_at < $1)"
        " ORDER BY wakes_at NULLS FIRST LIMIT $2 FOR UPDATE",
        now,
        BATCH,
    )
    return await tickets_of(connection, [dict(row) for row in rows])


async def _wake(connection: Connection, tickets: Sequence[Ticket], now: datetime) -> int:
    woken = []
    for place, ticket in enumerate(tickets):
        if place % BREATH == 0:
            # working out the clocks of thousands takes a while: whoever waits for an answer meanwhile gets it
            await asyncio.sleep(0)
        woken.append(ticket.until(now))
    happened = [(ticket.number, event, CLOCK.username) for ticket, moves in woken for event in moves]
    if happened:
        await write_events(connection, happened)
    await write_standings(connection, [(ticket, bool(moves)) for ticket, moves in woken], now)
    await audit.write(connection, [_entry(number, event) for number, event, _ in happened])
    return len(happened)


def _entry(number: str, event: sla.Event) -> tuple[object, ...]:
    entry = Entry(action=f"ticket.{event.act}", subject=f"tickets/{number}", after={"detail": event.detail})
    return entry.values(CLOCK, event.at)
