"""Households: what a family owns together, now or on an earlier day."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from poc.reference_crm.access import Caller
from poc.reference_crm.database import Connection
from poc.reference_crm.desk import Desk
from poc.reference_crm.domain import roll_up as rules
from poc.reference_crm.domain.calendar import bank_calendar
from poc.reference_crm.operations.sweep import EVERYWHERE
from poc.reference_crm.problems import missing

BELONGINGS = "SELECT customer, since, until FROM memberships WHERE household = $1"
ACCOUNTS = """
SELECT number, product, customer, joint_holders, balance, currency, opened, closed FROM accounts
WHERE customer = ANY($1) UNION ALL
SELECT number, product, customer, joint_holders, balance, currency, opened, closed FROM accounts
WHERE number = ANY (ARRAY (SELECT account FROM joint_holdings WHERE customer = ANY($1)))"""


async def roll_up(desk: Desk, caller: Caller, number: str, at: datetime | None) -> dict[str, object]:
    """Return a household's money under management and its members on a day.

    The sum counts every member; who is named depends on whom the caller may see. A household of another branch is not
    there at all.
    """
    async with desk.act(caller, "household.roll_up") as act:
        if await act.connection.fetchrow("SELECT FROM households WHERE number = $1", number) is None:
            raise missing("household")
        day = bank_calendar().day_of(at or act.now)
        visible = rules.members_at(belongings(await act.connection.fetch(BELONGINGS, number)), day)
        act.note("household.roll_up", f"households/{number}", after={"at": day.isoformat()})
    async with desk.database.connection(EVERYWHERE) as connection:
        members = rules.members_at(belongings(await connection.fetch(BELONGINGS, number)), day)
        owned = rules.owned(await accounts_of(connection, list(members)), members, day)
    sums = rules.totals(owned.values())
    currency = max(sums, key=lambda one: abs(sums[one]), default="CNY")
    return {
        "household": number,
        "total": sums.get(currency, Decimal("0.00")),
        "currency": currency,
        "totals": sums,
        "members": sorted(visible & members),
    }


def belongings(rows: Iterable[Mapping[str, object]]) -> list[rules.Belonging]:
    """Return memberships as the rules take them."""
    return [rules.Belonging(**row) for row in rows]  # type: ignore[arg-type]


async def accounts_of(connection: Connection, customers: list[str]) -> list[rules.Held]:
    """Return the accounts that customers own alone or jointly."""
    rows = await connection.fetch(ACCOUNTS, customers)
    return [
        rules.Held(
            number=row["number"],
            product=row["product"],
            holders=frozenset((row["customer"], *(row["joint_holders"] or ()))),
            balance=row["balance"],
            currency=row["currency"],
            opened=row["opened"],
            closed=row["closed"],
        )
        for row in rows
    ]
