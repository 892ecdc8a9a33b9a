"""Passkeys: keys that stay with their owner and open this place only (WebAuthn level 2): nothing can be phished."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import orjson

from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import factors, sessions
from poc.reference_crm.operations.sessions import unauthenticated
from poc.reference_crm.problems import Problem, forbidden, invalid, missing

#: Seconds that a challenge waits for its answer, and passkeys of one user.
WITHIN, MOST = 300, 10
#: A challenge is answered once.
TAKE_SQL = (
    "DELETE FROM passkey_challenges WHERE digest = $1 AND purpose = $2 AND username = $3 AND until > $4 RETURNING true"
)
HOLDER_SQL = """
SELECT p.public_key, p.sign_count, u.username, u.role, u.disabled FROM passkeys AS p JOIN users AS u USING (username)
WHERE p.id = $1 FOR UPDATE OF p"""
USED_SQL = "UPDATE passkeys SET sign_count = $2, last_used_at = $3 WHERE id = $1"
#: A user must be verified by the authenticator, so that a passkey is two factors: having it, and knowing or being.
VERIFIED = True
SHOWN_SQL = (
    "SELECT encode(id, 'hex') AS id, label, added_at, last_used_at FROM passkeys WHERE username = $1 ORDER BY added_at"
)


#: What the library raises for an answer that is not as it should be, its parsers' faults among it.
BAD = (ValueError, KeyError, TypeError, AttributeError, IndexError)
ADD_SQL = """
INSERT INTO passkeys (id, username, label, public_key, sign_count, added_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING RETURNING true"""


class Unsound(Exception):
    """An answer to a challenge that proves nothing."""


def origin(desk: Desk) -> str:
    """Return the place at which passkeys of this service work."""
    return desk.settings.public_url


def rp_id(desk: Desk) -> str:
    """Return the name of that place: the host alone (WebAuthn 5.1.2)."""
    return urlsplit(origin(desk)).hostname or ""


def origins(desk: Desk) -> list[str]:
    """Return the pages on which a ceremony may have been done: those of this service alone (7.1, 7.2)."""
    return [origin(desk)]


async def _challenge(desk: Desk, purpose: str, username: str = "") -> bytes:
    challenge, now = secrets.token_bytes(32), datetime.now(UTC)
    async with desk.database.connection(NOBODY) as connection:
        await connection.execute("DELETE FROM passkey_challenges WHERE until < $1", now)
        await connection.execute(
            "INSERT INTO passkey_challenges (digest, purpose, username, until) VALUES ($1, $2, $3, $4)",
            hashlib.sha256(challenge).digest(), purpose, username, now + timedelta(seconds=WITHIN),
        )  # fmt: skip
    return challenge


async def ask(desk: Desk, caller: Caller) -> dict[str, object]:
    """Return what a browser needs to make a passkey for the caller; who has codes shows one afresh first."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    await _own(desk, caller)
    async with desk.database.connection(NOBODY) as connection:
        held = await connection.fetch("SELECT id FROM passkeys WHERE username = $1", caller.username)
    if len(held) >= MOST:
        raise Problem(reason="conflict", detail=f"you have {MOST} passkeys: remove one first")
    options = generate_registration_options(
        rp_id=rp_id(desk),
        rp_name="Touchstone CRM",
        user_id=desk.vault.blind("users", "passkey", caller.username),
        user_name=caller.username,
        user_display_name=caller.name or caller.username,
        challenge=await _challenge(desk, "add", caller.username),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=row["id"]) for row in held],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return {"publicKey": orjson.loads(options_to_json(options)), "origin": origin(desk)}


async def _own(desk: Desk, caller: Caller) -> None:
    if caller.scopes is not None:
        raise forbidden("passkey.add with a key")
    await factors.demand_fresh(desk, caller, "passkey.add", f"users/{caller.username}")


async def add(desk: Desk, caller: Caller, label: str, credential: Mapping[str, Any]) -> dict[str, object]:
    """Put a new passkey of the caller on file; raises invalid for an answer that proves nothing."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    await _own(desk, caller)
    try:
        made = verify_registration_response(
            credential=dict(credential),
            expected_challenge=await _taken(desk, credential, "add", caller.username),
            expected_rp_id=rp_id(desk),
            expected_origin=origins(desk),
            require_user_verification=VERIFIED,
        )
    except (Unsound, WebAuthnException, *BAD) as no:
        raise invalid("credential", "is no answer to a challenge of ours, made at this place") from no
    async with desk.database.transaction(NOBODY) as connection:
        new = await connection.fetchval(
            ADD_SQL,
            made.credential_id, caller.username, label, made.credential_public_key, made.sign_count, datetime.now(UTC),
        )  # fmt: skip
        if not new:
            raise Problem(reason="duplicate", detail="this passkey is on file already")
    await desk.jot(caller, Entry(action="passkey.add", subject=f"users/{caller.username}", after={"label": label}))
    return {"id": made.credential_id.hex(), "label": label}


async def _taken(desk: Desk, credential: Mapping[str, Any], purpose: str, username: str = "") -> bytes:
    """Return the challenge that an answer holds, if it is one of ours that nobody answered yet; raises Unsound."""
    from webauthn.helpers import base64url_to_bytes

    try:
        told = orjson.loads(base64url_to_bytes(str(credential["response"]["clientDataJSON"])))
        challenge = base64url_to_bytes(str(told["challenge"]))
    except (ValueError, KeyError, TypeError) as no:
        raise Unsound from no
    async with desk.database.connection(NOBODY) as connection:
        digest = hashlib.sha256(challenge).digest()
        if not await connection.fetchval(TAKE_SQL, digest, purpose, username, datetime.now(UTC)):
            raise Unsound
    return challenge


async def challenge(desk: Desk) -> dict[str, object]:
    """Return what a browser needs to show a passkey; it is the same whoever asks, so that nobody is found out."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=rp_id(desk),
        challenge=await _challenge(desk, "sign-in"),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return {"publicKey": orjson.loads(options_to_json(options)), "origin": origin(desk)}


async def sign_in(desk: Desk, caller: Caller, credential: Mapping[str, Any]) -> dict[str, object]:
    """Trade the answer to a challenge for tokens; raises unauthenticated, whatever is wrong."""
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        username, role, tokens = await _admitted(desk, credential)
    except (Unsound, WebAuthnException, *BAD) as no:
        await desk.jot(caller, Entry(action="login.failed", subject="passkeys", result="denied"))
        raise unauthenticated("the passkey did not open: ask for a new challenge") from no
    named = Caller(username=username, role=role, branch="", trace=caller.trace, origin=caller.origin)
    await desk.jot(named, Entry(action="login.ok", subject=f"users/{username}", after={"by": "passkey"}))
    return tokens


async def _admitted(desk: Desk, credential: Mapping[str, Any]) -> tuple[str, str, dict[str, object]]:
    from webauthn import verify_authentication_response
    from webauthn.helpers import base64url_to_bytes

    expected, now = await _taken(desk, credential, "sign-in"), datetime.now(UTC)
    number = base64url_to_bytes(str(credential["rawId"]))
    async with desk.database.transaction(NOBODY) as connection:
        holder = await connection.fetchrow(HOLDER_SQL, number)
        if holder is None or holder["disabled"]:
            raise Unsound
        shown = verify_authentication_response(
            credential=dict(credential),
            expected_challenge=expected,
            expected_rp_id=rp_id(desk),
            expected_origin=origins(desk),
            credential_public_key=holder["public_key"],
            credential_current_sign_count=counted(holder["sign_count"]),
            require_user_verification=VERIFIED,
        )
        await connection.execute(USED_SQL, number, shown.new_sign_count, now)
        tokens = await sessions._issue(connection, desk, holder["username"], secrets.token_hex(16), now)
        await connection.execute(sessions.FACTORED_SQL, sessions.hash_of(str(tokens["access_token"])), now)
    return holder["username"], holder["role"], tokens


def counted(known: int) -> int:
    """Return the count that the next use of a passkey must exceed: a copy of it would count on its own (6.1.1)."""
    return known


async def everyone(desk: Desk, caller: Caller) -> list[dict[str, object]]:
    """Return the caller's passkeys."""
    async with desk.database.connection(NOBODY) as connection:
        rows = await connection.fetch(SHOWN_SQL, caller.username)
    return [dict(row) for row in rows]


async def remove(desk: Desk, caller: Caller, number: str) -> None:
    """Take a passkey of the caller off file; raises not-found."""
    await _own(desk, caller)
    async with desk.database.transaction(NOBODY) as connection:
        gone = await connection.fetchval(
            "DELETE FROM passkeys WHERE id = decode($1, 'hex') AND username = $2 RETURNING true",
            number,
            caller.username,
        )
    if not gone:
        raise missing("passkey")
    await desk.jot(caller, Entry(action="passkey.remove", subject=f"users/{caller.username}"))
