"""Keyed: a creation under an idempotency key happens once, however often it is asked for."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from poc.reference_crm.access import Caller
from poc.reference_crm.desk import Act, Desk
from poc.reference_crm.kinds import Kind
from poc.reference_crm.models import checked
from poc.reference_crm.operations.records import put, refuse
from poc.reference_crm.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A reply that is kept under a key; ``replay`` tells that it was given before."""

    status: int
    body: bytes
    etag: str
    replay: bool


async def create_once(desk: Desk, caller: Caller, kind: Kind, key: str, body: bytes) -> Kept:
    """Put a record on file, or return the reply of the first time; another body under the same key is refused."""
    digest = hashlib.sha256(kind.segment.encode() + b"\x00" + body).digest()
    async with desk.act(caller, f"{kind.noun}.create") as act:
        # a second request with the key waits here until the first has ended
        first = await act.connection.fetchval(
            "INSERT INTO keyed_replies (username, key, digest, at) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT DO NOTHING RETURNING 1",
            caller.username, key, digest, act.now,
        )  # fmt: skip
        if first is None:
            return await _kept(act, desk, key, digest)
        values = checked(kind, body)
        if isinstance(values, list):
            raise refuse(values)
        record = await put(act, desk, kind, values)
        return await _keep(act, desk, key, record)


async def _kept(act: Act, desk: Desk, key: str, digest: bytes) -> Kept:
    row = await act.connection.fetchrow(
        "SELECT * FROM keyed_replies WHERE username = $1 AND key = $2", act.caller.username, key
    )
    if row is None or row["digest"] != digest:
        raise Problem(reason="conflict", detail="Idempotency-Key was used for another request: choose a new one")
    body = desk.vault.open(_place(act, key), row["body"])
    return Kept(status=row["status"], body=body, etag=row["etag"], replay=True)


async def _keep(act: Act, desk: Desk, key: str, record: Mapping[str, object]) -> Kept:
    body = orjson.dumps(record, default=str)
    await act.connection.execute(
        "UPDATE keyed_replies SET status = 201, etag = $3, body = $4 WHERE username = $1 AND key = $2",
        act.caller.username, key, '"1"', desk.vault.seal(_place(act, key), body),
    )  # fmt: skip
    return Kept(status=201, body=body, etag='"1"', replay=False)


def _place(act: Act, key: str) -> str:
    return f"keyed_replies/{act.caller.username}/{key}"
