"""Provisioning: users as an identity provider brings, changes and removes them (SCIM 2.0: RFC 7643, RFC 7644)."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

from poc.reference_crm.access import Caller
from poc.reference_crm.database import NOBODY, Connection
from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import users
from poc.reference_crm.problems import FieldError, Problem, missing

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
BANK = "urn:touchstone:params:scim:schemas:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
INACTIVE_SQL = f"UPDATE users SET disabled = $2 WHERE username = $1 RETURNING {users.SHOWN}"
END_SESSIONS_SQL = "UPDATE sessions SET ended_at = $2 WHERE username = $1 AND ended_at IS NULL"


def shown(row: Mapping[str, object]) -> dict[str, object]:
    """Return a user as a SCIM resource."""
    return {
        "schemas": [USER, BANK],
        "id": row["username"],
        "userName": row["username"],
        "displayName": row["name"],
        "active": not row["disabled"],
        "roles": [{"value": row["role"]}],
        BANK: {"branch": row["branch"]},
        "meta": {"resourceType": "User", "location": f"/scim/v2/Users/{row['username']}"},
    }


async def bring(desk: Desk, caller: Caller, user: Mapping[str, str], *, active: bool) -> dict[str, object]:
    """Create a user; one who is brought without a password has a random one that nobody knows."""
    password = user["password"] or secrets.token_urlsafe(32)
    added = await users.add(desk, caller, {**user, "password": password})
    if not active:
        added = await users.change(desk, caller, user["username"], {"disabled": True})
    return shown(added)


async def find(desk: Desk, caller: Caller, username: str | None) -> dict[str, object]:
    """Return the users of a name, or all of them."""
    async with desk.act(caller, "user.list", scope=NOBODY) as act:
        rows = await act.connection.fetch(
            f"SELECT {users.SHOWN} FROM users WHERE $1::text IS NULL OR username = $1 ORDER BY username", username
        )
        act.note("user.list", "users")
    found = [shown(row) for row in rows]
    return {
        "schemas": [LIST],
        "totalResults": len(found),
        "startIndex": 1,
        "itemsPerPage": len(found),
        "Resources": found,
    }


async def get(desk: Desk, caller: Caller, username: str) -> dict[str, object]:
    """Return one user; raises not-found."""
    async with desk.act(caller, "user.list", subject=f"users/{username}", scope=NOBODY) as act:
        row = await act.connection.fetchrow(f"SELECT {users.SHOWN} FROM users WHERE username = $1", username)
        if row is None:
            raise missing("user")
        act.note("user.list", f"users/{username}")
        return shown(row)


async def activate(desk: Desk, caller: Caller, username: str, *, active: bool) -> dict[str, object]:
    """Let a user in again, or shut them out at once: sessions end here and now."""
    async with desk.act(caller, "user.assign", subject=f"users/{username}", scope=NOBODY) as act:
        row = await act.connection.fetchrow(INACTIVE_SQL, username, not active)
        if row is None:
            raise missing("user")
        if not active:
            await end_sessions(act.connection, username)
        act.note("user.change", f"users/{username}", after={"disabled": not active})
        return shown(row)


async def end_sessions(connection: Connection, username: str) -> None:
    """End all sessions of a user."""
    await connection.execute(END_SESSIONS_SQL, username, datetime.now(UTC))


async def remove(desk: Desk, caller: Caller, username: str) -> None:
    """Take a user off file, with their sessions, keys and factors; nobody removes themselves."""
    async with desk.act(caller, "user.assign", subject=f"users/{username}", scope=NOBODY) as act:
        if username == caller.username:
            error = FieldError(field="id", message="is yourself", value=username)
            raise Problem(reason="conflict", detail="nobody removes themselves", errors=(error,))
        gone = await act.connection.fetchval("DELETE FROM users WHERE username = $1 RETURNING role", username)
        if gone is None:
            raise missing("user")
        act.note("user.remove", f"users/{username}", before={"role": gone})
