"""Providers: whose word about people the bank takes: set up, listed, dropped, and whom a subject of theirs means."""

import secrets
from collections.abc import Mapping
from typing import Any

import orjson

from poc.reference_crm import outbound
from poc.reference_crm.access import Caller
from poc.reference_crm.database import NOBODY, Connection
from poc.reference_crm.desk import Desk
from poc.reference_crm.problems import Problem, invalid, missing

#: Most providers of one bank.
MOST = 50
SHOWN = "id, name, protocol, issuer, settings, groups, newcomers"


async def trust(desk: Desk, caller: Caller, told: Mapping[str, Any]) -> dict[str, object]:
    """Set a provider up and return it; raises invalid for one that cannot be one.

    ``groups`` maps groups of the provider to roles here, the first that fits wins; with ``newcomers`` whoever is in
    one of them and not known yet is taken on.
    """
    await desk.authorise(caller, "provider.trust")
    await _sound(desk, told)
    number, settings = f"P-{secrets.token_hex(8)}", {name: told[name] for name in _parts(told) if told.get(name)}
    secret = told.get("client_secret")
    sealed = desk.vault.seal(place(number), str(secret).encode()) if secret else None
    async with desk.act(caller, "provider.trust", scope=NOBODY) as act:
        if await act.connection.fetchval("SELECT count(*) FROM identity_providers") >= MOST:
            raise Problem(reason="conflict", detail=f"there are {MOST} providers already: drop one first")
        await act.connection.execute(
            "INSERT INTO identity_providers"
            " (id, name, protocol, issuer, settings, secret, groups, newcomers, trusted_by, trusted_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            number, told["name"], told["protocol"], told["issuer"], orjson.dumps(settings).decode(), sealed,
            orjson.dumps(told["groups"]).decode(), told["newcomers"], caller.username, act.now,
        )  # fmt: skip
        after = {name: told[name] for name in ("protocol", "issuer", "groups", "newcomers")}
        act.note("config.change", f"providers/{number}", after=after)
        return shown(await row_of(act.connection, number))


def place(number: str) -> str:
    """Return where the secret of a provider rests."""
    return f"providers/{number}"


def _parts(told: Mapping[str, Any]) -> tuple[str, ...]:
    if told["protocol"] == "oidc":
        return ("client_id", "groups_claim")
    return ("sign_on_url", "certificate", "groups_claim")


async def _sound(desk: Desk, told: Mapping[str, Any]) -> None:
    """Refuse settings with which no login can be judged."""
    for name in ("client_id",) if told["protocol"] == "oidc" else ("sign_on_url", "certificate"):
        if not told.get(name):
            raise invalid(name, f"is needed for a provider of {told['protocol']}")
    address = told["issuer"] if told["protocol"] == "oidc" else told["sign_on_url"]
    try:
        parts = outbound.checked(address)
        if told["protocol"] == "oidc":
            await outbound.resolved(parts, desk.settings.outbound)
    except outbound.Undeliverable as no:
        raise invalid("issuer" if told["protocol"] == "oidc" else "sign_on_url", str(no)) from None
    if told["protocol"] == "saml":
        _readable(told["certificate"])


def _readable(certificate: str) -> None:
    from cryptography.x509 import load_pem_x509_certificate

    try:
        load_pem_x509_certificate(certificate.encode())
    except ValueError:
        raise invalid("certificate", "is no certificate in PEM") from None


async def row_of(connection: Connection, number: str) -> Mapping[str, Any]:
    """Return a provider as it rests; raises not-found."""
    row = await connection.fetchrow(f"SELECT {SHOWN}, secret FROM identity_providers WHERE id = $1", number)
    if row is None:
        raise missing("identity provider")
    return dict(row) | {name: orjson.loads(row[name]) for name in ("settings", "groups")}


def shown(row: Mapping[str, Any]) -> dict[str, object]:
    """Return a provider as it can be read back, without its secret."""
    return {name: row[name] for name in ("id", "name", "protocol", "issuer", "groups", "newcomers")}


async def everyone(desk: Desk, caller: Caller) -> list[dict[str, object]]:
    """Return all providers by name."""
    async with desk.act(caller, "provider.list", scope=NOBODY) as act:
        rows = await act.connection.fetch(f"SELECT {SHOWN} FROM identity_providers ORDER BY name, id")
        act.note("provider.list", "providers")
        return [shown(dict(row) | {"groups": orjson.loads(row["groups"])}) for row in rows]


async def drop(desk: Desk, caller: Caller, number: str) -> None:
    """Trust a provider no more: its links go, and the sessions that rest on its word end with it."""
    async with desk.act(caller, "provider.drop", scope=NOBODY) as act:
        gone = await act.connection.fetchval("DELETE FROM identity_providers WHERE id = $1 RETURNING issuer", number)
        if gone is None:
            raise missing("identity provider")
        act.note("config.change", f"providers/{number}", before={"issuer": gone})


async def link(desk: Desk, caller: Caller, number: str, subject: str, username: str) -> None:
    """Say that a subject of a provider is a user of ours; nothing else ties the two, no name and no e-mail."""
    async with desk.act(caller, "provider.trust", subject=f"users/{username}", scope=NOBODY) as act:
        await row_of(act.connection, number)
        if not await act.connection.fetchval("SELECT count(*) FROM users WHERE username = $1", username):
            raise missing("user")
        await act.connection.execute(
            "INSERT INTO linked_identities (provider, subject, username, linked_at) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (provider, subject) DO UPDATE SET username = $3, linked_at = $4",
            number, subject, username, act.now,
        )  # fmt: skip
        act.note("user.link", f"users/{username}", after={"provider": number, "subject": subject})
