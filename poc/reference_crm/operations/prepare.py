"""Prepare: what the service itself adds to a record when it is put on file."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from poc.reference_crm.domain import sla
from poc.reference_crm.domain.calendar import bank_calendar
from poc.reference_crm.kinds import Kind

#: What a derived column holds when a record is new.
NEW: Mapping[str, object] = MappingProxyType({"breached": False, "paused_seconds": 0})


def prepared(kind: Kind, row: dict[str, object], now: datetime) -> dict[str, object]:
    """Return a checked record with its derived columns; ``now`` is the business time."""
    if not kind.derived:
        return row
    derive = DERIVE[kind.segment]
    return row | {name: NEW.get(name) for name in kind.derived} | derive(row, now)


def new_ticket(row: Mapping[str, object], now: datetime) -> dict[str, object]:
    """Return when a ticket is due and whether it is late already."""
    opened_at = row["opened_at"]
    assert isinstance(opened_at, datetime)
    ticket = sla.Opened(
        opened_at=opened_at,
        severity=str(row["severity"]),
        complaint=bool(row.get("complaint")),
        status=str(row["status"]),
    )
    state = sla.standing(ticket, (), now, sla.bank_policy(), bank_calendar())
    return {"due_at": state.due_at, "breached": state.breached}


DERIVE: Mapping[str, Callable[[Mapping[str, object], datetime], dict[str, object]]] = MappingProxyType(
    {"tickets": new_ticket}
)
