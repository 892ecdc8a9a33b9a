"""Keys: the wrapped data keys of the database, loaded and unwrapped; the first ones are made at the first start."""

import os
from collections.abc import Collection

from poc.reference_crm.crypto import Unreadable, unwrap, wrap
from poc.reference_crm.database import Connection

#: Serialises the first start of several processes; any fixed number will do.
LOCK = 7_211_953
#: Seconds from the making of a data key until it seals, and between two looks of each process for new ones.
SETTLE, LOOK = 3.0, 1.0


async def load(connection: Connection, master: bytes) -> tuple[dict[int, bytes], bytes]:
    """Return the data keys by id and the key of the blind indexes; raises Unreadable for a wrong master key."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
    rows = await connection.fetch("SELECT id, purpose, wrapped FROM data_keys")
    present = {row["purpose"] for row in rows}
    for purpose in ("data", "index"):
        if purpose not in present:
            await add(connection, master, purpose)
    rows = await connection.fetch("SELECT id, purpose, wrapped FROM data_keys ORDER BY id")
    opened = [(row["id"], row["purpose"], unwrap(master, row["purpose"], row["wrapped"])) for row in rows]
    index = [key for _, purpose, key in opened if purpose == "index"]
    if len(index) != 1:
        raise Unreadable(f"there must be one index key, and there are {len(index)}")
    return {number: key for number, purpose, key in opened if purpose == "data"}, index[0]


async def add(connection: Connection, master: bytes, purpose: str) -> int:
    """Make a new key of 32 random bytes and return its number; see ``newer`` for when a data key begins to seal."""
    number: int = await connection.fetchval(
        "INSERT INTO data_keys (purpose, wrapped) VALUES ($1, $2) RETURNING id",
        purpose, wrap(master, purpose, os.urandom(32)),
    )  # fmt: skip
    return number


async def newer(
    connection: Connection, master: bytes, known: Collection[int], settle: float = SETTLE
) -> tuple[dict[int, bytes], int]:
    """Return the data keys that are not known yet, and the number of the one that seals by now.

    A key opens from the moment it is known and seals ``settle`` seconds after it was made, when every process knows
    it: so no process meets a value that it cannot open.
    """
    rows = await connection.fetch(
        "SELECT id, wrapped, created_at < now() - make_interval(secs => $1) AS settled FROM data_keys"
        " WHERE purpose = 'data' ORDER BY id",
        settle,
    )
    fresh = {row["id"]: unwrap(master, "data", row["wrapped"]) for row in rows if row["id"] not in known}
    return fresh, max([row["id"] for row in rows if row["settled"]], default=rows[0]["id"])
