"""Deliveries: tells receivers what happened: signed, to a proven receiver only, again after a while if it failed.

An event carries its name, subject, moment and a stable id, and no field of any record: who wants more reads it with
rights of its own. The signature is HMAC-SHA256 over ``timestamp.body`` under the webhook's secret.
"""

import asyncio
import hashlib
import hmac
import logging
import time

import orjson

from poc.reference_crm import outbound
from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Desk

LOG = logging.getLogger("reference_crm")
#: How many are told at once; the seconds before the second attempt, doubled with each up to the longest pause; and how
#: often at most, which is for a day: a receiver that was away for a night misses nothing.
AT_ONCE, FIRST_PAUSE, LONGEST_PAUSE, MOST_ATTEMPTS = 16, 10.0, 120.0, 725

# Taken means: due again in a minute, should this process end before it knows what became of it.
TAKE = f"""
UPDATE deliveries AS d SET attempts = d.attempts + 1, due_at = now() + interval '1 minute' FROM webhooks AS w
WHERE w.id = d.webhook AND d.id IN (
  SELECT id FROM deliveries WHERE state = 'waiting' AND due_at <= now() ORDER BY due_at LIMIT {AT_ONCE}
  FOR UPDATE SKIP LOCKED)
RETURNING d.id, d.webhook, d.event, d.subject, d.at, d.attempts, w.url, w.secret
"""
DONE = """
UPDATE deliveries SET state = $2, note = $3, due_at = now() + make_interval(secs => $4) WHERE id = $1
"""


async def run(desk: Desk, every: float = 0.5) -> None:
    """Deliver what is due, again and again until cancelled; a fault is told in the log and tried again."""
    while True:
        await asyncio.sleep(every)
        try:
            while await deliver(desk) == AT_ONCE:
                pass
        except Exception:
            LOG.exception("deliveries failed", extra={"facts": {"again_in_seconds": every}})


async def deliver(desk: Desk) -> int:
    """Tell what is due, some at once; return how many were tried."""
    async with desk.database.connection(NOBODY) as connection:
        rows = await connection.fetch(TAKE)
    told = await asyncio.gather(*(_told(desk, dict(row)) for row in rows))
    if told:
        async with desk.database.connection(NOBODY) as connection:
            await connection.executemany(DONE, told)
    return len(rows)


async def _told(desk: Desk, row: dict[str, object]) -> tuple[int, str, str, float]:
    """Try one delivery; return its id, state, note and the seconds until the next attempt."""
    body = orjson.dumps(
        {"id": str(row["id"]), "event": row["event"], "subject": row["subject"], "at": row["at"], "version": 1}
    )
    number, attempts = int(str(row["id"])), int(str(row["attempts"]))
    try:
        status = await outbound.post(str(row["url"]), body, signed(desk, row, body), desk.settings.outbound)
        note = f"answered {status}"
        if 200 <= status < 300:
            return number, "delivered", note, 0
    except outbound.Undeliverable as no:
        note = str(no)
    return number, "waiting" if attempts < MOST_ATTEMPTS else "failed", note, pause(attempts)


def pause(attempts: int) -> float:
    """Return the seconds until the next attempt after so many in vain."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempts - 1, 10))


def signed(desk: Desk, row: dict[str, object], body: bytes) -> dict[str, str]:
    """Return the headers by which a receiver knows that an event is ours, new, and which one it is."""
    sealed = row["secret"]
    assert isinstance(sealed, bytes)
    secret = orjson.loads(desk.vault.open(f"webhooks/{row['webhook']}", sealed))["secret"]
    stamp = str(int(time.time()))
    mark = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-Event-Id": str(row["id"]), "X-Event-Time": stamp, "X-Event-Signature": f"sha256={mark}"}
