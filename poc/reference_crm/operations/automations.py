"""Automations: recipes are set up, events start and stop them, and what they did can be read."""

import secrets
from collections.abc import Mapping

from poc.reference_crm.access import Caller
from poc.reference_crm.database import Connection
from poc.reference_crm.desk import Act, Desk
from poc.reference_crm.domain import automation
from poc.reference_crm.domain.calendar import bank_calendar
from poc.reference_crm.operations.firing import RECIPE, fire_due, recipe_of
from poc.reference_crm.problems import missing


async def set_up(desk: Desk, caller: Caller, recipe: Mapping[str, object]) -> dict[str, object]:
    """Put a recipe to work and return its id."""
    async with desk.act(caller, "automation.set_up") as act:
        number = f"Q-{secrets.token_hex(8).upper()}"
        await act.connection.execute(
            "INSERT INTO automations"
            " (id, name, trigger, action, wait_seconds, skip, stop_on, repeat, username, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            number,
            *(recipe[name] for name in ("name", "trigger", "action", "wait_seconds", "skip", "stop_on", "repeat")),
            caller.username,
            act.now,
        )
        act.note("automation.set_up", f"automations/{number}", after=recipe)
        return {"id": number}


async def take_event(desk: Desk, caller: Caller, event: str, customer: str) -> None:
    """Take note that something happened to a customer: ends what waits for that, then starts what it triggers."""
    async with desk.act(caller, "automation.trigger") as act:
        if await act.connection.fetchrow("SELECT FROM customers WHERE number = $1", customer) is None:
            raise missing("customer")
        act.note("automation.event", f"customers/{customer}", after={"event": event})
        await fire_due(act.connection, act.now, customer)
        await _stop(act, event, customer)
        if await _start(act, event, customer):
            await fire_due(act.connection, act.now, customer)


async def _pending(connection: Connection, customer: str) -> dict[str, Mapping[str, object]]:
    """Return the automations that have something waiting for a customer, by id."""
    rows = await connection.fetch(
        f"SELECT a.id, {RECIPE} FROM timers AS t JOIN automations AS a ON a.id = t.automation"
        " WHERE t.customer = $1 AND t.state = 'pending'",
        customer,
    )
    return {row["id"]: row for row in rows}


async def _stop(act: Act, event: str, customer: str) -> None:
    waiting = await _pending(act.connection, customer)
    ended = [number for number, row in waiting.items() if automation.is_stopped(recipe_of(row), event)]
    if ended:
        await act.connection.execute(
            "UPDATE timers SET state = 'stopped' WHERE customer = $1 AND automation = ANY($2) AND state = 'pending'",
            customer,
            ended,
        )


async def _start(act: Act, event: str, customer: str) -> bool:
    waiting = await _pending(act.connection, customer)
    known = await act.connection.fetch(f"SELECT a.id, {RECIPE} FROM automations AS a WHERE a.trigger = $1", event)
    begun = [
        (row["id"], recipe)
        for row in known
        if automation.is_started(recipe := recipe_of(row), event, pending=row["id"] in waiting)
    ]
    await act.connection.execute(
        "INSERT INTO timers (automation, customer, due_at, remaining)"
        " SELECT u.automation, $1, u.due_at, u.remaining"
        " FROM unnest($2::text[], $3::timestamptz[], $4::int[]) AS u(automation, due_at, remaining)"
        " ON CONFLICT (automation, customer) WHERE state = 'pending' DO NOTHING",
        customer,
        [number for number, _ in begun],
        [automation.due(recipe, act.now, bank_calendar()) for _, recipe in begun],
        [recipe.repeat for _, recipe in begun],
    )
    return bool(begun)


async def fired(desk: Desk, caller: Caller, number: str) -> dict[str, object]:
    """Return what an automation did, oldest first, as far as its customers are in the caller's reach."""
    async with desk.act(caller, "automation.fired") as act:
        known = await act.connection.fetchrow("SELECT name FROM automations WHERE id = $1", number)
        if known is None:
            raise missing("automation")
        rows = await act.connection.fetch(
            "SELECT customer, action, at FROM fired WHERE automation = $1 AND sent ORDER BY at, id", number
        )
        act.note("automation.read", f"automations/{number}")
        return {"items": [{"recipe": number, "name": known["name"], **dict(row)} for row in rows]}
