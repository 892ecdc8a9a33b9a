"""Rules: administrators set conditions and rights while the service works; every process obeys within seconds."""

import asyncio
import logging
import secrets
from collections.abc import Mapping
from typing import Any

from poc.reference_crm.access import Caller
from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Act, Desk
from poc.reference_crm.policy_forms import condition_of, shown
from poc.reference_crm.problems import Problem, invalid, missing

LOG = logging.getLogger("reference_crm")
#: Most rules that stand at once, and seconds between two looks of each process for what others have set.
MOST, LOOK = 200, 2.0
#: What nobody can make unreachable by a rule: the way by which rules are lifted again.
KEPT = frozenset({"policy.set", "policy.read"})
STANDING = "SELECT number, kind, rule FROM policy_rules WHERE ended_at IS NULL ORDER BY created_at, number"
INSERT = "INSERT INTO policy_rules (number, kind, rule, username, created_at) VALUES ($1, $2, $3, $4, $5)"


async def set_condition(desk: Desk, caller: Caller, form: Mapping[str, Any]) -> dict[str, object]:
    """Add a condition and return it with its number; raises invalid for one that speaks of nothing there is."""
    await desk.authorise(caller, "policy.set", "policy")
    _known(desk, form)
    number = f"R-{secrets.token_hex(8).upper()}"
    told = shown(condition_of(number, form))
    async with desk.act(caller, "policy.set", scope=NOBODY) as act:
        if await act.connection.fetchval("SELECT count(*) FROM policy_rules WHERE ended_at IS NULL") >= MOST:
            raise Problem(reason="conflict", detail=f"there are {MOST} rules already: lift one first")
        await _store(act, number, "condition", told)
    await learn(desk)
    return told


def _known(desk: Desk, form: Mapping[str, Any]) -> None:
    """Refuse a condition on what does not exist, on the way by which it is lifted, or that asks nothing."""
    unknown = [name for name in form["operations"] if name not in desk.policy.operations]
    if unknown:
        raise invalid("operations", "are not all known", unknown[0])
    if KEPT & set(form["operations"]):
        raise invalid("operations", f"must leave {' and '.join(sorted(KEPT))} open: else no rule could be lifted")
    tier = form.get("tier_up_to")
    if tier and tier not in desk.policy.tiers:
        raise invalid("tier_up_to", f"is one of {', '.join(desk.policy.tiers)}", tier)
    told_by_tier = desk.policy.document["conditions"]["told_by_tier"]
    if tier and not set(form["operations"]) <= set(told_by_tier):
        raise invalid("tier_up_to", "narrows operations on customers only")
    if not any(form.get(part) for part in ("hours", "networks", "branches", "tier_up_to")):
        raise invalid("body", "names none of hours, networks, branches and tier_up_to")


async def lift_condition(desk: Desk, caller: Caller, number: str) -> None:
    """Take back a condition that was set over the interface; raises not-found."""
    async with desk.act(caller, "policy.set", subject=f"policy/{number}", scope=NOBODY) as act:
        row = await act.connection.fetchrow(
            "UPDATE policy_rules SET ended_at = $2 WHERE number = $1 AND kind = 'condition' AND ended_at IS NULL"
            " RETURNING rule",
            number, act.now,
        )  # fmt: skip
        if row is None:
            raise missing("condition")
        act.note("config.change", f"policy/{number}", before=row["rule"])
    await learn(desk)


async def set_rights(desk: Desk, caller: Caller, operation: str, roles: list[str] | None) -> dict[str, object]:
    """Say which roles may do an operation from now on; None gives back what the policy file says."""
    async with desk.act(caller, "policy.set", subject=f"policy/{operation}", scope=NOBODY) as act:
        if operation not in desk.policy.operations:
            raise missing("operation")
        if operation in KEPT:
            raise invalid("operation", "is the way by which rules are lifted: its roles stand in the policy file")
        before = sorted(desk.policy.operations[operation])
        await act.connection.execute(
            "UPDATE policy_rules SET ended_at = $2 WHERE kind = 'rights' AND rule->>'operation' = $1"
            " AND ended_at IS NULL",
            operation, act.now,
        )  # fmt: skip
        now = sorted(desk.written.operations[operation] if roles is None else set(roles))
        rule: dict[str, object] = {"operation": operation, "roles": now}
        if roles is not None:
            await _store(act, f"R-{secrets.token_hex(8).upper()}", "rights", rule, before={"roles": before})
        else:
            act.note("config.change", f"policy/{operation}", before={"roles": before}, after=rule)
    await learn(desk)
    return rule


async def _store(
    act: Act, number: str, kind: str, rule: Mapping[str, object], before: Mapping[str, object] | None = None
) -> None:
    await act.connection.execute(INSERT, number, kind, dict(rule), act.caller.username, act.now)
    subject = number if kind == "condition" else rule["operation"]
    act.note("config.change", f"policy/{subject}", before=before, after=dict(rule))


async def learn(desk: Desk) -> None:
    """Take over the rules that stand; from here on this process decides by them."""
    async with desk.database.connection(NOBODY) as connection:
        rows = await connection.fetch(STANDING)
    rights = {row["rule"]["operation"]: frozenset(row["rule"]["roles"]) for row in rows if row["kind"] == "rights"}
    conditions = [condition_of(row["number"], row["rule"]) for row in rows if row["kind"] == "condition"]
    desk.policy = desk.written.amended(rights, conditions)


async def follow(desk: Desk, every: float = LOOK) -> None:
    """Learn of rules that other processes have set, again and again until cancelled; each process does."""
    while True:
        await asyncio.sleep(every)
        try:
            await learn(desk)
        except Exception:
            LOG.exception("policy not read", extra={"facts": {"again_in_seconds": every}})
