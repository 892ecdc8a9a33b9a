"""Trail: the audit trail read back, and the access policy shown."""

from collections.abc import Mapping
from datetime import datetime

from poc.reference_crm.access import Caller, Policy
from poc.reference_crm.audit import Entry
from poc.reference_crm.catalogue import KINDS
from poc.reference_crm.desk import Desk
from poc.reference_crm.domain.calendar import bank_calendar
from poc.reference_crm.domain.conditions import Condition
from poc.reference_crm.policy_forms import shown
from poc.reference_crm.problems import invalid

SELECT = "SELECT id, at, who, role, action, subject, origin, before, after, result, trace FROM audit"


async def read(
    desk: Desk,
    caller: Caller,
    *,
    subject: str | None,
    who: str | None,
    action: str | None,
    since: datetime | None,
    cursor: str | None,
    limit: int,
) -> dict[str, object]:
    """Return a page of entries, oldest first, and the cursor of the next page or None."""
    conditions, values = ["id > $1"], [_position(cursor)]  # type: list[str], list[object]
    if subject is not None:
        values.append(_subjects(subject))
        conditions.append(f"subject = ANY(${len(values)})")
    for name, value in (("who", who), ("action", action)):
        if value is not None:
            values.append(value)
            conditions.append(f"{name} = ${len(values)}")
    if since is not None:
        values.append(since)
        conditions.append(f"at >= ${len(values)}")
    select = f"{SELECT} WHERE {' AND '.join(conditions)} ORDER BY id LIMIT {limit + 1}"
    rows = await desk.read(caller, "audit.read", select, values, Entry(action="audit.read", subject="audit"))
    items = [_shown(dict(row)) for row in rows[:limit]]
    return {"items": items, "next": str(items[-1]["id"]) if len(rows) > limit else None}


def _shown(row: dict[str, object]) -> dict[str, object]:
    return {"id": str(row.pop("id")), "where": row.pop("origin"), **row}


def _position(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise invalid("cursor", "is not one that this list gave")
    return int(cursor)


def _subjects(subject: str) -> list[str]:
    """Return the names under which entries may speak of a subject: as given, or a bare number as any kind's."""
    if "/" in subject:
        return [subject]
    return [subject, f"users/{subject}", *(f"{segment}/{subject}" for segment in KINDS)]


async def policy(desk: Desk, caller: Caller) -> Mapping[str, object]:
    """Return the rules of access with their conditions, of masking and of service times."""
    await desk.authorise(caller, "policy.read")
    await desk.jot(caller, Entry(action="policy.read", subject="policy"))
    rules = desk.policy
    return {
        "operations": {name: sorted(roles) for name, roles in sorted(rules.operations.items())},
        "conditions": [shown(one) for one in sorted(_standing(rules), key=lambda one: one.number)],
        "scope": {reach: sorted(roles) for reach, roles in rules.document["scope"].items()},
        "masking": rules.document["masking"],
        "sla": {**rules.document["sla"], "holidays": sorted(bank_calendar().holidays)},
    }


def _standing(rules: Policy) -> set[Condition]:
    return {one for found in rules.conditions.values() for one in found}
