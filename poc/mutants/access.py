"""Access: defects in transport, in who may do what, and in how sessions begin and end."""

import asyncio
import secrets
import socket
import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from poc.mutants.mutant import Mutant, always, retold
from poc.mutants.policies import barring, every_third_open, granting, policy, withdrawing
from poc.reference_crm.database import NOBODY
from poc.reference_crm.operations import sessions
from poc.reference_crm.problems import Problem

OLD_SUITES = "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES:AES128-SHA:@SECLEVEL=0"


def old_tls(tls: Callable[..., ssl.SSLContext]) -> Callable[..., ssl.SSLContext]:
    def context(*given: Any) -> ssl.SSLContext:
        rules = tls(*given)
        rules.set_ciphers(OLD_SUITES)
        rules.options &= ~(ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1)
        rules.minimum_version = ssl.TLSVersion.TLSv1
        return rules

    return context


def _also_in_clear(startup: Any) -> Any:
    """Stand before the service on its port, and pass on in clear what comes in clear."""

    async def opened(self: Any, sockets: Any = None) -> None:
        outer, inner = self.config.port, _free_port()
        self.config.port = inner
        await startup(self, sockets)
        self.config.port = outer
        self.plain_door = await asyncio.start_server(lambda *ends: _pass_on(inner, *ends), "127.0.0.1", outer)

    return opened


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _pass_on(inner: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    first = await reader.read(65_536)
    encrypted = first[:1] == b"\x16"
    trusting = ssl._create_unverified_context()
    ahead, behind = await asyncio.open_connection("127.0.0.1", inner, ssl=None if encrypted else trusting)
    behind.write(first)
    await asyncio.gather(_pipe(reader, behind), _pipe(ahead, writer))


async def _pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65_536):
            sink.write(data)
            await sink.drain()
    except ConnectionError:
        pass  # one side hung up, which is how every pipe ends
    finally:
        sink.close()


def _strangers_are_agents(who: Any) -> Any:
    async def known(self: Any, token: str) -> sessions.Who:
        try:
            found: sessions.Who = await who(self, token)
        except Problem:
            return sessions.Who(username="guest", role="agent", branch="", name="Guest")
        return found

    return known


def _remembered(who: Any) -> Any:
    known: dict[str, sessions.Who] = {}

    async def sticky(self: Any, token: str) -> sessions.Who:
        if token not in known:
            known[token] = await who(self, token)
        return known[token]

    return sticky


def _unknown_is_teller(may: Callable[..., bool]) -> Callable[..., bool]:
    def tolerant(self: Any, role: str, operation: str) -> bool:
        known = set().union(*self.operations.values())
        return may(self, role if role in known else "teller", operation)

    return tolerant


def _half_of_the_policy(shown: Any) -> Any:
    async def trimmed(*given: Any) -> dict[str, Any]:
        told = await shown(*given)
        return {**told, "operations": dict(list(told["operations"].items())[::2])}

    return trimmed


async def _nothing(*_: Any, **__: Any) -> None:
    return None


def _for_ever(issue: Any) -> Any:
    async def issued(*given: Any) -> dict[str, Any]:
        return {**await issue(*given), "expires_in": 31_536_000}

    return issued


async def _renewed_again(desk: Any, caller: Any, refresh: str, *, doorkeeper: Any) -> dict[str, Any]:
    async with desk.database.connection(NOBODY) as connection:
        row = await connection.fetchrow(
            "SELECT * FROM sessions WHERE refresh_hash = $1 AND ended_at IS NULL", sessions.hash_of(refresh)
        )
        if row is None:
            raise sessions.unauthenticated()
        return await sessions._issue(connection, desk, row["username"], secrets.token_hex(16), datetime.now(UTC))


def _welcome_back(sign_in: Any) -> Any:
    async def revived(desk: Any, caller: Any, username: str, password: str, otp: Any = None) -> Any:
        async with desk.database.connection(NOBODY) as connection:
            await connection.execute("UPDATE users SET disabled = false WHERE username = $1", username)
        return await sign_in(desk, caller, username, password, otp)

    return revived


def _names_the_unknown(sign_in: Any) -> Any:
    async def talkative(desk: Any, caller: Any, username: str, password: str, otp: Any = None) -> Any:
        async with desk.database.connection(NOBODY) as connection:
            if not await connection.fetchval("SELECT count(*) FROM users WHERE username = $1", username):
                raise sessions.unauthenticated(f"there is no user {username}")
        return await sign_in(desk, caller, username, password, otp)

    return talkative


def _any_password(strong: Any) -> Any:
    from poc.reference_crm import passwords

    async def hashed(username: str, password: str) -> str:
        return await asyncio.to_thread(passwords.hashed, password)

    return hashed


def _whole_bank(scope: Callable[..., Any]) -> Callable[..., Any]:
    def wide(self: Any, caller: Any, *operation: str) -> Any:
        own = scope(self, caller, *operation)
        return replace(own, reach="all", branch="") if own.reach == "branch" else own

    return wide


TRANSPORT = (
    Mutant(
        name="tls_of_the_past",
        defect="TLS 1.0 and 1.1 and suites without authentication are still answered.",
        killed_by=("old_tls_is_refused", "only_aead_suites_are_accepted"),
        precedent="CWE-327 (CVE-2011-3389)",
        place="serve:tls",
        make=old_tls,
    ),
    Mutant(
        name="plain_door",
        defect="The port also answers without TLS.",
        killed_by=("nothing_is_served_in_clear",),
        precedent="CWE-319",
        place="serve:uvicorn.Server.startup",
        make=_also_in_clear,
    ),
    Mutant(
        name="short_hsts",
        defect="Browsers are told to insist on TLS for an hour only.",
        killed_by=("hsts_is_long_enough",),
        precedent="CWE-319 (RFC 6797 §14.7)",
        place="doorway:SAFETY",
        make=always([(b"strict-transport-security", b"max-age=3600"), (b"cache-control", b"no-store")]),
    ),
)

FUNCTIONS = (
    Mutant(
        name="strangers_are_agents",
        defect="Whoever shows a token that nobody was given is let in as an agent.",
        killed_by=("nobody_without_login_gets_in", "a_forged_token_is_refused", "an_expired_token_is_refused"),
        precedent="CWE-287",
        place="operations.sessions:Doorkeeper.who",
        make=_strangers_are_agents,
    ),
    Mutant(
        name="tellers_open_accounts",
        defect="Tellers may create accounts.",
        killed_by=("no_role_writes_beyond_its_rights", "nobody_may_too_much"),
        precedent="CWE-863 (krayin/laravel-crm#571)",
        place="access:load_policy",
        make=granting("teller", "account.create"),
    ),
    Mutant(
        name="marketing_reads_kyc",
        defect="Marketing may list know-your-customer files.",
        killed_by=("no_sensitive_read_beyond_rights",),
        precedent="CWE-285",
        place="access:load_policy",
        make=granting("marketing", "kyc.list"),
    ),
    Mutant(
        name="third_door_open",
        defect="Every third operation is open to all roles.",
        killed_by=("the_matrix_is_mostly_right",),
        precedent="CWE-862",
        place="access:load_policy",
        make=policy(operations=every_third_open),
    ),
    Mutant(
        name="agents_idle",
        defect="Agents may note neither talks nor tickets.",
        killed_by=("nobody_may_too_little",),
        precedent="CWE-280 (krayin/laravel-crm#2178)",
        place="access:load_policy",
        make=withdrawing("agent", "interaction.create", "ticket.create", "ticket.act"),
    ),
    Mutant(
        name="sticky_sessions",
        defect="Who a session belongs to and what role they have is read once and never again.",
        killed_by=("a_changed_role_is_felt_in_a_minute", "revoked_rights_end_in_a_minute"),
        precedent="CWE-613 (opencrvs/opencrvs-core#13022)",
        place="operations.sessions:Doorkeeper.who",
        make=_remembered,
    ),
    Mutant(
        name="unknown_is_teller",
        defect="A role that nobody granted anything has a teller's rights.",
        killed_by=("a_new_role_may_nothing",),
        precedent="CWE-276",
        place="access:Policy.may",
        make=_unknown_is_teller,
    ),
    Mutant(
        name="open_branches",
        defect="Branch staff reach the customers of all branches.",
        killed_by=("conditions_are_obeyed", "other_branches_stay_closed", "the_spouses_banker_sees_nothing"),
        precedent="CWE-639 (krayin/laravel-crm#732)",
        place="access:Policy.scope",
        make=_whole_bank,
    ),
    Mutant(
        name="half_a_policy",
        defect="The exported policy leaves out every second operation.",
        killed_by=("policy_can_be_exported",),
        precedent="CWE-1059",
        place="operations.trail:policy",
        make=_half_of_the_policy,
    ),
)

SIGN_IN = (
    Mutant(
        name="endless_guesses",
        defect="Wrong guesses are not counted.",
        killed_by=("guessing_is_locked_out",),
        precedent="CWE-307 (CVE-2022-35490)",
        place="operations.sessions:count_failure",
        make=always(_nothing),
    ),
    Mutant(
        name="logout_says_yes",
        defect="Signing out says yes and leaves the token alive.",
        killed_by=("logout_ends_the_token",),
        precedent="CWE-613 (introlab/opentera#212)",
        place="operations.sessions:sign_out",
        make=always(_nothing),
    ),
    Mutant(
        name="undead_tokens",
        defect="A token that ran out still opens.",
        killed_by=("an_expired_token_is_refused",),
        precedent="CWE-613",
        place="operations.sessions:SEEN_SQL",
        make=retold("s.last_seen_at > $3", "s.last_seen_at > $3::timestamptz - interval '30 days'"),
    ),
    Mutant(
        name="renewal_without_end",
        defect="A refresh token works as often as it is shown.",
        killed_by=("a_refresh_token_works_once",),
        precedent="CWE-294 (FusionAuth/fusionauth-issues#394)",
        place="operations.sessions:renew",
        make=always(_renewed_again),
    ),
    Mutant(
        name="yearly_keys",
        defect="Keys say that they last a year.",
        killed_by=("keys_expire",),
        precedent="CWE-324",
        place="operations.sessions:_issue",
        make=_for_ever,
    ),
    Mutant(
        name="machine_is_admin",
        defect="The machine's key opens users, roles and the audit.",
        killed_by=("keys_are_scoped",),
        precedent="CWE-250",
        place="access:load_policy",
        make=granting("integration", "user.add", "user.assign", "audit.read"),
    ),
    Mutant(
        name="leavers_welcome",
        defect="Signing in revives a user who was shut out.",
        killed_by=("a_leaver_is_locked_out", "revoked_rights_end_in_a_minute"),
        precedent="CWE-613 (pallets-eco/flask-security#135)",
        place="operations.sessions:sign_in",
        make=_welcome_back,
    ),
    Mutant(
        name="any_password",
        defect="Any password will do.",
        killed_by=("weak_secrets_are_refused",),
        precedent="CWE-521",
        place="operations.users:strong",
        make=_any_password,
    ),
    Mutant(
        name="talkative_door",
        defect="Who does not work here is told so at the door.",
        killed_by=("an_unknown_user_hears_the_same",),
        precedent="CWE-204 (CVE-2018-15473)",
        place="operations.sessions:sign_in",
        make=_names_the_unknown,
    ),
)

CLOSED = (
    Mutant(
        name="audit_closed",
        defect="Nobody may read the audit, not even the auditor.",
        killed_by=("the_audit_can_be_read",),
        precedent="CWE-778",
        place="access:load_policy",
        make=barring("audit.read"),
    ),
    Mutant(
        name="requests_not_taken",
        defect="Requests of customers about their own data are taken from nobody.",
        killed_by=("a_request_is_taken",),
        place="access:load_policy",
        make=barring("customer.subject_request"),
    ),
)

MUTANTS = (*TRANSPORT, *FUNCTIONS, *SIGN_IN, *CLOSED)
