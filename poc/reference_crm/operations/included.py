"""Included: related records read along with one, each under the policy of its own kind."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.catalogue import KINDS
from poc.reference_crm.desk import Desk
from poc.reference_crm.kinds import Kind
from poc.reference_crm.problems import invalid

#: How many related records of a kind come along at most.
MOST = 200

_CHILDREN = ("interactions", "tickets", "opportunities", "consents", "kyc-files", "memberships", "campaign-members")
_OF_CUSTOMER = dict.fromkeys(_CHILDREN, "customer = $1")

#: By kind and included kind: which records are related to number $1.
PATHS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "customers": {
            **_OF_CUSTOMER,
            "accounts": "(customer = $1 OR $1 = ANY(joint_holders))",
            "holdings": "account IN (SELECT number FROM accounts WHERE customer = $1)",
            "households": "number IN (SELECT household FROM memberships WHERE customer = $1)",
            "relations": "(source = $1 OR target = $1)",
        },
        "companies": {"relations": "(source = $1 OR target = $1)"},
        "households": {
            "memberships": "household = $1",
            "customers": "number IN (SELECT customer FROM memberships WHERE household = $1)",
        },
        "accounts": {
            "holdings": "account = $1",
            "customers": "number = (SELECT customer FROM accounts WHERE number = $1)",
        },
        "campaigns": {"campaign-members": "campaign = $1"},
    }
)


def path(kind: Kind, segment: str) -> str:
    """Return the condition that leads from a kind to a related one; raises an invalid-problem for none."""
    paths = PATHS.get(kind.segment, {})
    if segment in paths:
        return paths[segment]
    if segment == "customers" and kind.parent == "customer":
        return f"number = (SELECT customer FROM {kind.table} WHERE number = $1)"
    known = ", ".join(sorted(paths)) or "nothing"
    raise invalid("include", f"may name {known} here", segment[:40])


async def included(
    desk: Desk, caller: Caller, kind: Kind, number: str, segments: Sequence[str]
) -> dict[str, list[dict[str, object]]]:
    """Return the related records of the kinds asked for, as the caller may see them."""
    found: dict[str, list[dict[str, object]]] = {}
    for segment in segments:
        condition = path(kind, segment)
        other = KINDS[segment]
        select = f"SELECT {other.columns_sql} FROM {other.table} WHERE {condition} ORDER BY number LIMIT {MOST}"
        entry = Entry(action=f"{other.noun}.list", subject=f"{kind.segment}/{number}/{segment}")
        rows = await desk.read(caller, f"{other.noun}.list", select, (number,), entry)
        found[segment] = [desk.gate.shown(other, row, caller.role) for row in rows]
    return found
