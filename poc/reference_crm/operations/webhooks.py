"""Webhooks: who wants to hear of what: set up with a secret of its own that is shown once, listed, taken away."""

import secrets
from collections.abc import Sequence

import orjson

from poc.reference_crm import outbound
from poc.reference_crm.access import Caller
from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Desk
from poc.reference_crm.problems import Problem, invalid, missing

#: What can be heard of: what the trail announces (see the migration that makes it do so).
EVENTS = ("record.create", "record.update", "record.delete", "bulk.load")
#: Most webhooks of one bank, and deliveries that are shown of one.
MOST, SHOWN = 100, 200


async def register(desk: Desk, caller: Caller, url: str, events: Sequence[str]) -> dict[str, object]:
    """Set a webhook up and return it with its secret; raises invalid for an address that must not be called."""
    await desk.authorise(caller, "webhook.register")
    await reachable(desk, url)
    number, secret = f"W-{secrets.token_hex(8)}", secrets.token_urlsafe(32)
    sealed = desk.vault.seal(f"webhooks/{number}", orjson.dumps({"secret": secret}))
    async with desk.act(caller, "webhook.register", scope=NOBODY) as act:
        if await act.connection.fetchval("SELECT count(*) FROM webhooks") >= MOST:
            raise Problem(reason="conflict", detail=f"there are {MOST} webhooks already: remove one first")
        await act.connection.execute(
            "INSERT INTO webhooks (id, url, events, secret, username, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
            number, url, list(dict.fromkeys(events)), sealed, caller.username, act.now,
        )  # fmt: skip
        act.note("config.change", f"webhooks/{number}", after={"url": url, "events": list(events)})
    return {"id": number, "url": url, "events": list(dict.fromkeys(events)), "secret": secret}


async def reachable(desk: Desk, url: str) -> None:
    """Refuse an address that events must not go to; it is looked at again before each delivery."""
    try:
        await outbound.resolved(outbound.checked(url), desk.settings.outbound)
    except outbound.Undeliverable as no:
        raise invalid("url", str(no)) from None


async def everyone(desk: Desk, caller: Caller) -> list[dict[str, object]]:
    """Return all webhooks, the oldest first; their secrets cannot be read back."""
    async with desk.act(caller, "webhook.list", scope=NOBODY) as act:
        rows = await act.connection.fetch("SELECT id, url, events FROM webhooks ORDER BY created_at, id")
        act.note("webhook.list", "webhooks")
        return [dict(row) for row in rows]


async def remove(desk: Desk, caller: Caller, number: str) -> None:
    """Take a webhook away, with what was still to be told; raises not-found."""
    async with desk.act(caller, "webhook.remove", scope=NOBODY) as act:
        gone = await act.connection.fetchrow("DELETE FROM webhooks WHERE id = $1 RETURNING url", number)
        if gone is None:
            raise missing("webhook")
        act.note("config.change", f"webhooks/{number}", before={"url": gone["url"]})


async def deliveries(desk: Desk, caller: Caller, number: str) -> list[dict[str, object]]:
    """Return the last deliveries of a webhook, newest first: what became of each and why; raises not-found."""
    async with desk.act(caller, "webhook.list", scope=NOBODY) as act:
        if not await act.connection.fetchval("SELECT count(*) FROM webhooks WHERE id = $1", number):
            raise missing("webhook")
        rows = await act.connection.fetch(
            "SELECT id::text, event, subject, at, attempts, state, note FROM deliveries WHERE webhook = $1"
            f" ORDER BY id DESC LIMIT {SHOWN}",
            number,
        )
        act.note("webhook.list", f"webhooks/{number}")
        return [dict(row) for row in rows]
