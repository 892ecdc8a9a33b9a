"""Tenants: legal entities opened, listed and closed by the administrators of the installation."""

import asyncio
import hashlib
import os
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from poc.reference_crm.access import Caller
from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Desk
from poc.reference_crm.migrate import migrate
from poc.reference_crm.operations import users
from poc.reference_crm.operations.sweep import EVERYWHERE
from poc.reference_crm.problems import FieldError, Problem, forbidden, missing
from poc.reference_crm.tenancy import Tenants, place, store_url, tenant


async def open_(
    desk: Desk, tenants: Tenants, caller: Caller, name: str, username: str, password: str
) -> dict[str, object]:
    """Open a legal entity: an empty store, a new master key and a first administrator; all of it or nothing."""
    await _ours(desk, caller, "tenant.open", name)
    await users.strong(username, password)
    store = f"{urlsplit(desk.settings.database_url).path.strip('/')[:30]}_t_{name}"
    key = os.urandom(32)
    async with desk.act(caller, "tenant.open", subject=f"tenants/{name}", scope=NOBODY) as act:
        taken = await act.connection.fetchval(
            "INSERT INTO tenants (name, store, sealed, opened_at, opened_by) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT DO NOTHING RETURNING name",
            name, store, desk.vault.seal(place(name), key), act.now, caller.username,
        )  # fmt: skip
        if taken is None:
            error = FieldError(field="name", message="is taken", value=name)
            raise Problem(reason="duplicate", detail="name is taken", errors=(error,))
        act.note("tenant.open", f"tenants/{name}", after={"store": store})
        await _make(desk, store)
    served = await tenants.find(name)
    if served is None:
        raise missing("tenant")
    await users.bootstrap(served.desk, password, username)
    return _shown(name, store, key)


async def _ours(desk: Desk, caller: Caller, operation: str, name: str) -> None:
    """Let only the installation's own administrators pass: no tenant rules over another."""
    await desk.authorise(caller, operation, f"tenants/{name}")
    if tenant():
        await desk.deny(caller, operation, f"tenants/{name}")
        raise forbidden(operation)


async def _make(desk: Desk, store: str) -> None:
    """Make an empty migrated database; the name consists of letters, digits and underscores."""
    settings = desk.settings
    try:
        connection = await asyncpg.connect(settings.database_url)
        try:
            source = settings.tenant_template or "template0"
            await connection.execute(f'DROP DATABASE IF EXISTS "{store}" WITH (FORCE)')
            await connection.execute(f'CREATE DATABASE "{store}" TEMPLATE "{source}" STRATEGY file_copy')
        finally:
            await connection.close()
    except asyncpg.InsufficientPrivilegeError as fault:
        detail = "the service's database user may not create databases: grant it CREATEDB to open tenants here"
        raise Problem(reason="unsupported", detail=detail) from fault
    if not settings.tenant_template:
        await asyncio.to_thread(migrate, store_url(settings.database_url, store))


async def everyone(desk: Desk, caller: Caller) -> list[dict[str, object]]:
    """Return the bank itself and its tenants by name: where each keeps its data, and by which key (a fingerprint)."""
    await _ours(desk, caller, "tenant.list", "")
    async with desk.act(caller, "tenant.list", scope=NOBODY) as act:
        rows = await act.connection.fetch("SELECT name, store, sealed FROM tenants ORDER BY name")
        act.note("tenant.list", "tenants")
    own = _shown("", urlsplit(desk.settings.database_url).path.strip("/"), desk.settings.master_key_bytes)
    return [
        own,
        *(_shown(row["name"], row["store"], desk.vault.open(place(row["name"]), row["sealed"])) for row in rows),
    ]


def _shown(name: str, store: str, key: bytes) -> dict[str, Any]:
    return {"name": name, "store": store, "key": hashlib.sha256(b"fingerprint" + key).hexdigest()[:16]}


async def close(desk: Desk, tenants: Tenants, caller: Caller, name: str) -> None:
    """Close a legal entity that has no customer on file: its store and its key are gone for good."""
    await _ours(desk, caller, "tenant.close", name)
    served = await tenants.find(name)
    if served is None:
        raise missing("tenant")
    async with served.desk.database.connection(EVERYWHERE) as connection:
        left = await connection.fetchval("SELECT count(*) FROM customers")
    if left:
        raise Problem(reason="conflict", detail=f"{left} customers are on file there: take them off first")
    async with desk.act(caller, "tenant.close", subject=f"tenants/{name}", scope=NOBODY) as act:
        store = await act.connection.fetchval("DELETE FROM tenants WHERE name = $1 RETURNING store", name)
        act.note("tenant.close", f"tenants/{name}", before={"store": store})
    await tenants.forget(name)
    connection = await asyncpg.connect(desk.settings.database_url)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{store}" WITH (FORCE)')
    finally:
        await connection.close()
