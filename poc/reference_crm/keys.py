"""Keys: the wrapped data keys of the database, loaded and unwrapped; the first ones are made at the first start."""

import os

from poc.reference_crm.crypto import Unreadable, unwrap, wrap
from poc.reference_crm.database import Connection

#: Serialises the first start of several processes; any fixed number will do.
LOCK = 7_211_953


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


async def add(connection: Connection, master: bytes, purpose: str) -> None:
    """Make a new key of 32 random bytes; the newest data key seals from the next start on."""
    await connection.execute(
        "INSERT INTO data_keys (purpose, wrapped) VALUES ($1, $2)", purpose, wrap(master, purpose, os.urandom(32))
    )
