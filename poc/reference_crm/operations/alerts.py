"""Alerts: the trail is watched while it grows; what a rule takes for misuse is told within seconds, and stopped."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import orjson

from poc.reference_crm import audit
from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.database import NOBODY, Connection
from poc.reference_crm.desk import Desk
from poc.reference_crm.domain.misuse import LOOKS, WATCHED, Alarm, Deed, Rule, Watch, amended, rule, written
from poc.reference_crm.operations.sweep import EVERYWHERE
from poc.reference_crm.problems import missing

LOG = logging.getLogger("reference_crm")
GUARD = Caller(username="guard", role="service", branch="")
#: Seconds between two looks at the trail, so many entries at a time, and so many of the past at the start.
LOOK, BATCH, PAST = 1.0, 2_000, 5_000
FRESH = (
    "SELECT id, at, who, action, subject, after FROM audit WHERE id > $1 AND (action = ANY($2)) AND who <> 'anonymous'"
    " ORDER BY id LIMIT $3"
)
PEOPLE = "SELECT username, branch, leaves_on FROM users WHERE username = ANY($1)"
CUSTOMERS = "SELECT number, branch, tier FROM customers WHERE number = ANY($1)"
TELL = "INSERT INTO alerts (rule, says, who, at, told_at, count, stopped) VALUES ($1, $2, $3, $4, $5, $6, $7)"
SET = "SELECT value FROM state WHERE name = 'alert_rules'"
KEEP = (
    "INSERT INTO state (name, value) VALUES ('alert_rules', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
SHOWN = "id, rule, says, who, at, told_at, count, stopped"


async def rules(connection: Connection) -> dict[str, Rule]:
    """Return the rules in force: the file's, and in their place what was set over the interface."""
    told = await connection.fetchval(SET)
    changed = orjson.loads(told) if told else {}
    return {**written(), **{name: rule(name, settings) for name, settings in changed.items()}}


async def everyone(desk: Desk, caller: Caller) -> list[dict[str, object]]:
    """Return the rules in force."""
    async with desk.act(caller, "alert.set_up", scope=NOBODY) as act:
        known = await rules(act.connection)
        act.note("alert.set_up", "alert-rules", result="ok")
        return [asdict(one) for one in known.values()]


async def set_rule(desk: Desk, caller: Caller, name: str, told: Mapping[str, object]) -> dict[str, object]:
    """Replace settings of a rule; counting begins anew under it."""
    async with desk.act(caller, "alert.set_up", subject=f"alert-rules/{name}", scope=NOBODY) as act:
        await act.connection.execute("SELECT pg_advisory_xact_lock(7341003)")
        known = await rules(act.connection)
        if name not in known:
            raise missing("rule")
        before = known[name]
        known[name] = amended(before, told)
        stored = {key: {k: v for k, v in asdict(one).items() if k != "name"} for key, one in known.items()}
        await act.connection.execute(KEEP, orjson.dumps(stored).decode())
        act.note("config.change", f"alert-rules/{name}", before=asdict(before), after=asdict(known[name]))
        return asdict(known[name])


async def read(desk: Desk, caller: Caller, since: datetime | None) -> list[dict[str, object]]:
    """Return the newest alerts, oldest first; ``since`` the moment at which they were told."""
    async with desk.act(caller, "alert.read", scope=NOBODY) as act:
        rows = await act.connection.fetch(
            f"SELECT {SHOWN} FROM alerts WHERE $1::timestamptz IS NULL OR told_at >= $1 ORDER BY id DESC LIMIT 1000",
            since,
        )
        act.note("alert.read", "alerts")
        return [{**dict(row), "id": str(row["id"])} for row in reversed(rows)]


class Guard:
    """Follows the trail of one desk and tells what its rules fire on."""

    def __init__(self, desk: Desk) -> None:
        """Begin before the first look."""
        self._desk, self._last = desk, -1
        self._watch = Watch(written().values(), desk.policy.zone)

    async def look(self) -> int:
        """Look at what is new in the trail; return how many alerts were told."""
        alarms: list[Alarm] = []
        async with self._desk.database.connection(EVERYWHERE) as connection:
            self._watch.rule_anew((await rules(connection)).values())
            if self._last < 0:
                self._last = max(0, (await connection.fetchval("SELECT coalesce(max(id), 0) FROM audit")) - PAST)
            while True:
                rows = await connection.fetch(FRESH, self._last, WATCHED, BATCH)
                for deed in await _deeds(connection, rows):
                    alarms += self._watch.see(deed)
                self._last = rows[-1]["id"] if rows else self._last
                if len(rows) < BATCH:
                    break
        for alarm in alarms:
            await self._tell(alarm)
        return len(alarms)

    async def _tell(self, alarm: Alarm) -> None:
        """Put an alert on file and on record; where the rule says so, shut the user out in the same transaction."""
        now, stop = self._desk.clock.now(), alarm.rule.then == "stop"
        async with self._desk.database.transaction(NOBODY) as connection:
            known = await connection.fetchval(
                "SELECT true FROM alerts WHERE rule = $1 AND who = $2 AND at = $3", alarm.rule.name, alarm.who, alarm.at
            )
            if known:
                return
            await connection.execute(
                TELL, alarm.rule.name, alarm.rule.says, alarm.who, alarm.at, now, alarm.count, stop
            )
            if stop:
                await connection.execute("UPDATE users SET disabled = true WHERE username = $1", alarm.who)
                await connection.execute(
                    "UPDATE sessions SET ended_at = $2 WHERE username = $1 AND ended_at IS NULL",
                    alarm.who, datetime.now(UTC),
                )  # fmt: skip
            told = {"rule": alarm.rule.name, "count": alarm.count, "stopped": stop}
            entry = Entry(action="alert", subject=f"users/{alarm.who}", after=told)
            await audit.write(connection, [entry.values(GUARD, now)])
        if stop:
            self._desk.board.tell_ended()


async def _deeds(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[Deed]:
    """Return entries of the trail with what is known of their users and customers."""
    if not rows:
        return []
    numbers = {row["subject"].partition("/")[2] for row in rows if row["action"] in LOOKS}
    people = {row["username"]: row for row in await connection.fetch(PEOPLE, list({row["who"] for row in rows}))}
    customers = {row["number"]: row for row in await connection.fetch(CUSTOMERS, list(numbers))} if numbers else {}
    asked = await _own_requests(connection, rows)
    return [_deed(row, people.get(row["who"]), customers.get(row["subject"].partition("/")[2]), asked) for row in rows]


async def _own_requests(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Return the requests for approval on which somebody was refused to decide, with who asked for each."""
    subjects = [row["subject"].partition("/")[2] for row in rows if row["subject"].startswith("approvals/")]
    if not subjects:
        return set()
    found = await connection.fetch("SELECT number, maker FROM approvals WHERE number = ANY($1)", subjects)
    return {(f"approvals/{row['number']}", row["maker"]) for row in found}


def _deed(
    row: Mapping[str, Any],
    user: Mapping[str, Any] | None,
    customer: Mapping[str, Any] | None,
    asked: set[tuple[str, str]],
) -> Deed:
    after = row["after"] or {}
    itself = row["action"] == "role.change" and row["subject"] == f"users/{row['who']}"
    return Deed(
        at=row["at"],
        who=row["who"],
        action=row["action"],
        subject=row["subject"],
        home=user["branch"] if user else "",
        branch=customer["branch"] if customer else "",
        tier=customer["tier"] if customer else "",
        records=int(after.get("records", 0)) if row["action"] == "customer.exported" else 0,
        leaves_on=user["leaves_on"] if user else None,
        own=itself or (row["subject"], row["who"]) in asked,
    )


async def keep_watch(desk: Desk, every: float = LOOK) -> None:
    """Watch again and again until cancelled; a fault is told in the log and tried again."""
    guard = Guard(desk)
    while True:
        try:
            await guard.look()
        except Exception:
            LOG.exception("trail not watched", extra={"facts": {"again_in_seconds": every}})
        await asyncio.sleep(every)
