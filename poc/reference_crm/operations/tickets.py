"""Tickets: a clerk pauses, resumes, regrades, resolves and reopens them, and reads how their time stands."""

from collections.abc import Mapping

from poc.reference_crm import catalogue, history
from poc.reference_crm.access import Caller
from poc.reference_crm.desk import Act, Desk
from poc.reference_crm.domain import sla
from poc.reference_crm.operations.ticket_clock import COLUMNS, Ticket, tickets_of, write_events, write_standings
from poc.reference_crm.problems import FieldError, Problem, missing

#: Which member of ``details`` says how an act is meant.
DETAIL = {"pause": "reason", "severity": "severity", "resolve": "root_cause", "reassign": "to"}


async def clock(desk: Desk, caller: Caller, number: str) -> dict[str, object]:
    """Return how a ticket's time stands at this moment."""
    async with desk.act(caller, "ticket.get") as act:
        ticket, _ = (await _read(act, number)).until(act.now)
        act.note("record.read", f"tickets/{number}")
        return ticket.shown(act.now)


async def act_on(
    desk: Desk, caller: Caller, number: str, what: str, details: Mapping[str, object]
) -> dict[str, object]:
    """Do something to a ticket now; what its clock should have done until now is entered first.

    ``details`` holds ``reason`` of a pause, the new ``severity``, the ``root_cause`` found or ``to`` whom it is given.
    """
    async with desk.act(caller, "ticket.act") as act:
        before = await _read(act, number, lock=" FOR UPDATE")
        ticket, moves = before.until(act.now)
        event = sla.Event(at=act.now, act=what, detail=_detail(what, details))
        try:
            event = sla.act_on(ticket.filed, ticket.events, event, sla.bank_policy())
        except sla.ActRefused as refused:
            raise _refusal(refused) from None
        after = ticket.with_events([event])
        entries = [*((number, move, "clock") for move in moves), (number, event, caller.username)]
        await write_events(act.connection, entries)
        await write_standings(act.connection, [(after, True)], act.now)
        await _record(act, desk, before, after, event)
        return after.shown(act.now)


async def _read(act: Act, number: str, *, lock: str = "") -> Ticket:
    row = await act.connection.fetchrow(f"SELECT {COLUMNS} FROM tickets WHERE number = $1{lock}", number)
    if row is None:
        raise missing("ticket")
    return (await tickets_of(act.connection, [dict(row)]))[0]


def _detail(what: str, details: Mapping[str, object]) -> str:
    return str(details.get(DETAIL.get(what, "note")) or "").strip()[:300]


def _refusal(refused: sla.ActRefused) -> Problem:
    reason = "conflict" if refused.field == "status" else "invalid"
    errors = () if reason == "conflict" else (FieldError(field=refused.field, message=refused.detail),)
    return Problem(reason=reason, detail=refused.detail, errors=errors)


async def _record(act: Act, desk: Desk, before: Ticket, after: Ticket, event: sla.Event) -> None:
    was, is_now = before.columns(act.now), after.columns(act.now)
    changed = {name: (was[name], is_now[name]) for name in was if name != "wakes_at" and was[name] != is_now[name]}
    await history.record(
        act.connection,
        desk.vault,
        catalogue.TICKETS,
        after.number,
        str(after.row["branch"]),
        changed,
        caller=act.caller,
        at=event.at,
        source="api",
    )
    act.note(
        "record.update",
        f"tickets/{after.number}",
        before={name: old for name, (old, _) in changed.items()},
        after={"act": event.act} | {name: new for name, (_, new) in changed.items()},
    )
