"""Origins: whether each value of a loaded, edited, merged and reverted record tells where it comes from."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.answers import AuditEntry, Change
from scenarios.crm import CRM
from scenarios.library.newcomers import newcomers, on_file, quietly
from scenarios.library.security.attempts import attempt, need
from scenarios.oversight import Origin
from scenarios.port import Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import Verdict, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Customer


class Seen(NamedTuple):
    """What was done by which route, and what history, lineage and audit tell of it afterwards."""

    job: str
    dropped: str
    authors: Mapping[str, str]  # route -> user name
    routes: Mapping[str, str]  # route -> the field that it changed
    history: tuple[Change, ...]
    origins: tuple[Origin, ...] | None
    reverted: bool
    trail: tuple[AuditEntry, ...]


@scenario("SEC-08")
def a_record_comes_by_four_routes(crm: CRM, bank: Bank) -> Seen:
    """Two customers are loaded in bulk, one is edited, both are merged into one, and the edit is taken back."""
    need(crm, Actor.INTEGRATION, Actor.RM_A, Actor.MANAGER_A)
    first, second = newcomers(crm, bank, 2)
    keep = replace(first, since=date(2021, 3, 1), aml_rating="low", legal_hold=False, occupation="Weaver")
    drop = replace(second, since=date(2017, 3, 1), aml_rating="high", legal_hold=False)
    banker, manager = crm.acting_as(Actor.RM_A), crm.acting_as(Actor.MANAGER_A)
    with on_file(crm, keep, drop), ExitStack() as tidy:
        version = banker.get(Customer, keep.number).value.version
        banker.update(Customer, keep.number, {"occupation": "Chandler"}, version=version).value  # noqa: B018
        manager.merge(keep.number, drop.number).value  # noqa: B018 - reading the value raises a refusal
        tidy.callback(quietly, manager.unmerge, keep.number, drop.number)
        edit = next(
            (one for one in manager.history(Customer, keep.number).value if one.field == "occupation" and one.id), None
        )
        reverted = (
            edit is not None
            and attempt(manager, "restore", lambda view: view.restore(Customer, keep.number, edit.id)).ok
        )
        told = attempt(manager, "lineage", lambda view: view.lineage(Customer, keep.number))
        history = manager.history(Customer, keep.number).value
        trail = crm.acting_as(Actor.COMPLIANCE).audit(subject=keep.number).value if crm.has(Actor.COMPLIANCE) else ()
    return Seen(
        job=f"{crm.nonce}-customer-{min(keep.number, drop.number)}",
        dropped=drop.number,
        authors={"api": banker.credential.username, "merge": manager.credential.username},
        routes={"bulk": "employer", "api": "occupation", "merge": "since"},
        history=history,
        origins=told.value if told.offered and told.ok else None,
        reverted=reverted,
        trail=trail,
    )


@a_record_comes_by_four_routes.check
def every_route_is_remembered(seen: Seen) -> Verdict:
    """Edit and merge are in the history, each with its author and a source that tells them apart."""
    wrong = []
    for route, author in seen.authors.items():
        found = [one for one in seen.history if one.field == seen.routes[route]]
        wrong += [] if any(one.who == author for one in found) else [f"{route}: no change by its author"]
        wrong += [] if any(route in one.source for one in found) else [f"{route}: not named as source"]
    return none_of(wrong, what="route that the history forgets", note=f"{len(seen.history)} changes")


@a_record_comes_by_four_routes.check
def a_revert_is_itself_a_change(seen: Seen) -> Verdict:
    """Taking a change back is in the history and in the audit with who did it, like any other change."""
    if not seen.reverted:
        raise Unsupported("the product takes no change back")
    author = seen.authors["merge"]
    field = seen.routes["api"]
    in_history = any(one.field == field and one.who == author for one in seen.history)
    in_trail = not seen.trail or any(one.who == author and "restore" in one.action for one in seen.trail)
    wrong = [word for word, there in (("history", in_history), ("audit", in_trail)) if not there]
    return none_of(wrong, what="place that does not tell of the revert")


@a_record_comes_by_four_routes.check
def lineage_is_shown(seen: Seen) -> Verdict:
    """Each value tells its door, a loaded one its job, a merged one the record that it was taken from."""
    if seen.origins is None:
        raise Unsupported("the product shows no lineage")
    told = {one.field: one for one in seen.origins}
    nothing = Origin(field="", source="")
    loaded, merged = (told.get(seen.routes[route], nothing) for route in ("bulk", "merge"))
    wrong = [] if seen.job in (loaded.job, loaded.source) else [f"loaded value: {loaded.source} {loaded.job}"]
    wrong += (
        [] if merged.record == seen.dropped else [f"merged value: {merged.source} from {merged.record or 'nowhere'}"]
    )
    wrong += [] if merged.who == seen.authors["merge"] else [f"merged value: by {merged.who or 'nobody'}"]
    wrong += [f"{one.field}: no source" for one in seen.origins if not one.source or one.source == "unknown"]
    return none_of(wrong, what="value of unknown origin", note=f"{len(seen.origins)} fields")
