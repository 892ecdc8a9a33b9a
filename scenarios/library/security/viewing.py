"""Viewing: an administrator looks through a banker's eyes, where a product lets one, and tries to approve as them."""

from contextlib import ExitStack
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.answers import AuditEntry, OnFile
from scenarios.crm import CRM
from scenarios.library.newcomers import newcomers, on_file
from scenarios.library.security.approval_play import MANAGER, Sale, sale_of
from scenarios.library.security.attempts import Attempt, attempt, need, seconds_until
from scenarios.library.security.staffing import taken_on
from scenarios.port import Refused, Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

WHY, SECONDS = "the banker reports that a customer does not show", 120
#: Seconds within which entries must show up (requirement SEC-07), and between two looks.
IN_TIME_S, LOOK_S = 5.0, 0.5
#: What does not let anybody act for another needs no trace of it.
NOTHING = none_of((), what="act for another", note="not offered: nobody acts for another")


class Viewed(NamedTuple):
    """Who acted for whom, what was done, what the trail tells of the customer, and what came of an approval."""

    administrator: str
    user: str
    done: tuple[Attempt[OnFile], ...]
    entries: tuple[AuditEntry, ...]
    approval: str


@scenario("SEC-07")
def an_administrator_acts_for_a_banker(crm: CRM, bank: Bank) -> Viewed | None:
    """The administrator opens a manager's view, reads and changes a customer in it, and tries to approve a sale."""
    if not crm.offers("view_as"):
        return None
    need(crm, Actor.ADMIN, Actor.INTEGRATION, Actor.AUDITOR, Actor.RM_A)
    admin, auditor = crm.acting_as(Actor.ADMIN), crm.acting_as(Actor.AUDITOR)
    (one,) = newcomers(crm, bank, 1)
    sale = sale_of(crm, one, 90)
    with taken_on(crm, bank, ("viewed", "manager")) as people, on_file(crm, one, sale), ExitStack() as stack:
        if "viewed" not in people:
            raise NotTestable("no user can be created to act for")
        user = people["viewed"].username
        view = crm.acting_as(Actor.MANAGER_A).holding(admin.view_as(user, WHY, SECONDS).value)
        done: tuple[Attempt[OnFile], ...] = (
            attempt(view, "read", lambda seen: seen.get(Customer, one.number)),
            attempt(view, "change", lambda seen: seen.update(Customer, one.number, {"occupation": "Viewed"})),
        )
        entries: tuple[AuditEntry, ...] = ()

        def told() -> bool:
            nonlocal entries
            entries = auditor.audit(subject=one.number).value
            return sum(_names(entry, user) for entry in entries) >= len(done)

        seconds_until(crm.clock, told, within=IN_TIME_S, every=LOOK_S)
        approval = _approved(view, Sale(crm, sale.number, sale.product, stack))
        return Viewed(admin.credential.username, user, done, entries, approval)


def _approved(view: CRM, sale: Sale) -> str:
    """Return what came of an approval in somebody else's name, or why none could be tried."""
    try:
        return sale.under(MANAGER).ask().act(view, "approve").steps[-1].outcome
    except (Refused, Unsupported) as no:
        return f"not tried: {no}"


def _names(entry: AuditEntry, name: str) -> bool:
    return name in " ".join(map(str, (entry.who, entry.where, entry.subject, entry.after)))


@an_administrator_acts_for_a_banker.check
def acting_for_another_names_both(seen: Viewed | None) -> Verdict:
    """What an administrator does for a user is on record under both names, and neither stands there alone."""
    if seen is None:
        return NOTHING
    acts = [one for one in seen.done if one.ok]
    if not acts:
        raise NotTestable(f"nothing could be done in the user's name: {seen.done[0].reason}")
    both = [one for one in seen.entries if _names(one, seen.user) and _names(one, seen.administrator)]
    alone = [
        f"{one.action} by {one.who}"
        for one in seen.entries
        if _names(one, seen.user) and not _names(one, seen.administrator)
    ]
    missing = [f"{len(acts) - len(both)} acts without both names"] if len(both) < len(acts) else []
    return none_of([*alone, *missing], what="act under one name", note=f"{len(both)} entries with both")


@an_administrator_acts_for_a_banker.check
def nobody_approves_for_another(seen: Viewed | None) -> Verdict:
    """Nobody approves in the name of another by looking through their eyes."""
    if seen is None:
        return NOTHING
    if seen.approval.startswith("not tried"):
        raise NotTestable(seen.approval)
    return none_of([] if seen.approval == "refused" else [seen.approval], what="approval in another's name")
