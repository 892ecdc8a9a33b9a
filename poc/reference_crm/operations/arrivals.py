"""Arrivals: whom a provider vouches for: found by subject alone, given the role of their groups, and let in."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from poc.reference_crm import passwords
from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.database import NOBODY, Connection
from poc.reference_crm.desk import Desk
from poc.reference_crm.domain.id_tokens import Unproven
from poc.reference_crm.operations import sessions

LINK_SQL = """
SELECT u.username, u.role, u.disabled FROM linked_identities AS l JOIN users AS u USING (username)
WHERE l.provider = $1 AND l.subject = $2 FOR UPDATE OF u"""
#: An assertion opens once (SAML Profiles 4.1.4.5).
SPEND_SQL = (
    "INSERT INTO spent_assertions (provider, id, until) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asserted:
    """What a provider says of a person; ``once`` is the id of its word and the end of it, if it must be used once."""

    subject: str
    name: str = ""
    groups: tuple[str, ...] = ()
    once: tuple[str, datetime] | None = None


async def admit(desk: Desk, caller: Caller, provider: Mapping[str, Any], told: Asserted) -> dict[str, object]:
    """Return tokens for the user whom a provider means; raises Unproven for nobody of ours."""
    now = datetime.now(UTC)
    if not told.subject:
        raise Unproven("it names nobody")
    async with desk.database.transaction(NOBODY) as connection:
        if told.once is not None and not await spent(connection, provider["id"], told.once, now):
            raise Unproven("it was used before")
        user = await meant(connection, provider, told)
        role = role_of(provider, told.groups, user["role"] if user else None)
        if user is None:
            user = await _taken_on(connection, provider, told, role)
        if user["disabled"]:
            raise Unproven("the person is shut out here")
        if user["role"] != role:
            await connection.execute("UPDATE users SET role = $2 WHERE username = $1", user["username"], role)
        tokens = await sessions._issue(connection, desk, user["username"], secrets.token_hex(16), now)
        await connection.execute(sessions.PROVIDER_SQL, sessions.hash_of(str(tokens["access_token"])), provider["id"])
    await _note(desk, caller, provider, user, role)
    return tokens


async def spent(connection: Connection, provider: str, once: tuple[str, datetime], now: datetime) -> bool:
    """Tell whether a provider's word is new, and let it open nothing more."""
    await connection.execute("DELETE FROM spent_assertions WHERE until < $1::timestamptz - interval '1 hour'", now)
    return bool(await connection.fetchval(SPEND_SQL, provider, *once))


async def meant(connection: Connection, provider: Mapping[str, Any], told: Asserted) -> Mapping[str, Any] | None:
    """Return the user to whom a subject is linked, None if there is none; names and e-mails link nobody (CWE-290)."""
    row = await connection.fetchrow(LINK_SQL, provider["id"], told.subject)
    return None if row is None else dict(row)


def role_of(provider: Mapping[str, Any], groups: tuple[str, ...], present: str | None) -> str:
    """Return the role that groups give; raises Unproven where the bank mapped groups and none of these is among them.

    A provider without mapped groups leaves roles as they are here.
    """
    mapped: Mapping[str, str] = provider["groups"]
    if not mapped and present is not None:
        return present
    found = next((role for group, role in mapped.items() if group in groups), None)
    if found is None:
        raise Unproven("none of the person's groups has a role here")
    return found


async def _taken_on(connection: Connection, provider: Mapping[str, Any], told: Asserted, role: str) -> dict[str, Any]:
    """Make a user of a newcomer, under a name that nobody else can have and without a password."""
    if not provider["newcomers"]:
        raise Unproven("the person is not known here")
    username = "sso-" + hashlib.sha256(f"{provider['id']} {told.subject}".encode()).hexdigest()[:24]
    await connection.execute(
        "INSERT INTO users (username, name, role, branch, password, sso_only) VALUES ($1, $2, $3, '', $4, true)",
        username, printable(told.name) or username, role, passwords.NOBODY,
    )  # fmt: skip
    await connection.execute(
        "INSERT INTO linked_identities (provider, subject, username) VALUES ($1, $2, $3)",
        provider["id"], told.subject, username,
    )  # fmt: skip
    return {"username": username, "role": role, "disabled": False}


def printable(name: str) -> str:
    """Return a name as it may be shown: no control characters, 200 at most."""
    return "".join(one for one in name if one.isprintable())[:200]


async def _note(desk: Desk, caller: Caller, provider: Mapping[str, Any], user: Mapping[str, Any], role: str) -> None:
    username = str(user["username"])
    named = replace(caller, username=username, role=role)
    entries = [Entry(action="login.ok", subject=f"users/{username}", after={"provider": provider["id"]})]
    if user["role"] != role:
        before, after = {"role": user["role"]}, {"role": role, "provider": provider["id"]}
        entries.append(Entry(action="role.change", subject=f"users/{username}", before=before, after=after))
    await desk.jot(named, *entries)
