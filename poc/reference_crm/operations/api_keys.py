"""API keys: narrow rights for a machine, with an end; shown once, at rest as SHA-256, dead at once when withdrawn."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from poc.reference_crm.access import Caller
from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Desk
from poc.reference_crm.operations.sessions import KEY_MARK, hash_of
from poc.reference_crm.problems import invalid, missing

SHOWN = "id, username, label, scopes, expires_at, ended_at IS NOT NULL AS ended, last_seen_at"


async def issue(
    desk: Desk, caller: Caller, username: str, label: str, scopes: Sequence[str], seconds: int
) -> dict[str, object]:
    """Make a key that acts as a user within ``scopes`` for so long; raises invalid for what the user may not."""
    key = KEY_MARK + secrets.token_urlsafe(32)
    async with desk.act(caller, "key.issue", subject=f"users/{username}", scope=NOBODY) as act:
        role = await act.connection.fetchval(
            "SELECT role FROM users WHERE username = $1 AND NOT disabled FOR SHARE", username
        )
        if role is None:
            raise missing("user")
        beyond = [scope for scope in scopes if not grantable(desk, role, scope)]
        if beyond:
            raise invalid("scopes", "may name only operations that the user's role may do", beyond[0][:60])
        row = await act.connection.fetchrow(
            "INSERT INTO api_keys (id, digest, username, label, scopes, expires_at, issued_by)"
            f" VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING {SHOWN}",
            secrets.token_hex(8), hash_of(key), username, label, sorted(set(scopes)),
            datetime.now(UTC) + timedelta(seconds=seconds), caller.username,
        )  # fmt: skip
        act.note("key.issue", f"keys/{row['id']}", after={"username": username, "scopes": sorted(set(scopes))})
        return {**dict(row), "api_key": key}


def grantable(desk: Desk, role: str, scope: str) -> bool:
    """Tell whether a key of a user with this role may carry a scope."""
    return desk.policy.may(role, scope)


async def everyone(desk: Desk, caller: Caller) -> list[dict[str, object]]:
    """Return all keys, newest end first; never the keys themselves."""
    async with desk.act(caller, "key.list", scope=NOBODY) as act:
        rows = await act.connection.fetch(f"SELECT {SHOWN} FROM api_keys ORDER BY expires_at DESC, id LIMIT 1000")
        act.note("key.list", "keys")
        return [dict(row) for row in rows]


async def end(desk: Desk, caller: Caller, number: str) -> None:
    """Withdraw a key for good."""
    async with desk.act(caller, "key.end", subject=f"keys/{number}", scope=NOBODY) as act:
        ended = await act.connection.fetchval(
            "UPDATE api_keys SET ended_at = coalesce(ended_at, $2) WHERE id = $1 RETURNING true",
            number, datetime.now(UTC),
        )  # fmt: skip
        if not ended:
            raise missing("key")
        act.note("key.end", f"keys/{number}")
