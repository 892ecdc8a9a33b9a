"""History: every changed field of every record, with author, moment, source and both values, which rest sealed."""

from collections.abc import Mapping
from datetime import datetime

import orjson

from poc.reference_crm.access import Caller
from poc.reference_crm.crypto import Vault
from poc.reference_crm.database import Connection
from poc.reference_crm.kinds import Kind

INSERT = (
    "INSERT INTO history (kind, number, branch, at, who, field, before, after, source, trace)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
)


def place(kind: str, number: str, field: str) -> str:
    """Return the name of the place where a value of the history rests."""
    return f"history/{kind}/{number}/{field}"


def sealed_value(vault: Vault, kind: str, number: str, field: str, value: object) -> bytes:
    """Seal one value for the history."""
    return vault.seal(place(kind, number, field), orjson.dumps(value, default=str), owner=f"{kind}.{field}")


def opened_value(vault: Vault, kind: str, number: str, field: str, sealed: bytes) -> object:
    """Return one value of the history in clear, as a JSON value."""
    value: object = orjson.loads(vault.open(place(kind, number, field), sealed))
    return value


def row_of(
    vault: Vault,
    kind: str,
    number: str,
    branch: str,
    field: str,
    pair: tuple[object, object],
    *,
    caller: Caller,
    at: datetime,
    source: str,
) -> tuple[object, ...]:
    """Return the values of one row, in the order of INSERT; ``pair`` is what the field held before and after."""
    before, after = (sealed_value(vault, kind, number, field, value) for value in pair)
    return kind, number, branch, at, caller.author, field, before, after, source, caller.trace


async def record(
    connection: Connection,
    vault: Vault,
    kind: Kind,
    number: str,
    branch: str,
    changes: Mapping[str, tuple[object, object]],
    *,
    caller: Caller,
    at: datetime,
    source: str,
) -> None:
    """Put changes (field -> before, after) into the history; ``source`` is api, bulk, merge, restore or automation."""
    rows = [
        row_of(vault, kind.segment, number, branch, field, pair, caller=caller, at=at, source=source)
        for field, pair in changes.items()
    ]
    if len(rows) == 1:
        await connection.execute(INSERT, *rows[0])
    elif rows:
        await connection.executemany(INSERT, rows)
