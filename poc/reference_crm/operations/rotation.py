"""Rotation: a new data key while the service works on, the list of all algorithms and keys, and the bank's own key.

New values are sealed with the new key; old ones stay under theirs and are read as before until they are encrypted anew.
"""

import asyncio
import logging

from poc.reference_crm import keys
from poc.reference_crm.access import Caller
from poc.reference_crm.algorithms import DIGESTS, OFFERED
from poc.reference_crm.catalogue import KINDS
from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Desk
from poc.reference_crm.wrapping import BANK, Unreadable

LOG = logging.getLogger("reference_crm")
#: What is used for what besides the ciphers of fields, with its strength in bits (NIST SP 800-57 part 1, table 2).
ALGORITHMS = (
    {"use": "signatures of events", "algorithm": "HMAC-SHA256", "bits": 256, "standard": "RFC 2104"},
    {"use": "payload encryption", "algorithm": "ECDH-ES P-256 with A256GCM", "bits": 128, "standard": "RFC 7518"},
)
WRAPPING = {
    BANK: {"use": "wrapping of data keys", "algorithm": BANK, "bits": 128, "standard": "RFC 8017"},
    "AES-256-GCM": {
        "use": "wrapping of data keys", "algorithm": "AES-256-GCM", "bits": 256, "standard": "NIST SP 800-38D"
    },
}  # fmt: skip
#: Families that an auditor asks for and this service does not offer; no well-kept library of ours has SM2.
ABSENT = ("SM2", "TLS suites with SM4 (RFC 8998)")
#: What seals the fields that can be chosen for, as ``table.field``.
FIELDS = tuple(f"{kind.table}.{name}" for kind in KINDS.values() for name in kind.sealed)
#: Seconds after which a key that the bank takes away opens nothing any more, in every process.
REVOKED_WITHIN = 5.0
#: Whose data the keys encrypt: they are made in one installation, and no other has them.
TENANT = "this installation"


def field_ciphers(desk: Desk) -> dict[str, str]:
    """Return by field which algorithm encrypts it now."""
    plan, name_of = desk.vault.plan, desk.vault.algorithm_of
    return {name: name_of(plan.fields.get(name, plan.key)) for name in FIELDS}


def in_use(desk: Desk) -> list[dict[str, object]]:
    """Return what is used for what; raises Closed while the bank holds its key back."""
    ciphers = [OFFERED[name] for name in sorted(set(field_ciphers(desk).values()))]
    fields = [
        {"use": "restricted fields at rest", "algorithm": one.name, "bits": one.bits, "standard": one.standard}
        for one in ciphers
    ]
    index = DIGESTS[desk.vault.indexing]
    indexes = {"use": "blind indexes", "algorithm": index.name, "bits": index.bits, "standard": index.standard}
    return [*fields, WRAPPING[desk.keeper.wrapper.scheme], indexes, *ALGORITHMS]


async def inventory(desk: Desk, caller: Caller) -> dict[str, object]:
    """Return algorithms in use and on offer, the families that are not, and the data keys, oldest first."""
    async with desk.act(caller, "crypto.inventory", scope=NOBODY) as act:
        rows = await act.connection.fetch("SELECT id, created_at FROM data_keys WHERE purpose = 'data' ORDER BY id")
        act.note("crypto.inventory", "keys")
    sealing = {desk.vault.sealing}
    listed = [
        {"number": row["id"], "made_at": row["created_at"], "seals": row["id"] in sealing, "tenant": TENANT}
        for row in rows
    ]
    return {
        "algorithms": in_use(desk), "absent": ABSENT, "keys": listed, "offered": list(OFFERED),
        "digests": list(DIGESTS), "fields": field_ciphers(desk),
        "held_by": desk.keeper.held_by, "kept": desk.keeper.apart,
        "revoked_within_seconds": REVOKED_WITHIN if desk.keeper.held_by == "bank" else None,
    }  # fmt: skip


async def rotate(desk: Desk, caller: Caller) -> dict[str, object]:
    """Make a new data key of each algorithm in use; return the number of the one that will seal, and when it does."""
    async with desk.act(caller, "crypto.rotate", scope=NOBODY) as act:
        name_of, plan = desk.vault.algorithm_of, desk.vault.plan
        own = {name_of(number) for number in plan.fields.values()} - {name_of(plan.key)}
        for algorithm in sorted(own):
            await keys.add(act.connection, desk.keeper.wrapper, "data", algorithm)
        number = await keys.add(act.connection, desk.keeper.wrapper, "data", name_of(plan.key))
        act.note("config.change", f"keys/{number}", after={"data_key": number})
    return {"number": number, "seals_in_seconds": keys.SETTLE}


async def follow(desk: Desk, every: float = keys.LOOK) -> None:
    """Learn of new data keys and of the bank's key, again and again until cancelled; each process does."""
    while True:
        await asyncio.sleep(every)
        try:
            await learn(desk)
        except Exception:
            LOG.exception("keys not read", extra={"facts": {"again_in_seconds": every}})


async def learn(desk: Desk, settle: float = keys.SETTLE) -> None:
    """Take the data keys that were made since, and seal as every process can by now; close if the bank wants so."""
    try:
        if not desk.keeper.look():
            _close(desk, "it is not there")
            return
        async with desk.database.connection(NOBODY) as connection:
            if desk.vault.closed or desk.keeper.wrapper is not desk.keeper.proven:
                ring = await keys.everything(connection, desk.keeper.wrapper, settle)
                desk.vault.reopen(ring.keys, ring.index_key, ring.sealing)
                desk.keeper.proven = desk.keeper.wrapper
                LOG.warning("the bank's key is back", extra={"facts": {"data_keys": len(ring.keys)}})
                return
            fresh, sealing = await keys.newer(connection, desk.keeper.wrapper, desk.vault.known, settle)
    except Unreadable as other:
        desk.keeper.distrust()
        _close(desk, str(other))
        return
    if fresh or (sealing != desk.vault.plan and sealing.key >= desk.vault.sealing):
        desk.vault.adopt(fresh, sealing if sealing.key >= desk.vault.sealing else desk.vault.plan)


def _close(desk: Desk, why: str) -> None:
    if not desk.vault.closed:
        desk.close_vault()
        LOG.warning("the bank holds its key back", extra={"facts": {"why": why}})
