"""Keys: the wrapped data keys of the database, loaded and unwrapped; the first ones are made at the first start."""

import os
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from poc.reference_crm.algorithms import DEFAULT, DIGESTS, OFFERED, USUAL
from poc.reference_crm.crypto import DataKey, Sealing
from poc.reference_crm.database import Connection
from poc.reference_crm.wrapping import BANK, Unreadable, Wrapper

#: Serialises the first start of several processes; any fixed number will do.
LOCK = 7_211_953
#: Bytes of the key from which those of the blind indexes are made.
INDEX_KEY = 32
#: Seconds from the making of a data key until it seals, and between two looks of each process for new ones.
SETTLE, LOOK = 3.0, 1.0

_KEYS = (
    "SELECT id, purpose, wrapped, wrapping, algorithm, created_at < now() - make_interval(secs => $1) AS settled"
    " FROM data_keys ORDER BY id"
)
_CHOICES = (
    "SELECT place, algorithm FROM field_ciphers WHERE chosen_at < now() - make_interval(secs => $1) ORDER BY place"
)


class Ring(NamedTuple):
    """All keys of a database, what seals, and the name of the digest that makes blind indexes."""

    keys: dict[int, DataKey]
    index_key: bytes
    sealing: Sealing
    indexing: str


async def load(
    connection: Connection,
    wrapper: Wrapper,
    algorithm: str = DEFAULT,
    former: Wrapper | None = None,
    indexing: str = USUAL,
) -> Ring:
    """Return the keys; the first are made for ``algorithm`` and ``indexing``. Raises Unreadable for a wrong wrapper.

    Keys that ``former`` wrapped are wrapped anew: so a bank takes its keys into its own hands.
    """
    await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
    rows = await connection.fetch(_KEYS, 0.0)
    present = {row["purpose"] for row in rows}
    for purpose, name in (("data", algorithm), ("index", indexing)):
        if purpose not in present:
            await add(connection, wrapper, purpose, name)
    for row in rows:
        if row["wrapping"] != wrapper.scheme and former is not None and row["wrapping"] == former.scheme:
            key = former.unwrap(row["purpose"], row["wrapped"])
            await connection.execute(
                "UPDATE data_keys SET wrapped = $2, wrapping = $3 WHERE id = $1",
                row["id"], wrapper.wrap(row["purpose"], key), wrapper.scheme,
            )  # fmt: skip
    return await everything(connection, wrapper, settle=0.0)


async def everything(connection: Connection, wrapper: Wrapper, settle: float = SETTLE) -> Ring:
    """Return all keys unwrapped, and what seals by now; raises Unreadable."""
    rows = await connection.fetch(_KEYS, settle)
    choices = await connection.fetch(_CHOICES, settle)
    index = [row for row in rows if row["purpose"] == "index"]
    if len(index) != 1:
        raise Unreadable(f"there must be one index key, and there are {len(index)}")
    data = [row for row in rows if row["purpose"] == "data"]
    held = {row["id"]: DataKey(key=_opened(row, wrapper), algorithm=row["algorithm"]) for row in data}
    # the index key of an older database names no digest: there was but one
    indexing = index[0]["algorithm"] if index[0]["algorithm"] in DIGESTS else USUAL
    return Ring(held, _opened(index[0], wrapper), plan(data, choices), indexing)


async def add(connection: Connection, wrapper: Wrapper, purpose: str, algorithm: str = DEFAULT) -> int:
    """Make a new random key and return its number; see ``newer`` for when a data key begins to seal."""
    key = OFFERED[algorithm].new_key() if purpose == "data" else os.urandom(INDEX_KEY)
    number: int = await connection.fetchval(
        "INSERT INTO data_keys (purpose, wrapped, wrapping, algorithm) VALUES ($1, $2, $3, $4) RETURNING id",
        purpose, wrapper.wrap(purpose, key), wrapper.scheme, algorithm,
    )  # fmt: skip
    return number


async def newer(
    connection: Connection, wrapper: Wrapper, known: Collection[int], settle: float = SETTLE
) -> tuple[dict[int, DataKey], Sealing]:
    """Return the data keys that are not known yet, and what seals by now.

    A key opens from the moment it is known and seals ``settle`` seconds after it was made, when every process knows
    it: so no process meets a value that it cannot open. So it is with the algorithm chosen for a field.
    """
    rows = [row for row in await connection.fetch(_KEYS, settle) if row["purpose"] == "data"]
    choices = await connection.fetch(_CHOICES, settle)
    fresh = {
        row["id"]: DataKey(key=_opened(row, wrapper), algorithm=row["algorithm"])
        for row in rows
        if row["id"] not in known
    }
    return fresh, plan(rows, choices)


def plan(rows: Iterable[Mapping[str, Any]], choices: Iterable[Mapping[str, Any]]) -> Sealing:
    """Return what seals: for all the newest settled key of the first key's algorithm, for a field that of its own."""
    keys = list(rows)
    standard = keys[0]["algorithm"]
    newest = {row["algorithm"]: row["id"] for row in keys if row["settled"]}
    newest.setdefault(standard, keys[0]["id"])
    own = {one["place"]: newest[one["algorithm"]] for one in choices if one["algorithm"] in newest}
    return Sealing(
        key=newest[standard], fields={name: number for name, number in own.items() if number != newest[standard]}
    )


def _opened(row: Mapping[str, Any], wrapper: Wrapper) -> bytes:
    if row["wrapping"] != wrapper.scheme:
        whose = "the bank's key: set TOUCHSTONE_CRM_BANK_KEY" if row["wrapping"] == BANK else "another way"
        raise Unreadable(f"data key {row['id']} is wrapped by {whose}")
    return wrapper.unwrap(row["purpose"], row["wrapped"])
