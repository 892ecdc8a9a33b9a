"""Factors: one-time codes beside the password: enrolled, confirmed, spent once, and asked for anew before secrets."""

import base64
import secrets
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.crypto import Vault
from poc.reference_crm.database import NOBODY, Connection
from poc.reference_crm.desk import Desk
from poc.reference_crm.domain import one_time
from poc.reference_crm.problems import Problem, forbidden, invalid

#: A code opens once: a period that was used, and every one before it, is spent (RFC 6238 5.2).
SPEND_SQL = "UPDATE factors SET last_step = $2 WHERE username = $1 AND last_step < $2 RETURNING true"
FRESH_SQL = """
SELECT f.confirmed_at IS NOT NULL AS enrolled, coalesce(s.factor_at > $3, false) AS fresh
FROM users AS u LEFT JOIN factors AS f ON f.username = u.username
LEFT JOIN sessions AS s ON s.access_hash = $2 AND s.username = u.username
WHERE u.username = $1"""


def asked(detail: str) -> Problem:
    """Return the challenge for a (fresh) second factor, as RFC 9470 writes it."""
    challenge = 'Bearer error="insufficient_user_authentication"'
    return Problem(reason="unauthenticated", detail=detail, headers={"WWW-Authenticate": challenge})


def _place(username: str) -> str:
    return f"factors/{username}"


async def enrol(desk: Desk, caller: Caller) -> dict[str, object]:
    """Draw a secret for the caller and show it once; it counts from its confirmation on. A confirmed one stays."""
    if caller.scopes is not None:
        raise forbidden("factor.enrol with a key")
    secret = secrets.token_bytes(one_time.SECRET_BYTES)
    sealed = desk.vault.seal(_place(caller.username), secret)
    async with desk.database.transaction(NOBODY) as connection:
        taken = await connection.fetchval(
            "INSERT INTO factors AS f (username, sealed) VALUES ($1, $2) ON CONFLICT (username)"
            " DO UPDATE SET sealed = $2, last_step = 0 WHERE f.confirmed_at IS NULL RETURNING true",
            caller.username, sealed,
        )  # fmt: skip
    if not taken:
        raise Problem(reason="conflict", detail="you have a second factor: an administrator can take it away")
    shown = base64.b32encode(secret).decode().rstrip("=")
    label = quote(f"Touchstone CRM:{caller.username}")
    uri = f"otpauth://totp/{label}?secret={shown}&issuer={quote('Touchstone CRM')}"
    return {"secret": shown, "uri": uri}


async def confirm(desk: Desk, caller: Caller, otp: str) -> None:
    """Make the enrolled factor count, by a first code of it; raises invalid for a wrong one."""
    async with desk.database.transaction(NOBODY) as connection:
        sealed = await connection.fetchval(
            "SELECT sealed FROM factors WHERE username = $1 AND confirmed_at IS NULL FOR UPDATE", caller.username
        )
        if sealed is None:
            raise Problem(reason="conflict", detail="there is nothing to confirm: enrol first")
        if not await spend(connection, desk.vault, caller.username, sealed, otp):
            raise invalid("otp", "is not the code of this moment")
        await connection.execute(
            "UPDATE factors SET confirmed_at = $2 WHERE username = $1", caller.username, datetime.now(UTC)
        )
    await desk.jot(caller, Entry(action="factor.confirm", subject=f"users/{caller.username}"))


async def take_away(desk: Desk, caller: Caller, username: str) -> None:
    """Take a user's second factor away, for whoever lost it; their sessions end."""
    async with desk.act(caller, "user.assign", subject=f"users/{username}", scope=NOBODY) as act:
        await act.connection.execute("DELETE FROM factors WHERE username = $1", username)
        await act.connection.execute(
            "UPDATE sessions SET ended_at = $2 WHERE username = $1 AND ended_at IS NULL", username, datetime.now(UTC)
        )
        act.note("factor.take_away", f"users/{username}")


async def spend(connection: Connection, vault: Vault, username: str, sealed: bytes, otp: str) -> bool:
    """Tell whether a code opens, and let it open nothing more."""
    step = one_time.matching(vault.open(_place(username), sealed), otp, datetime.now(UTC))
    return step is not None and bool(await connection.fetchval(SPEND_SQL, username, step))


async def demand_fresh(desk: Desk, caller: Caller, operation: str, subject: str) -> None:
    """Refuse, on record, whoever must show a code afresh: all who have a factor, or all, as the settings say."""
    since = datetime.now(UTC) - timedelta(seconds=desk.settings.step_up_seconds)
    async with desk.database.connection(NOBODY) as connection:
        row = await connection.fetchrow(FRESH_SQL, caller.username, caller.session, since)
    needed = desk.settings.step_up == "always" or (row is not None and row["enrolled"])
    if needed and not (row is not None and row["fresh"]):
        await desk.deny(caller, operation, subject)
        raise asked(f"show your second factor first: POST /v1/me/step-up, good for {desk.settings.step_up_seconds} s")
