"""Sessions: sign in, renew, sign out; tokens are random, rest as SHA-256 and die at once when ended."""

import asyncio
import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from poc.reference_crm import passwords
from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.database import NOBODY, Connection
from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import factors
from poc.reference_crm.problems import Problem
from poc.reference_crm.tenancy import tenant

SEEN_SQL = """
UPDATE sessions AS s SET last_seen_at = $2 FROM users AS u
WHERE s.access_hash = $1 AND s.ended_at IS NULL AND NOT s.refreshed AND u.username = s.username AND NOT u.disabled
  AND s.last_seen_at > $3 AND s.started_at > $4
  AND (u.idle_seconds IS NULL OR s.last_seen_at > $2::timestamptz - make_interval(secs => u.idle_seconds))
  AND (s.viewer IS NULL OR s.ends_at > $2
    AND EXISTS (SELECT FROM users AS v WHERE v.username = s.viewer AND NOT v.disabled AND v.role = ANY($5)))
RETURNING u.username, u.role, u.branch, u.name, s.access_hash AS session, s.scopes, coalesce(s.viewer, '') AS viewer,
  EXISTS (SELECT FROM walls AS w WHERE w.username = u.username) AS insider,
  least(u.idle_seconds / 3.0, extract(epoch FROM s.ends_at - $2::timestamptz)) AS known_for"""
KEY_SQL = """
UPDATE api_keys AS k SET last_seen_at = $2 FROM users AS u
WHERE k.digest = $1 AND k.ended_at IS NULL AND k.expires_at > $2 AND u.username = k.username AND NOT u.disabled
RETURNING u.username, u.role, u.branch, u.name, k.digest AS session, k.scopes, '' AS viewer,
  EXISTS (SELECT FROM walls AS w WHERE w.username = u.username) AS insider,
  extract(epoch FROM k.expires_at - $2::timestamptz) AS known_for"""
USER_SQL = """
SELECT u.*, f.sealed AS factor FROM users AS u
LEFT JOIN factors AS f ON f.username = u.username AND f.confirmed_at IS NOT NULL WHERE u.username = $1"""
PROVIDER_SQL = "UPDATE sessions SET provider = $2 WHERE access_hash = $1 AND $2::text IS NOT NULL"
FACTORED_SQL = "UPDATE sessions SET factor_at = $2 WHERE access_hash = $1"
SIGN_OUT_SQL = """
UPDATE sessions SET ended_at = $2 WHERE family = (SELECT family FROM sessions WHERE access_hash = $1)"""
#: How the key of a machine begins, so that it is told from a session's token and found by scanners for secrets.
KEY_MARK = "tscrm_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """A user as a token stands for them.

    ``scopes`` confine a key, None for the token of a session; ``insider`` says whether any wall lists them; ``viewer``
    is the administrator who looks through their eyes, if one does.
    """

    username: str
    role: str
    branch: str
    name: str
    session: bytes = b""
    scopes: frozenset[str] | None = None
    insider: bool = False
    viewer: str = ""


class Doorkeeper:
    """Knows who a token stands for; remembers it for a few seconds, and forgets at once when any process ends one."""

    def __init__(self, desk: Desk) -> None:
        """Begin knowing nobody."""
        self._desk = desk
        self._known: dict[tuple[str, bytes], tuple[float, bytes, Who]] = {}

    async def who(self, token: str) -> Who:
        """Return whose token this is; raises unauthenticated for none, an idle, an old or an ended one."""
        digest, ended = hash_of(token), self._desk.board.ended()
        # what is known of a token holds where it was looked up: another tenant's token is looked up anew
        place = (tenant(), digest)
        known = self._known.get(place)
        if known is not None and known[1] == ended and known[0] > time.monotonic():
            return known[2]
        who, known_for = await self._look_up(digest, key=token.startswith(KEY_MARK))
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[place] = (time.monotonic() + known_for, ended, who)
        return who

    async def _look_up(self, digest: bytes, *, key: bool) -> tuple[Who, float]:
        """Return who shows a token and for how many seconds that may be remembered."""
        settings, now = self._desk.settings, datetime.now(UTC)
        idle, oldest = (
            now - timedelta(seconds=settings.idle_seconds),
            now - timedelta(seconds=settings.absolute_seconds),
        )
        async with self._desk.database.connection(NOBODY) as connection:
            viewers = sorted(self._desk.policy.operations["user.view_as"])
            asked = (KEY_SQL, digest, now) if key else (SEEN_SQL, digest, now, idle, oldest, viewers)
            row = await connection.fetchrow(*asked)
        if row is None:
            self._known.pop((tenant(), digest), None)
            raise unauthenticated()
        told = dict(row)
        known_for, scopes = told.pop("known_for"), told.pop("scopes")
        longest = settings.session_cache_seconds
        who = Who(**told, scopes=None if scopes is None else frozenset(scopes))
        return who, longest if known_for is None else min(longest, float(known_for))

    def forget(self) -> None:
        """Believe nothing that was remembered, in any process of the service: a session has ended or changed."""
        self._known.clear()
        self._desk.board.tell_ended()


def hash_of(token: str) -> bytes:
    """Return the hash under which a token rests."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def unauthenticated(detail: str = "sign in, and send the token as 'Authorization: Bearer ...'") -> Problem:
    """Return the refusal of whoever is not signed in."""
    return Problem(reason="unauthenticated", detail=detail, headers={"WWW-Authenticate": "Bearer"})


async def sign_in(
    desk: Desk, caller: Caller, username: str, password: str, otp: str | None = None
) -> dict[str, object]:
    """Exchange a user name, a password and, of whoever has a second factor, its code for tokens.

    Whatever is wrong, the refusal is the same and as slow; only who knows the password is told that a code is asked.
    """
    now = datetime.now(UTC)
    async with desk.database.connection(NOBODY) as connection:
        user = await connection.fetchrow(USER_SQL, username)
        digest = user["password"] if user else passwords.NOBODY
        right = await asyncio.to_thread(passwords.matches, digest, password)
        shut = user is None or user["disabled"] or (user["locked_until"] is not None and user["locked_until"] > now)
        shut = shut or user["sso_only"]
        factored = right and not shut and user["factor"] is not None
        if factored and otp is None:
            raise factors.asked("send the code of your second factor as otp")
        if factored:
            right = await factors.spend(connection, desk.vault, username, user["factor"], otp or "")
        if shut or not right:
            if user is not None and not right:
                await count_failure(desk, connection, username, now)
            failed = True
        else:
            failed = False
            await connection.execute(
                "UPDATE users SET failures = 0, locked_until = NULL WHERE username = $1 AND failures > 0", username
            )
            tokens = await _issue(connection, desk, username, secrets.token_hex(16), now)
            if factored:
                await connection.execute(FACTORED_SQL, hash_of(str(tokens["access_token"])), now)
    named = Caller(
        username=username[:80], role=user["role"] if user else "", branch="", trace=caller.trace, origin=caller.origin
    )
    if failed:
        await desk.jot(named, Entry(action="login.failed", subject=f"users/{username[:80]}", result="denied"))
        raise unauthenticated("user name or password is wrong")
    await desk.jot(named, Entry(action="login.ok", subject=f"users/{username}"))
    return tokens


async def count_failure(desk: Desk, connection: Connection, username: str, now: datetime) -> None:
    """Count a wrong password or code; so many in a row lock the user for a while."""
    await connection.execute(
        "UPDATE users SET failures = failures + 1,"
        " locked_until = CASE WHEN failures + 1 >= $2 THEN $3 ELSE locked_until END WHERE username = $1",
        username, desk.settings.lock_after, now + timedelta(seconds=desk.settings.lock_seconds),
    )  # fmt: skip


async def _issue(
    connection: Connection, desk: Desk, username: str, family: str, now: datetime, started: datetime | None = None
) -> dict[str, object]:
    access, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    await connection.execute(
        "INSERT INTO sessions (access_hash, refresh_hash, family, username, created_at, started_at, last_seen_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $5)",
        hash_of(access), hash_of(refresh), family, username, now, started or now,
    )  # fmt: skip
    return {
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": desk.settings.idle_seconds,
        "refresh_token": refresh,
    }


async def renew(desk: Desk, caller: Caller, refresh: str, *, doorkeeper: Doorkeeper) -> dict[str, object]:
    """Exchange a refresh token for new tokens; one that was used before ends the whole family at once."""
    now = datetime.now(UTC)
    async with desk.database.transaction(NOBODY) as connection:
        row = await connection.fetchrow(
            "SELECT s.*, u.disabled FROM sessions AS s JOIN users AS u USING (username)"
            " WHERE refresh_hash = $1 FOR UPDATE OF s",
            hash_of(refresh),
        )
        tokens = None
        if row is not None and row["refreshed"]:
            await connection.execute("UPDATE sessions SET ended_at = $2 WHERE family = $1", row["family"], now)
        elif row is not None and _alive(
            desk, row["started_at"], row["created_at"], now, row["ended_at"], row["disabled"]
        ):
            await connection.execute("UPDATE sessions SET refreshed = true WHERE access_hash = $1", row["access_hash"])
            tokens = await _issue(connection, desk, row["username"], row["family"], now, row["started_at"])
            # the session rests on the same provider's word as before, and ends when that is trusted no more
            await connection.execute(PROVIDER_SQL, hash_of(str(tokens["access_token"])), row["provider"])
    if row is not None:
        # the access token that was renewed, or the whole family, is dead from here on
        doorkeeper.forget()
    if tokens is None:
        raise unauthenticated("the refresh token is not valid: sign in again")
    return tokens


def _alive(
    desk: Desk, started: datetime, created: datetime, now: datetime, ended: datetime | None, disabled: bool
) -> bool:
    oldest = now - timedelta(seconds=desk.settings.absolute_seconds)
    return (
        not disabled
        and ended is None
        and started > oldest
        and created > now - timedelta(seconds=desk.settings.refresh_seconds)
    )


async def sign_out(desk: Desk, caller: Caller, token: str) -> None:
    """End the caller's session: access and refresh token are dead at once."""
    async with desk.database.transaction(NOBODY) as connection:
        await connection.execute(SIGN_OUT_SQL, hash_of(token), datetime.now(UTC))
    await desk.jot(caller, Entry(action="logout", subject=f"users/{caller.username}"))
