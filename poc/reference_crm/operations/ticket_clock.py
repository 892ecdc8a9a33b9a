"""Ticket clock: reads a ticket with all that happened to it, and writes back how it stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from poc.reference_crm.database import Connection
from poc.reference_crm.domain import sla
from poc.reference_crm.domain.calendar import bank_calendar

#: When a ticket wakes that nothing can happen to by itself any more.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
COLUMNS = (
    "number, customer, branch, severity, status, complaint, opened_at, created_at,"
    " due_at, breached, escalated_at, paused_seconds, root_cause"
)
#: act -> the status from which only it leads on: how a ticket was filed is read off the first thing that happened.
CAME_FROM = {"pause": "open", "resume": "paused", "reopen": "closed", "close": "resolved", "resolve": "open"}
#: What the diary calls an act.
DONE = {
    "pause": "paused",
    "resume": "resumed",
    "resolve": "resolved",
    "reopen": "reopened",
    "reassign": "reassigned",
    "severity": "regraded",
    "close": "closed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket as it was filed, and its diary."""

    row: Mapping[str, object]
    filed: sla.Opened
    events: tuple[sla.Event, ...]

    @property
    def number(self) -> str:
        """Return the ticket's number."""
        return str(self.row["number"])

    def with_events(self, more: Iterable[sla.Event]) -> "Ticket":
        """Return the ticket after more has happened."""
        return Ticket(row=self.row, filed=self.filed, events=(*self.events, *more))

    def until(self, now: datetime) -> "tuple[Ticket, list[sla.Event]]":
        """Return the ticket after all that its clock does until ``now``, and what that was."""
        moves = sorted(
            sla.expected(self.filed, self.events, now, sla.bank_policy(), bank_calendar()), key=lambda event: event.at
        )
        return self.with_events(moves), moves

    def standing(self, now: datetime) -> sla.Standing:
        """Return how the ticket stands."""
        return sla.standing(self.filed, self.events, now, sla.bank_policy(), bank_calendar())

    def columns(self, now: datetime) -> dict[str, object]:
        """Return the values that rest with the ticket: standing, and when its clock must next do something."""
        state = self.standing(now)
        wakes = sla.next_move(self.filed, self.events, sla.bank_policy(), bank_calendar())
        return {
            "status": state.status,
            "severity": state.severity,
            "due_at": state.due_at,
            "breached": state.breached,
            "escalated_at": state.escalated_at,
            "paused_seconds": state.paused_seconds,
            "root_cause": state.root_cause,
            "wakes_at": wakes or NEVER,
        }

    def shown(self, now: datetime) -> dict[str, object]:
        """Return the clock as the interface tells it."""
        state = self.standing(now)
        return {
            "number": self.number,
            "due_at": state.due_at,
            "status": state.status,
            "severity": state.severity,
            "breached": state.breached,
            "escalated_at": state.escalated_at,
            "paused_seconds": state.paused_seconds,
            "root_cause": state.root_cause,
            "events": list(self.diary()),
        }

    def diary(self) -> Iterable[str]:
        """Yield what happened, in order: word, moment and detail."""
        yield f"opened {self.filed.opened_at.isoformat()}"
        for event in self.events:
            yield f"{DONE.get(event.act, event.act)} {event.at.isoformat()} {event.detail}".rstrip()


def ticket_of(row: Mapping[str, object], events: Sequence[sla.Event]) -> Ticket:
    """Put a ticket together; its status at filing follows from the first thing that happened to it."""
    first = next((CAME_FROM[event.act] for event in events if event.act in CAME_FROM), str(row["status"]))
    opened_at, filed_at = row["opened_at"], row["created_at"]
    assert isinstance(opened_at, datetime)
    assert isinstance(filed_at, datetime)
    filed = sla.Opened(
        opened_at=opened_at,
        severity=str(row["severity"]),
        complaint=bool(row["complaint"]),
        status=first,
        filed_at=filed_at,
    )
    return Ticket(row=row, filed=filed, events=tuple(events))


async def tickets_of(connection: Connection, rows: Sequence[Mapping[str, object]]) -> list[Ticket]:
    """Read the diaries of tickets whose rows are known."""
    diaries: dict[str, list[sla.Event]] = {str(row["number"]): [] for row in rows}
    told = await connection.fetch(
        "SELECT ticket, at, act, detail FROM ticket_events WHERE ticket = ANY($1) ORDER BY id", list(diaries)
    )
    for event in told:
        diaries[event["ticket"]].append(sla.Event(at=event["at"], act=event["act"], detail=event["detail"]))
    return [ticket_of(row, diaries[str(row["number"])]) for row in rows]


async def write_events(connection: Connection, happened: Sequence[tuple[str, sla.Event, str]]) -> None:
    """Enter events into diaries: ticket, event and who did it."""
    await connection.execute(
        "INSERT INTO ticket_events (ticket, at, act, detail, who)"
        " SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[])",
        [number for number, _, _ in happened],
        [event.at for _, event, _ in happened],
        [event.act for _, event, _ in happened],
        [event.detail for _, event, _ in happened],
        [who for _, _, who in happened],
    )


WRITE_STANDINGS = """
UPDATE tickets AS t SET status = u.status, severity = u.severity, due_at = u.due_at, breached = u.breached,
  escalated_at = u.escalated_at, paused_seconds = u.paused_seconds, root_cause = u.root_cause, wakes_at = u.wakes_at,
  revision = t.revision + u.moved, updated_at = CASE WHEN u.moved = 1 THEN $11 ELSE t.updated_at END
FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::boolean[], $6::timestamptz[], $7::int[],
  $8::text[], $9::timestamptz[], $10::int[]) AS u(number, status, severity, due_at, breached, escalated_at,
  paused_seconds, root_cause, wakes_at, moved)
WHERE t.number = u.number"""


async def write_standings(connection: Connection, tickets: Sequence[tuple[Ticket, bool]], now: datetime) -> None:
    """Write back how tickets stand; a ticket that something happened to gets a new version."""
    columns = [ticket.columns(now) for ticket, _ in tickets]
    names = (
        "status", "severity", "due_at", "breached", "escalated_at", "paused_seconds", "root_cause", "wakes_at",
    )  # fmt: skip
    await connection.execute(
        WRITE_STANDINGS,
        [ticket.number for ticket, _ in tickets],
        *[[one[name] for one in columns] for name in names],
        [int(moved) for _, moved in tickets],
        now,
    )
