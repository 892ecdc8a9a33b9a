"""Duplicates: finds customers who are likely one person, over all files in reach or for a newcomer."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date

from poc.reference_crm.access import Caller
from poc.reference_crm.catalogue import CUSTOMERS
from poc.reference_crm.database import Connection
from poc.reference_crm.desk import Desk
from poc.reference_crm.domain import identity, matching
from poc.reference_crm.domain.matching import Person

EVERYBODY = "SELECT number, name, latin_name, sealed FROM customers"
NEAR = f"""
{EVERYBODY} WHERE mobile_index = $1 UNION {EVERYBODY} WHERE email_index = $2
UNION {EVERYBODY} WHERE card_number_index = $3 UNION {EVERYBODY} WHERE national_id_index = ANY($4)"""


#: Which rows a caller sees, and in which versions they stand: the same rows in the same versions have the same doubles.
STANDING = "SELECT count(*) || ':' || coalesce(sum(hashtextextended(number, xmin::text::bigint)), 0) FROM customers"


async def scan(desk: Desk, caller: Caller, *, skip: int, limit: int) -> dict[str, object]:
    """Return likely pairs among all customers in reach, surest first, ``limit`` of them after ``skip``."""
    async with desk.act(caller, "customer.duplicates") as act:
        standing = await act.connection.fetchval(STANDING)
        found = desk.memory.doubles(standing)
        rows = await act.connection.fetch(EVERYBODY) if found is None else []
        act.note("customer.duplicates", "customers")
    if found is None:  # seconds of work for a large bank: a thread of its own lets others be served meanwhile
        found = await asyncio.to_thread(lambda: matching.scan(people(desk, rows)))
        desk.memory.keep_doubles(standing, found)
    page = found[skip : skip + limit]
    return {
        "items": [{"first": one.first, "second": one.second, "score": one.score} for one in page],
        "next": str(skip + limit) if len(found) > skip + limit else None,
    }


def people(desk: Desk, rows: Iterable[Mapping[str, object]]) -> list[Person]:
    """Return customers' rows as the rules compare them, in clear; they stay in memory."""
    return [person(desk.gate.opened(CUSTOMERS, row)) for row in rows]


def person(values: Mapping[str, object]) -> Person:
    """Return a customer's values, restricted ones in clear, as the rules compare them."""
    born = values.get("birth_date")
    return Person(
        number=str(values.get("number") or ""),
        name=str(values["name"]),
        latin_name=str(values.get("latin_name") or ""),
        birth_date=date.fromisoformat(born) if isinstance(born, str) else born,  # type: ignore[arg-type]
        national_id=str(values.get("national_id") or ""),
        mobile=str(values.get("mobile") or ""),
        email=str(values.get("email") or ""),
        address=str(values.get("address") or ""),
        card_number=str(values.get("card_number") or ""),
    )


async def likely(connection: Connection, desk: Desk, values: Mapping[str, object]) -> list[str]:
    """Return the numbers of customers in reach whom a newcomer is likely to be, surest first."""
    newcomer = person(values)
    blind = desk.vault.blind
    rows = await connection.fetch(
        NEAR,
        blind("customers", "mobile", newcomer.mobile),
        blind("customers", "email", newcomer.email) if newcomer.email else None,  # those without one are not alike
        blind("customers", "card_number", newcomer.card_number),
        [blind("customers", "national_id", form) for form in identity.forms(newcomer.national_id)],
    )
    return matching.likely(newcomer, people(desk, rows))
