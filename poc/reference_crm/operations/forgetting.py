"""Forgetting: takes a person out of every table; what others own stays theirs, and the trail keeps only the number."""

from collections.abc import Mapping
from typing import Any

import orjson

from poc.reference_crm.desk import Act, Desk
from poc.reference_crm.wrapping import Unreadable

#: What goes with the person, children before parents: kind, table and how its rows are found.
GONE = (
    ("holdings", "holdings", "account IN (SELECT number FROM accounts WHERE customer = $1)"),
    ("accounts", "accounts", "customer = $1"),
    ("relations", "relations", "source = $1 OR target = $1"),
    ("memberships", "memberships", "customer = $1"),
    ("interactions", "interactions", "customer = $1"),
    ("tickets", "tickets", "customer = $1"),
    ("opportunities", "opportunities", "customer = $1"),
    ("campaign-members", "campaign_members", "customer = $1"),
    ("consents", "consents", "customer = $1"),
    ("kyc-files", "kyc_files", "customer = $1"),
)

#: An account that is also somebody else's becomes theirs, with the branch that they belong to.
HAND_OVER = """
UPDATE accounts AS a SET customer = heir.number, joint_holders = a.joint_holders[2:], branch = heir.branch
FROM customers AS heir WHERE a.customer = $1 AND heir.number = a.joint_holders[1] RETURNING a.number, a.branch"""
MOVE = "UPDATE holdings SET branch = $2 WHERE account = $1"
LEAVE = """
UPDATE accounts SET joint_holders = array_remove(joint_holders, $1)
WHERE number = ANY (ARRAY (SELECT account FROM joint_holdings WHERE customer = $1))"""


async def forget(act: Act, desk: Desk, number: str) -> None:
    """Erase a customer and everything that tells of them."""
    await _forget_traces(act, desk, await take_off(act, number))


async def take_off(act: Act, number: str) -> list[tuple[str, str]]:
    """Delete a customer with all that hangs on them; return kind and number of what is gone, former files included."""
    connection = act.connection
    for handed in await connection.fetch(HAND_OVER, number):
        await connection.execute(MOVE, handed["number"], handed["branch"])
    await connection.execute(LEAVE, number)
    await connection.execute("UPDATE customers SET guardian = NULL WHERE guardian = $1", number)
    gone = [("customers", number)]
    for segment, table, condition in GONE:
        rows = await connection.fetch(f"DELETE FROM {table} WHERE {condition} RETURNING number", number)
        gone += [(segment, row["number"]) for row in rows]
    for table in ("timers", "fired"):
        await connection.execute(f"DELETE FROM {table} WHERE customer = $1", number)
    gone += [("customers", former) for former in await _former_numbers(act, number)]
    await connection.execute("DELETE FROM merges WHERE keep = $1 OR dropped = $1", number)
    await connection.execute("DELETE FROM customers WHERE number = $1", number)
    return gone


async def _former_numbers(act: Act, number: str) -> list[str]:
    """Return the numbers under which the person was on file before a merge."""
    rows = await act.connection.fetch("SELECT dropped FROM merges WHERE keep = $1 AND undone_at IS NULL", number)
    return [row["dropped"] for row in rows]


async def _forget_traces(act: Act, desk: Desk, gone: list[tuple[str, str]]) -> None:
    kinds, numbers = [kind for kind, _ in gone], [number for _, number in gone]
    await act.connection.execute("SELECT forget_history($1, $2)", kinds, numbers)
    subjects = [f"{kind}/{number}" for kind, number in gone]
    await act.connection.execute("SELECT forget_audit($1)", subjects)
    act.note("audit.forgotten", subjects[0], after={"subjects": subjects})
    await _forget_replies(act, desk, set(numbers))


async def _forget_replies(act: Act, desk: Desk, numbers: set[str]) -> None:
    """Delete the replies kept for repeated requests that tell of the person."""
    kept = await act.connection.fetch("SELECT username, key, body FROM keyed_replies WHERE body IS NOT NULL")
    telling = [(row["username"], row["key"]) for row in kept if _tells(desk, row, numbers)]
    await act.connection.execute(
        "DELETE FROM keyed_replies AS k USING unnest($1::text[], $2::text[]) AS u(username, key)"
        " WHERE k.username = u.username AND k.key = u.key",
        [username for username, _ in telling],
        [key for _, key in telling],
    )


def _tells(desk: Desk, kept: Mapping[str, Any], numbers: set[str]) -> bool:
    try:
        place = f"keyed_replies/{kept['username']}/{kept['key']}"
        record = orjson.loads(desk.vault.open(place, kept["body"]))
    except Unreadable:
        return True
    return not numbers.isdisjoint({record.get("number"), record.get("customer")})
