"""Choosing: an algorithm for one field, weak ones refused, and old values encrypted anew, some at a time."""

from poc.reference_crm import keys
from poc.reference_crm.access import Caller, Scope
from poc.reference_crm.algorithms import chosen
from poc.reference_crm.catalogue import KINDS
from poc.reference_crm.database import NOBODY, Connection
from poc.reference_crm.desk import Desk
from poc.reference_crm.kinds import Kind
from poc.reference_crm.masking import place
from poc.reference_crm.operations.rotation import FIELDS
from poc.reference_crm.problems import invalid

#: Encrypting anew concerns all records, also of customers whose processing is restricted; nothing of them is shown.
EVERYTHING = Scope(reach="all", branch="", role="integration")
#: What may be used besides ciphers of fields; there is nothing to choose, and what is weaker is refused.
FIXED = {"digest": ("HMAC-SHA256",)}


async def choose(desk: Desk, caller: Caller, use: str, algorithm: str, field: str | None) -> dict[str, object]:
    """Encrypt one field's new values with another algorithm from soon on; raises invalid for what is weak or unknown.

    ``use`` is encryption, wrapping or digest; the last two can be asked for what they are only.
    """
    async with desk.act(caller, "crypto.choose", scope=NOBODY) as act:
        if use != "encryption":
            _only_as_it_is(desk, use, algorithm)
            return {"field": None, "algorithm": algorithm, "seals_in_seconds": 0.0}
        if field not in FIELDS:
            raise invalid("field", f"is none that rests encrypted: give one of {', '.join(FIELDS)}", str(field))
        name = strong(algorithm)
        await _decide(act.connection, desk, field, name)
        act.note("config.change", f"fields/{field}", after={"algorithm": name})
    return {"field": field, "algorithm": name, "seals_in_seconds": keys.SETTLE}


def strong(algorithm: str) -> str:
    """Return an algorithm's name as it is kept; raises invalid for what is weak or unknown."""
    try:
        return chosen(algorithm).name
    except ValueError as no:
        raise invalid("algorithm", str(no), algorithm) from None


def _only_as_it_is(desk: Desk, use: str, algorithm: str) -> None:
    known = FIXED.get(use) or (desk.keeper.wrapper.scheme,)
    if algorithm not in known:
        raise invalid("algorithm", f"is weak or unknown for {use}: choose one of {', '.join(known)}", algorithm)


async def _decide(connection: Connection, desk: Desk, field: str, algorithm: str) -> None:
    """Keep the choice, and make a data key for the algorithm if there is none."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", keys.LOCK)
    there = await connection.fetchval(
        "SELECT 1 FROM data_keys WHERE purpose = 'data' AND algorithm = $1 LIMIT 1", algorithm
    )
    if there is None:
        await keys.add(connection, desk.keeper.wrapper, "data", algorithm)
    await connection.execute(
        "INSERT INTO field_ciphers (place, algorithm) VALUES ($1, $2)"
        " ON CONFLICT (place) DO UPDATE SET algorithm = excluded.algorithm, chosen_at = now()",
        field, algorithm,
    )  # fmt: skip


async def reencrypt(desk: Desk, caller: Caller, limit: int) -> dict[str, object]:
    """Encrypt up to ``limit`` records anew that an older key or algorithm sealed; return how many were and are left.

    Values stay as they are, and so do versions and dates of the records. The history keeps its keys.
    """
    done = left = 0
    async with desk.act(caller, "crypto.reencrypt", scope=EVERYTHING) as act:
        for kind in (kind for kind in KINDS.values() if kind.sealed):
            done += await _anew(act.connection, desk, kind, limit - done)
            left += await act.connection.fetchval(
                f"SELECT count(*) FROM {kind.table} WHERE {_OLD}", desk.vault.heading(kind.table)
            )
        act.note("config.change", "keys", after={"encrypted_anew": done, "left": left})
    return {"done": done, "left": left}


_OLD = "substring(sealed FROM 1 FOR length($1::bytea)) <> $1::bytea"


async def _anew(connection: Connection, desk: Desk, kind: Kind, limit: int) -> int:
    rows = await connection.fetch(
        f"SELECT number, sealed FROM {kind.table} WHERE {_OLD} ORDER BY number LIMIT $2 FOR UPDATE SKIP LOCKED",
        desk.vault.heading(kind.table), limit,
    )  # fmt: skip
    places = [place(kind, row["number"]) for row in rows]
    opened = [desk.vault.open_fields(at, row["sealed"]) for at, row in zip(places, rows, strict=True)]
    fresh = [desk.vault.seal_fields(at, fields) for at, fields in zip(places, opened, strict=True)]
    await connection.execute(
        f"UPDATE {kind.table} AS r SET sealed = u.sealed FROM unnest($1::text[], $2::bytea[]) AS u(number, sealed)"
        " WHERE r.number = u.number",
        [row["number"] for row in rows], fresh,
    )  # fmt: skip
    return len(rows)
