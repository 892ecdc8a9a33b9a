"""Viewing: an administrator looks through a user's eyes, for a reason and a while; both names are in every entry.

Such a session is the user's in what it sees, and the administrator's in the trail. It is confined like a key: what the
policy lists under ``viewing.never`` (approvals, clear values, exports, keys, users) cannot be done in it, it enrols no
factor and no passkey, it cannot be renewed, and it ends with the administrator's own right.
"""

import secrets
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase

from poc.reference_crm.access import Caller, Policy
from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Desk
from poc.reference_crm.operations.sessions import hash_of
from poc.reference_crm.problems import Problem, invalid, missing


async def view_as(desk: Desk, caller: Caller, username: str, reason: str, seconds: int) -> dict[str, object]:
    """Open a session as a user for so many seconds; raises invalid for too many, forbidden for an administrator."""
    async with desk.act(caller, "user.view_as", subject=f"users/{username}", scope=NOBODY) as act:
        longest = int(desk.policy.document["viewing"]["longest_seconds"])
        if seconds > longest:
            raise invalid("seconds", f"must not be more than {longest}", str(seconds))
        user = await act.connection.fetchrow("SELECT role, disabled FROM users WHERE username = $1", username)
        if user is None or user["disabled"]:
            raise missing("user")
        if desk.policy.may(user["role"], "user.view_as"):
            raise Problem(reason="forbidden", detail="nobody looks through the eyes of an administrator")
        token, now = secrets.token_urlsafe(32), datetime.now(UTC)
        await act.connection.execute(
            "INSERT INTO sessions (access_hash, refresh_hash, family, username, created_at, started_at, last_seen_at,"
            " viewer, scopes, ends_at, reason) VALUES ($1, $2, $3, $4, $5, $5, $5, $6, $7, $8, $9)",
            hash_of(token), secrets.token_bytes(32), secrets.token_hex(16), username, now, caller.username,
            allowed(desk.policy, user["role"]), now + timedelta(seconds=seconds), reason,
        )  # fmt: skip
        act.note("user.view_as", f"users/{username}", after={"reason": reason, "seconds": seconds})
    return {"access_token": token, "token_type": "Bearer", "expires_in": seconds, "username": username}


def allowed(policy: Policy, role: str) -> list[str]:
    """Return the operations of a role that may be done by who looks through its eyes."""
    never = policy.document["viewing"]["never"]
    return sorted(
        name
        for name in policy.operations
        if policy.may(role, name) and not any(fnmatchcase(name, pattern) for pattern in never)
    )
