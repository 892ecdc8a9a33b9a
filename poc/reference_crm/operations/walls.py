"""Walls: a deal that only listed people see; for all others it is not there (research and sales, insider lists)."""

from collections.abc import Sequence

from poc.reference_crm.access import Caller, Scope
from poc.reference_crm.desk import Desk
from poc.reference_crm.kinds import Kind
from poc.reference_crm.operations.records import subject
from poc.reference_crm.problems import invalid, missing

FLAG = "UPDATE {table} SET walled = $2 WHERE number = $1 RETURNING number"
USERS = "SELECT username FROM users WHERE username = ANY($1) AND NOT disabled"
INSERT = (
    "INSERT INTO walls (kind, number, username, set_at, set_by)"
    " SELECT $1, $2, one, $4, $5 FROM unnest($3::text[]) AS one"
)


async def raise_(desk: Desk, caller: Caller, kind: Kind, number: str, members: Sequence[str]) -> dict[str, object]:
    """Put a wall around a record, or change who is inside; whoever keeps the list is on it."""
    named = subject(kind, number)
    listed = sorted({*members, caller.username})
    async with desk.act(caller, "wall.set", subject=named, scope=keeper(caller)) as act:
        known = await act.connection.fetch(USERS, listed)
        unknown = set(listed) - {row["username"] for row in known}
        if unknown:
            raise invalid("members", "names no user of ours", min(unknown)[:80])
        await act.connection.execute("DELETE FROM walls WHERE kind = $1 AND number = $2", kind.segment, number)
        await act.connection.execute(
            INSERT,
            kind.segment, number, listed, act.now, caller.username,
        )  # fmt: skip
        # only now: whoever raises a wall must be inside it to see what they walled
        if await act.connection.fetchval(FLAG.format(table=kind.table), number, True) is None:
            raise missing()
        act.note("wall.set", named, after={"members": listed})
    return {"number": number, "members": listed}


async def lower(desk: Desk, caller: Caller, kind: Kind, number: str) -> None:
    """Take a wall down; only who is inside can, since for others there is none."""
    async with desk.act(caller, "wall.set", subject=subject(kind, number), scope=keeper(caller)) as act:
        if await act.connection.fetchval(FLAG.format(table=kind.table), number, False) is None:
            raise missing()
        await act.connection.execute("DELETE FROM walls WHERE kind = $1 AND number = $2", kind.segment, number)
        act.note("wall.set", subject(kind, number), after={"members": []})


def keeper(caller: Caller) -> Scope:
    """Return the sight of whoever keeps insider lists: all branches, and the deals whose list names them."""
    return Scope(reach="all", branch="", role=caller.role, insider=caller.username)
