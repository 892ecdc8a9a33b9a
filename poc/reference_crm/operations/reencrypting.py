"""Reencrypting: old values encrypted anew, store after store and some at a time, while the service works on."""

from poc.reference_crm.access import Caller, Scope
from poc.reference_crm.database import Connection
from poc.reference_crm.desk import Desk
from poc.reference_crm.vaulted import STORES, Store

#: Encrypting anew concerns all records, also of customers whose processing is restricted; nothing of them is shown.
EVERYTHING = Scope(reach="all", branch="", role="integration")


async def reencrypt(desk: Desk, caller: Caller, limit: int) -> dict[str, object]:
    """Encrypt up to ``limit`` rows anew that an older key or algorithm sealed; return how many were and are left.

    ``stores`` tells what is left by table. Values stay as they are, and so do versions and dates of the records. Each
    call is one transaction: whoever is interrupted goes on where the last one ended.
    """
    done, left = 0, {}
    async with desk.act(caller, "crypto.reencrypt", scope=EVERYTHING) as act:
        for store in STORES:
            done += await _anew(act.connection, desk, store, limit - done)
            left[store.table] = await _left(act.connection, desk, store)
        act.note("config.change", "keys", after={"encrypted_anew": done, "left": sum(left.values())})
    return {"done": done, "left": sum(left.values()), "stores": {name: count for name, count in left.items() if count}}


async def _left(connection: Connection, desk: Desk, store: Store) -> int:
    condition, parameters = store.old(desk.vault)
    count: int = await connection.fetchval(f"SELECT count(*) FROM {store.table} WHERE {condition}", *parameters)
    return count


async def _anew(connection: Connection, desk: Desk, store: Store, limit: int) -> int:
    """Encrypt rows of one store anew; rows that somebody else is changing are left for the next call."""
    condition, parameters = store.old(desk.vault)
    names = ", ".join((*store.key, *store.also, *store.columns))
    locked = "" if store.through else " FOR UPDATE SKIP LOCKED"
    rows = await connection.fetch(
        f"SELECT {names} FROM {store.table} WHERE {condition} ORDER BY {', '.join(store.key)}"
        f" LIMIT ${len(parameters) + 1}{locked}",
        *parameters, max(0, limit),
    )  # fmt: skip
    keys = [[row[name] for row in rows] for name in store.key]
    fresh = [[store.fresh(desk.vault, row, name) for row in rows] for name in store.columns]
    await connection.execute(_written(store), *keys, *fresh)
    return len(rows)


def _written(store: Store) -> str:
    """Return the statement that writes rows; its parameters are arrays, one for each key and encrypted column."""
    types = [*store.key.values(), *("bytea" for _ in store.columns)]
    arrays = ", ".join(f"${place}::{name}[]" for place, name in enumerate(types, start=1))
    if store.through:
        return f"SELECT {store.through}({arrays})"
    sets = ", ".join(f"{name} = u.{name}" for name in store.columns)
    same = " AND ".join(f"t.{name} = u.{name}" for name in store.key)
    names = ", ".join((*store.key, *store.columns))
    return f"UPDATE {store.table} AS t SET {sets} FROM unnest({arrays}) AS u({names}) WHERE {same}"
