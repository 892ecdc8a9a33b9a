"""Dossier: everything on file about one customer, in clear, for the customer's own eyes."""

from poc.reference_crm import history
from poc.reference_crm.catalogue import CUSTOMERS, KINDS
from poc.reference_crm.desk import Act, Desk
from poc.reference_crm.masking import Row
from poc.reference_crm.operations import attachments
from poc.reference_crm.operations.included import PATHS

#: How far back the trail of who looked is told.
LOOKS = 500


async def dossier(act: Act, desk: Desk, row: Row) -> dict[str, object]:
    """Return the customer's record, everything that hangs on it, its changes, and who worked with it."""
    number, role = str(row["number"]), act.caller.role
    told: dict[str, object] = {
        "customer": desk.gate.shown(CUSTOMERS, row, role, clear=CUSTOMERS.sealed),
        "told_at": act.now,
    }
    for segment, condition in PATHS["customers"].items():
        kind = KINDS[segment]
        rows = await act.connection.fetch(
            f"SELECT {kind.columns_sql} FROM {kind.table} WHERE {condition} ORDER BY number", number
        )
        told[segment] = [desk.gate.shown(kind, one, role) for one in rows]
    members = await act.connection.fetch(
        "SELECT DISTINCT g.number, g.name, g.channel, g.product FROM campaigns AS g"
        " JOIN campaign_members AS m ON m.campaign = g.number WHERE m.customer = $1",
        number,
    )
    told["documents"] = await attachments.of_customer(act, desk, number)
    told["campaigns"] = [dict(one) for one in members]
    told["changes"] = await _changes(act, desk, number)
    told["processing"] = await _processing(act, number)
    return told


async def _changes(act: Act, desk: Desk, number: str) -> list[dict[str, object]]:
    rows = await act.connection.fetch(
        "SELECT at, field, before, after, source FROM history WHERE kind = 'customers' AND number = $1 ORDER BY id",
        number,
    )
    return [
        {
            "at": row["at"],
            "field": row["field"],
            "source": row["source"],
            **{
                side: history.opened_value(desk.vault, "customers", number, row["field"], row[side])
                for side in ("before", "after")
            },
        }
        for row in rows
    ]


async def _processing(act: Act, number: str) -> list[dict[str, object]]:
    """Return who worked with the data by role, never by name."""
    rows = await act.connection.fetch(
        "SELECT at, action, role FROM audit WHERE subject = $1 ORDER BY id DESC LIMIT $2", f"customers/{number}", LOOKS
    )
    return [dict(row) for row in rows]
