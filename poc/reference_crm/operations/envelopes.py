"""Envelopes: callers leave a public key, and records go to them encrypted under it."""

import hashlib
from collections.abc import Callable, Mapping

import orjson

from poc.reference_crm import payload
from poc.reference_crm.access import Caller
from poc.reference_crm.catalogue import CUSTOMERS
from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import records
from poc.reference_crm.problems import Problem, invalid


async def register(desk: Desk, caller: Caller, jwk: Mapping[str, str]) -> None:
    """Keep the caller's public key in the place of the one before; raises invalid for no point of the curve."""
    try:
        payload.public_key(jwk)
    except ValueError:
        raise invalid("x", "and y are no point of P-256") from None
    mark = hashlib.sha256(orjson.dumps(dict(jwk), option=orjson.OPT_SORT_KEYS)).hexdigest()
    async with desk.act(caller, "payload.register_key", scope=NOBODY) as act:
        await act.connection.execute(
            "INSERT INTO payload_keys (username, jwk, at) VALUES ($1, $2, $3)"
            " ON CONFLICT (username) DO UPDATE SET jwk = excluded.jwk, at = excluded.at",
            caller.username, dict(jwk), act.now,
        )  # fmt: skip
        act.note("config.change", f"users/{caller.username}", after={"payload_key_sha256": mark})


async def sealed(desk: Desk, caller: Caller, number: str, encode: Callable[[object], bytes]) -> bytes:
    """Return a customer as the caller may see it, as a JWE under the caller's key; raises conflict without a key."""
    record = await records.get(desk, caller, CUSTOMERS, number)
    async with desk.database.connection(NOBODY) as connection:
        jwk = await connection.fetchval("SELECT jwk FROM payload_keys WHERE username = $1", caller.username)
    if jwk is None:
        raise Problem(reason="conflict", detail="leave a public key first: PUT /v1/payload-key")
    return payload.sealed_for(jwk, encode(record))
