"""Rotation: a new data key while the service works on, and the list of all algorithms and keys in use.

New values are sealed with the new key; old ones stay under theirs and are read as before.
"""

import asyncio
import logging

from poc.reference_crm import keys
from poc.reference_crm.access import Caller
from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Desk

LOG = logging.getLogger("reference_crm")
#: What is used for what, with its strength in bits (NIST SP 800-57 part 1, table 2) and the standard.
ALGORITHMS = (
    {"use": "restricted fields at rest", "algorithm": "AES-256-GCM", "bits": 256, "standard": "NIST SP 800-38D"},
    {"use": "wrapping of data keys", "algorithm": "AES-256-GCM", "bits": 256, "standard": "NIST SP 800-38D"},
    {"use": "blind indexes", "algorithm": "HMAC-SHA256", "bits": 256, "standard": "RFC 2104"},
    {"use": "signatures of events", "algorithm": "HMAC-SHA256", "bits": 256, "standard": "RFC 2104"},
    {"use": "payload encryption", "algorithm": "ECDH-ES P-256 with A256GCM", "bits": 128, "standard": "RFC 7518"},
)
#: Families that an auditor asks for and this service does not offer.
ABSENT = ("SM2", "SM3", "SM4", "RSA")


async def inventory(desk: Desk, caller: Caller) -> dict[str, object]:
    """Return the algorithms in use, the families that are not offered, and the data keys, oldest first."""
    async with desk.act(caller, "crypto.inventory", scope=NOBODY) as act:
        rows = await act.connection.fetch("SELECT id, created_at FROM data_keys WHERE purpose = 'data' ORDER BY id")
        act.note("crypto.inventory", "keys")
    listed = [
        {"number": row["id"], "made_at": row["created_at"], "seals": row["id"] == desk.vault.sealing} for row in rows
    ]
    return {"algorithms": ALGORITHMS, "absent": ABSENT, "keys": listed}


async def rotate(desk: Desk, caller: Caller) -> dict[str, object]:
    """Make a new data key and return its number and the seconds until it seals; nothing stops meanwhile."""
    async with desk.act(caller, "crypto.rotate", scope=NOBODY) as act:
        number = await keys.add(act.connection, desk.settings.master_key_bytes, "data")
        act.note("config.change", f"keys/{number}", after={"data_key": number})
    return {"number": number, "seals_in_seconds": keys.SETTLE}


async def follow(desk: Desk, every: float = keys.LOOK) -> None:
    """Learn of new data keys, again and again until cancelled; each process does."""
    while True:
        await asyncio.sleep(every)
        try:
            await learn(desk)
        except Exception:
            LOG.exception("keys not read", extra={"facts": {"again_in_seconds": every}})


async def learn(desk: Desk, settle: float = keys.SETTLE) -> None:
    """Take the data keys that were made since, and seal with the newest that every process knows."""
    async with desk.database.connection(NOBODY) as connection:
        fresh, sealing = await keys.newer(connection, desk.settings.master_key_bytes, desk.vault.known, settle)
    if fresh or sealing > desk.vault.sealing:
        desk.vault.adopt(fresh, max(sealing, desk.vault.sealing))
