"""Choosing: an algorithm for one field; weak ones are refused."""

from poc.reference_crm import keys
from poc.reference_crm.access import Caller
from poc.reference_crm.algorithms import chosen
from poc.reference_crm.database import NOBODY, Connection
from poc.reference_crm.desk import Desk
from poc.reference_crm.operations.rotation import FIELDS
from poc.reference_crm.problems import invalid


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
    known = desk.vault.indexing if use == "digest" else desk.keeper.wrapper.scheme
    if algorithm != known:
        raise invalid(
            "algorithm", f"is weak, unknown, or not that of this database for {use}: it has {known}", algorithm
        )


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
