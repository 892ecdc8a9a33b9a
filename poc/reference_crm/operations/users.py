"""Users: the administrator adds them, gives them roles, shuts them out; felt at once."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

from poc.reference_crm import passwords
from poc.reference_crm.access import Caller
from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Act, Desk
from poc.reference_crm.problems import FieldError, Problem, invalid, missing

SHOWN = "username, name, role, branch, disabled"


async def add(desk: Desk, caller: Caller, user: Mapping[str, str]) -> dict[str, object]:
    """Create a user; raises duplicate for a taken name and invalid for a weak password."""
    await desk.authorise(caller, "user.add")
    digest = await strong(user["username"], user["password"])
    async with desk.act(caller, "user.add", scope=NOBODY) as act:
        row = await act.connection.fetchrow(
            "INSERT INTO users (username, name, role, branch, password) VALUES ($1, $2, $3, $4, $5)"
            f" ON CONFLICT DO NOTHING RETURNING {SHOWN}",
            user["username"], user["name"] or user["username"], user["role"], user["branch"], digest,
        )  # fmt: skip
        if row is None:
            error = FieldError(field="username", message="is taken", value=user["username"])
            raise Problem(reason="duplicate", detail="username is taken", errors=(error,))
        act.note("user.add", f"users/{user['username']}", after={"role": user["role"], "branch": user["branch"]})
        return dict(row)


async def strong(username: str, password: str) -> str:
    """Return the hash of a password that is strong enough for a user; raises invalid."""
    weak = passwords.weakness(password)
    if weak is None and username.casefold() in password.casefold():
        weak = "must not contain the user name"
    if weak is not None:
        raise invalid("password", weak)
    return await asyncio.to_thread(passwords.hashed, password)


async def change(desk: Desk, caller: Caller, username: str, changes: Mapping[str, object]) -> dict[str, object]:
    """Change role, branch, password or shut a user out; open sessions feel it at once, the disabled lose theirs."""
    async with desk.act(caller, "user.assign", scope=NOBODY) as act:
        row = await act.connection.fetchrow("SELECT * FROM users WHERE username = $1 FOR UPDATE", username)
        if row is None:
            raise missing("user")
        new = {name: value for name, value in changes.items() if name != "password"}
        if "password" in changes:
            new |= await _another_password(dict(row), str(changes["password"]))
        await _store(act, username, new)
        before = {name: row[name] for name in new if "password" not in name}
        after = {name: value for name, value in new.items() if "password" not in name}
        action = "role.change" if "role" in changes else "user.change"
        act.note(action, f"users/{username}", before=before, after=after)
        changed = await act.connection.fetchrow(f"SELECT {SHOWN} FROM users WHERE username = $1", username)
        return dict(changed)


async def _store(act: Act, username: str, new: Mapping[str, object]) -> None:
    if new:
        sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(new, start=2))
        await act.connection.execute(f"UPDATE users SET {sets} WHERE username = $1", username, *new.values())
    if new.get("disabled") or "password" in new:
        await act.connection.execute(
            "UPDATE sessions SET ended_at = $2 WHERE username = $1 AND ended_at IS NULL", username, datetime.now(UTC)
        )


async def _another_password(row: Mapping[str, object], password: str) -> dict[str, object]:
    former = [str(row["password"]), *(str(one) for one in list(row["former_passwords"]))][:4]  # type: ignore[call-overload]
    used = [await asyncio.to_thread(passwords.matches, digest, password) for digest in former]
    if any(used):
        raise invalid("password", "was used before: choose another than the last four")
    return {"password": await strong(str(row["username"]), password), "former_passwords": former}


async def everyone(desk: Desk, caller: Caller) -> list[dict[str, object]]:
    """Return all users by name."""
    async with desk.act(caller, "user.list", scope=NOBODY) as act:
        rows = await act.connection.fetch(f"SELECT {SHOWN} FROM users ORDER BY username")
        act.note("user.list", "users")
        return [dict(row) for row in rows]


async def bootstrap(desk: Desk, password: str, username: str = "admin") -> None:
    """See to it that the first administrator exists; a weak password is refused."""
    digest = await strong(username, password)
    caller = Caller(username="service", role="", branch="", origin="start")
    async with desk.database.transaction(NOBODY) as connection:
        added = await connection.fetchrow(
            "INSERT INTO users (username, name, role, password) VALUES ($2, 'Administrator', 'admin', $1)"
            " ON CONFLICT DO NOTHING RETURNING username",
            digest, username,
        )  # fmt: skip
        if added is not None:
            act = Act(connection, caller, desk.clock.now())
            act.note("user.add", f"users/{username}", after={"role": "admin"})
            await act.close()
