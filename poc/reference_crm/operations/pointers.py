"""Pointers: everything on file that names a customer, moved to another one and back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from poc.reference_crm.catalogue import CUSTOMERS, KINDS
from poc.reference_crm.database import Connection
from poc.reference_crm.kinds import Kind
from poc.reference_crm.tables import RECORDS

#: Tables of the service's own that name a customer.
OWN = ("timers", "fired")
#: Documents of a customer and of their tickets hang on another one.
HANG = "UPDATE attachments SET customer = $2 WHERE customer = $1{} RETURNING number"
#: The columns in which a customer rests; what the database works out itself is left out.
STORED = ", ".join(column.name for column in RECORDS["customers"].columns if column.computed is None)


def pointing() -> Iterator[tuple[Kind, str]]:
    """Yield every kind and field that holds the number of one customer."""
    for kind in KINDS.values():
        for field in kind.fields:
            if "customers" in field.refers and field.form == "text":
                yield kind, field.name


async def move(connection: Connection, old: str, new: str, branch: str) -> dict[str, Any]:
    """Let everything that names ``old`` name ``new``, and belong to its branch; return what ``move_back`` needs."""
    was = await connection.fetchval("SELECT branch FROM customers WHERE number = $1", old)
    columns = []
    for kind, column in pointing():
        numbers = await _point(connection, kind, column, old, new, branch)
        if numbers:
            columns.append([kind.segment, column, numbers])
    joint = await _joint(connection, old, new)
    documents = await connection.fetch(HANG.format(""), old, new)
    for table in OWN:
        await connection.execute(f"UPDATE {table} SET customer = $2 WHERE customer = $1{_UNSTARTED[table]}", old, new)
    return {
        "old": old,
        "new": new,
        "branch": was,
        "columns": columns,
        "joint": joint,
        "documents": [row["number"] for row in documents],
    }


#: What waits for both customers alike waits for the survivor once.
_UNSTARTED = {
    "timers": " AND (state <> 'pending' OR NOT EXISTS (SELECT FROM timers AS o WHERE o.automation = timers.automation"
    " AND o.customer = $2 AND o.state = 'pending'))",
    "fired": "",
}


async def _point(
    connection: Connection, kind: Kind, column: str, old: str, new: str, branch: str, only: Sequence[str] | None = None
) -> list[str]:
    values: list[object] = [old, new, only]
    moves_branch = kind.parent == column
    if moves_branch:
        values.append(branch)
    rows = await connection.fetch(
        f"UPDATE {kind.table} SET {column} = $2{', branch = $4' if moves_branch else ''}"
        f" WHERE {column} = $1 AND ($3::text[] IS NULL OR number = ANY($3)) RETURNING number",
        *values,
    )
    numbers = [row["number"] for row in rows]
    if kind.segment == "accounts" and numbers:
        await connection.execute("UPDATE holdings SET branch = $2 WHERE account = ANY($1)", numbers, branch)
    return numbers


async def _joint(connection: Connection, old: str, new: str) -> dict[str, list[str]]:
    """Replace a joint holder; return the holders that stood on each account before."""
    rows = await connection.fetch(
        "SELECT number, customer, joint_holders FROM accounts"
        " WHERE number = ANY (ARRAY (SELECT account FROM joint_holdings WHERE customer = $1))",
        old,
    )
    for row in rows:
        holders = dict.fromkeys(new if one == old else one for one in row["joint_holders"])
        await _hold(connection, row["number"], [one for one in holders if one != row["customer"]])
    return {row["number"]: row["joint_holders"] for row in rows}


async def _hold(connection: Connection, account: str, holders: Sequence[str]) -> None:
    await connection.execute("UPDATE accounts SET joint_holders = $2 WHERE number = $1", account, list(holders))


async def move_back(connection: Connection, moved: Mapping[str, Any]) -> None:
    """Let everything that was moved, and still is where it was moved to, hang where it hung before."""
    for segment, column, numbers in moved["columns"]:
        await _point(connection, KINDS[segment], column, moved["new"], moved["old"], moved["branch"], only=numbers)
    await connection.execute(
        HANG.format(" AND number = ANY($3)"), moved["new"], moved["old"], moved.get("documents", [])
    )
    for account, holders in moved["joint"].items():
        await _hold(connection, account, holders)


async def take_off(connection: Connection, number: str) -> dict[str, Any]:
    """Delete a customer's row and return it whole, restricted fields still sealed."""
    row: dict[str, Any] = await connection.fetchval(
        "DELETE FROM customers WHERE number = $1 RETURNING to_jsonb(customers) - 'grams'", number
    )
    return row


async def put_back(connection: Connection, row: Mapping[str, object]) -> bool:
    """Insert a row that was taken off; False if its number or identity is on file by now."""
    inserted = await connection.fetchval(
        f"INSERT INTO {CUSTOMERS.table} ({STORED}) SELECT {STORED} FROM jsonb_populate_record(NULL::customers, $1)"
        " ON CONFLICT DO NOTHING RETURNING true",
        row,
    )
    return inserted is True
