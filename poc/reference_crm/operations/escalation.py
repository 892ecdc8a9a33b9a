"""Escalation: requests whose level kept silent for too long are passed on; silence itself agrees to nothing."""

from datetime import datetime

from poc.reference_crm import audit
from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.database import Connection

CLOCK = Caller(username="clock", role="service", branch="")


async def escalate(connection: Connection, now: datetime) -> int:
    """Mark what is overdue, each at its exact moment; return how many requests that were."""
    rows = await connection.fetch(
        "UPDATE approvals SET escalated_at = due_at WHERE state = 'pending' AND escalated_at IS NULL AND due_at <= $1"
        " RETURNING number, due_at",
        now,
    )
    entries = [(Entry(action="approval.escalate", subject=f"approvals/{row['number']}"), row["due_at"]) for row in rows]
    await audit.write(connection, [entry.values(CLOCK, at) for entry, at in entries])
    return len(rows)
