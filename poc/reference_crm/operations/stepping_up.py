"""step_up(): a code of the second factor, shown in the middle of a session; wrong ones count like wrong passwords."""

from datetime import UTC, datetime

from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import factors
from poc.reference_crm.operations.sessions import count_failure, unauthenticated
from poc.reference_crm.problems import Problem

HOLDER_SQL = """
SELECT u.locked_until, f.sealed FROM users AS u JOIN factors AS f USING (username)
WHERE u.username = $1 AND f.confirmed_at IS NOT NULL FOR UPDATE OF u"""
#: The proof is the session's, not the user's: another session must be proven by a code of its own.
PROVEN_SQL = "UPDATE sessions SET factor_at = $2 WHERE access_hash = $3 AND username = $1"


async def step_up(desk: Desk, caller: Caller, otp: str) -> None:
    """Note for this session that its user showed the second factor; raises unauthenticated for a wrong code."""
    now = datetime.now(UTC)
    async with desk.database.transaction(NOBODY) as connection:
        holder = await connection.fetchrow(HOLDER_SQL, caller.username)
        if holder is None:
            raise Problem(reason="conflict", detail="you have no second factor: enrol one first")
        locked = holder["locked_until"] is not None and holder["locked_until"] > now
        right = not locked and await factors.spend(connection, desk.vault, caller.username, holder["sealed"], otp)
        if right:
            await connection.execute(PROVEN_SQL, caller.username, now, caller.session)
        else:
            await count_failure(desk, connection, caller.username, now)
    result = "ok" if right else "denied"
    await desk.jot(caller, Entry(action="login.step_up", subject=f"users/{caller.username}", result=result))
    if not right:
        raise unauthenticated("the code is not right, or was used before")
