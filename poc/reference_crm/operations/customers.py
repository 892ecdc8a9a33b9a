"""Customers: search by name, restricted fields shown in clear for a reason, and counts for reports."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.catalogue import CUSTOMERS
from poc.reference_crm.desk import Act, Desk, too_many
from poc.reference_crm.masking import Row
from poc.reference_crm.operations import factors
from poc.reference_crm.operations.listing import visible
from poc.reference_crm.operations.records import subject
from poc.reference_crm.problems import Problem, invalid, missing

#: By which fields customers may be counted.
COUNTED = ("branch", "tier", "state", "language", "risk_level", "gender", "manager")
#: Counts are kept by field and value for each branch and tier, under the rule of sight of the customers themselves.
COUNT = (
    "SELECT value, sum(number)::bigint AS number FROM customer_tallies WHERE field = $1"
    " GROUP BY value HAVING sum(number) > 0 ORDER BY value"
)
SEARCH = f"SELECT {CUSTOMERS.columns_sql} FROM search_customers($1, $2)"


async def search(desk: Desk, caller: Caller, text: str, limit: int) -> list[dict[str, object]]:
    """Return customers whose name holds the text, best first; the text itself is not put on record."""
    entry = Entry(action="customer.search", subject="customers", after={"length": len(text)})
    rows = await desk.read(caller, "customer.search", SEARCH, (text.strip(), limit), entry)
    return [desk.gate.shown(CUSTOMERS, row, caller.role) for row in rows]


async def unmask(desk: Desk, caller: Caller, number: str, fields: Sequence[str], reason: str) -> dict[str, object]:
    """Return a customer with the named restricted fields in clear; so often an hour, with the reason on record."""
    unknown = [name for name in fields if name not in CUSTOMERS.sealed]
    if unknown:
        raise invalid("fields", "may name restricted fields only", unknown[0][:40])
    await factors.demand_fresh(desk, caller, "customer.unmask", subject(CUSTOMERS, number))
    async with desk.act(caller, "customer.unmask", subject=subject(CUSTOMERS, number)) as act:
        row: Row | None = await act.connection.fetchrow(
            f"SELECT {CUSTOMERS.columns_sql} FROM customers WHERE number = $1", number
        )
        if row is None:
            raise missing()
        refused = await ration(act, desk.settings.unmask_per_hour)
        if refused is None:
            act.note("customer.unmask", subject(CUSTOMERS, number), after={"fields": list(fields), "reason": reason})
    if refused is not None:
        await desk.deny(caller, "customer.unmask", subject(CUSTOMERS, number))
        raise refused
    return desk.gate.shown(CUSTOMERS, row, caller.role, clear=fields)


async def ration(act: Act, most: int) -> Problem | None:
    """Count one unmasking, or return the refusal of one too many in the hour."""
    await act.connection.execute("SELECT pg_advisory_xact_lock(hashtext('unmask/' || $1))", act.caller.username)
    past = await act.connection.fetchrow(
        "SELECT count(*) AS done, min(at) AS first FROM unmaskings WHERE username = $1 AND at > $2",
        act.caller.username, act.now - timedelta(hours=1),
    )  # fmt: skip
    if past["done"] >= most:
        wait = past["first"] + timedelta(hours=1) - act.now
        return too_many(f"no more than {most} unmaskings an hour", int(wait.total_seconds()) + 1)
    await act.connection.execute("INSERT INTO unmaskings (username, at) VALUES ($1, $2)", act.caller.username, act.now)
    return None


async def count(desk: Desk, caller: Caller, by: str) -> Mapping[str, int]:
    """Return how many customers in reach have each value of a field; restricted fields cannot be counted by."""
    await desk.authorise(caller, "customer.count", "customers")
    visible(desk, caller, CUSTOMERS, by)
    if by not in COUNTED:
        raise invalid("by", f"must be one of {', '.join(COUNTED)}", by[:40])
    entry = Entry(action="customer.count", subject="customers", after={"by": by})
    rows = await desk.read(caller, "customer.count", COUNT, (by,), entry)
    return {row["value"]: row["number"] for row in rows}
