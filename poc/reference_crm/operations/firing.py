"""Firing: what automations have waiting is done when its moment has come, in the order of their moments."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from poc.reference_crm import audit
from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.database import Connection
from poc.reference_crm.domain import automation
from poc.reference_crm.domain.automation import Recipe
from poc.reference_crm.domain.calendar import bank_calendar

AUTOMAT = Caller(username="automation", role="service", branch="")
RECIPE = "a.trigger, a.action, a.wait_seconds, a.skip, a.stop_on, a.repeat"

DUE = f"""
SELECT t.id, t.automation, t.customer, t.due_at, t.remaining, {RECIPE}
FROM timers AS t JOIN automations AS a ON a.id = t.automation
WHERE t.state = 'pending' AND t.due_at <= $1 AND ($2::text IS NULL OR t.customer = $2)
ORDER BY t.due_at, t.id FOR UPDATE OF t"""

#: The last word on marketing by channel, and whether processing is restricted.
REACHABLE = """
SELECT c.number, c.restricted, w.granted FROM customers AS c LEFT JOIN (
  SELECT DISTINCT ON (customer, channel) customer, granted FROM consents
  WHERE purpose = 'marketing' AND customer = ANY($1) ORDER BY customer, channel, at DESC, number DESC
) AS w ON w.customer = c.number WHERE c.number = ANY($1)"""


def recipe_of(row: Mapping[str, object]) -> Recipe:
    """Return the recipe that a row of automations holds."""
    skip, wait, repeat = row["skip"], row["wait_seconds"], row["repeat"]
    assert isinstance(skip, list)
    assert isinstance(wait, int)
    assert isinstance(repeat, int)
    return Recipe(
        trigger=str(row["trigger"]),
        action=str(row["action"]),
        wait=timedelta(seconds=wait),
        skip=frozenset(skip),
        stop_on=None if row["stop_on"] is None else str(row["stop_on"]),
        repeat=repeat,
    )


async def fire_due(connection: Connection, now: datetime, customer: str | None = None) -> int:
    """Do all that is due by ``now``, for everybody or one customer; repeats that fall due meanwhile as well."""
    done = 0
    while timers := await connection.fetch(DUE, now, customer):
        reach = await _reach(connection, list({timer["customer"] for timer in timers}))
        acted = [(timer, _may(timer, reach)) for timer in timers]
        await _write_fired(connection, acted)
        await _wind_up(connection, timers)
        done += len(timers)
    return done


async def _reach(connection: Connection, customers: list[str]) -> dict[str, tuple[bool, bool]]:
    """Return for each customer on file whether they consented to marketing, and whether processing is restricted."""
    reach: dict[str, tuple[bool, bool]] = {}
    for row in await connection.fetch(REACHABLE, customers):
        consented = automation.is_consented(row["granted"]) or reach.get(row["number"], (False, False))[0]
        reach[row["number"]] = (consented, row["restricted"])
    return reach


def _may(timer: Mapping[str, object], reach: Mapping[str, tuple[bool, bool]]) -> bool:
    customer = str(timer["customer"])
    if customer not in reach:
        return False
    consented, restricted = reach[customer]
    return automation.may_act(str(timer["action"]), consented=consented, restricted=restricted)


async def _write_fired(connection: Connection, acted: Sequence[tuple[Mapping[str, object], bool]]) -> None:
    await connection.execute(
        "INSERT INTO fired (automation, customer, action, at, sent)"
        " SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::boolean[])",
        [timer["automation"] for timer, _ in acted],
        [timer["customer"] for timer, _ in acted],
        [timer["action"] for timer, _ in acted],
        [timer["due_at"] for timer, _ in acted],
        [sent for _, sent in acted],
    )
    await audit.write(connection, [_entry(timer, sent) for timer, sent in acted])


def _entry(timer: Mapping[str, object], sent: bool) -> tuple[object, ...]:
    at = timer["due_at"]
    assert isinstance(at, datetime)
    entry = Entry(
        action="automation.fired",
        subject=f"customers/{timer['customer']}",
        after={"automation": timer["automation"], "action": timer["action"]},
        result="ok" if sent else "withheld",
    )
    return entry.values(AUTOMAT, at)


async def _wind_up(connection: Connection, timers: Sequence[Mapping[str, object]]) -> None:
    """Set each timer to its next moment, or end it."""
    ids, moments, left = [], [], []
    for timer in timers:
        due_at, remaining = timer["due_at"], timer["remaining"]
        assert isinstance(due_at, datetime)
        assert isinstance(remaining, int)
        ids.append(timer["id"])
        left.append(remaining - 1)
        moments.append(automation.due(recipe_of(timer), due_at, bank_calendar()) if remaining > 1 else due_at)
    await connection.execute(
        "UPDATE timers AS t SET due_at = u.due_at, remaining = u.remaining,"
        " state = CASE WHEN u.remaining > 0 THEN 'pending' ELSE 'done' END"
        " FROM unnest($1::bigint[], $2::timestamptz[], $3::int[]) AS u(id, due_at, remaining) WHERE t.id = u.id",
        ids,
        moments,
        left,
    )
