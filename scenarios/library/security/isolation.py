"""Isolation: whether anything crosses from one entity, branch or side of a wall to another: rows, counts, traces."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from scenarios.actors import Actor
from scenarios.crm import CRM, Answer
from scenarios.library.newcomers import newcomers, on_file, quietly
from scenarios.library.security.attempts import Attempt, attempt, need
from scenarios.library.security.documents import papers_of
from scenarios.library.security.entities import Entity, second_entity
from scenarios.library.security.neighbours import under_load
from scenarios.listening import SOUND, Listener
from scenarios.oversight import Tenant
from scenarios.port import Refused, Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import NotProven, NotTestable, Verdict, holds, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Campaign, Customer, Opportunity

#: Seconds that an event gets to arrive where it must not.
HEARD_WITHIN = 1.5
#: Seconds of waiting that nobody notices and a bench of this size cannot tell from its own noise; less is no drift.
FELT = 0.05


class Trace(NamedTuple):
    """Something that crossed: a record, a count or metadata, and where it was seen."""

    kind: str
    told: str


class Seen(NamedTuple):
    """What crossed; how many looks were taken between entities, branches and sides of a wall; seconds of probes."""

    traces: tuple[Trace, ...]
    looks: dict[str, int]
    tenants: tuple[Tenant, ...]
    quiet: tuple[tuple[float, ...], ...]
    loud: tuple[tuple[float, ...], ...]


@scenario("SEC-16")
def entities_branches_and_walls_are_probed(crm: CRM, bank: Bank) -> Seen:
    """A customer and a deal of one side are looked for from a second entity, another branch and behind a wall."""
    need(crm, Actor.INTEGRATION)
    victim, other = newcomers(crm, bank, 2)
    found: list[Trace] = []
    looks: dict[str, int] = {}
    tenants: tuple[Tenant, ...] = ()
    quiet: tuple[tuple[float, ...], ...] = ()
    loud: tuple[tuple[float, ...], ...] = ()
    with on_file(crm, victim, other), papers_of(crm, victim) as papers:
        crm.acting_as(Actor.INTEGRATION).update(Customer, victim.number, {"occupation": _trade(crm)}).value  # noqa: B018
        if crm.offers("open_tenant") and crm.has(Actor.ADMIN):
            with second_entity(crm) as entity:
                tenants = crm.acting_as(Actor.ADMIN).tenants().value if crm.offers("tenants") else ()
                looks["entities"] = _between_entities(crm, bank, entity, victim, other, papers, found)
                quiet, loud = under_load(crm, entity, victim)
        looks["branches"] = _between_branches(crm, victim, papers, found)
        looks["walls"] = _behind_a_wall(crm, bank, victim, found)
    if not any(looks.values()):
        raise NotTestable("neither a second entity, nor another branch, nor a wall could be had to look across")
    return Seen(tuple(found), looks, tenants, quiet, loud)


# -- looks -----------------------------------------------------------------------------------------------------------
def _marks(one: Customer) -> tuple[str, ...]:
    return (one.national_id, one.mobile, one.card_number, one.email, one.latin_name)


def _reads(victim: Customer, papers: tuple[str, ...]) -> Iterator[tuple[str, Callable[[CRM], Answer[Any]]]]:
    """Yield every way to look for one customer, and for the documents that hang on the record."""
    yield "read by number", lambda view: view.get(Customer, victim.number)
    yield "overview by number", lambda view: view.overview(victim.number)
    yield "history by number", lambda view: view.history(Customer, victim.number)
    yield "lineage by number", lambda view: view.lineage(Customer, victim.number)
    yield "past by number", lambda view: view.as_of(Customer, victim.number, view.clock.now())
    yield "lookup by identity number", lambda view: view.find(Customer, national_id=victim.national_id)
    yield "lookup by mobile", lambda view: view.find(Customer, mobile=victim.mobile)
    yield "search by name", lambda view: view.search(Customer, victim.latin_name)
    yield "clear values", lambda view: view.unmask(Customer, victim.number, ("mobile",), "customer asked us to call")
    for paper in papers:
        yield "document by its number", partial(CRM.read_attachment, document=paper, reason="customer asked for a copy")


def _trade(crm: CRM) -> str:
    """Return what the victim was made to be, so that there is a change to look for."""
    return f"Wheelwright {crm.nonce}"


def _look(views: dict[str, CRM], victim: Customer, papers: tuple[str, ...], found: list[Trace]) -> int:
    """Look for a customer by every way in the name of each viewer; note what shows them. Return how many looks."""
    taken = 0
    marks = [mark.encode() for mark in (*_marks(victim), victim.number)]
    for name, view in views.items():
        for what, ask in _reads(victim, papers):
            told = attempt(view, what, ask)
            taken += told.offered
            if told.ok and any(mark in told.bytes for mark in (*marks, _trade(view).encode())):
                found.append(Trace("record", f"{what} by {name}"))
    return taken


def _told(answer: Attempt[Any]) -> object:
    """Return a refusal as anybody could compare it: status, names of headers, and the body without its trace."""
    if answer.answer is None or not answer.answer.replies:
        return None
    reply = answer.answer.replies[-1]
    try:
        body = reply.json
    except ValueError:
        body = None
    told = (
        {name: value for name, value in body.items() if name not in ("trace", "instance")}
        if isinstance(body, dict)
        else ""
    )
    return reply.status, sorted(name for name in reply.headers if name not in ("date", "x-trace-id")), told


def _alike(view: CRM, there: str, nowhere: str, what: str, found: list[Trace]) -> None:
    """Compare the refusal of what is there for others with that of what is nowhere."""
    hidden = attempt(view, what, lambda one: one.get(Customer, there))
    absent = attempt(view, what, lambda one: one.get(Customer, nowhere))
    if hidden.offered and not hidden.ok and _told(hidden) != _told(absent):
        found.append(Trace("metadata", f"{what}: what is there is refused otherwise than what is nowhere"))


# -- entities --------------------------------------------------------------------------------------------------------
def _between_entities(
    crm: CRM, bank: Bank, entity: Entity, victim: Customer, other: Customer, papers: tuple[str, ...], found: list[Trace]
) -> int:
    strangers = {"the other core system": entity.core, "the other compliance desk": entity.clerk}
    looks = _look(strangers, victim, papers, found)
    nowhere = f"{victim.number[:-1]}Z"
    _alike(entity.clerk, victim.number, nowhere, "read in the other entity", found)
    _counted(entity, found)
    _job_of_others(crm, entity, victim, found)
    _swapped(crm, entity, victim, found)
    _same_key(crm, bank, entity, found)
    _twin(crm, entity, victim, found)
    _told_to_others(crm, entity, other, found)
    return looks + 7


def _counted(entity: Entity, found: list[Trace]) -> None:
    """Count, list, export and audit an entity that has nothing on file."""
    groups = attempt(entity.clerk, "count", lambda view: view.count(Customer, "tier"))
    total = sum(groups.value.values()) if groups.ok else 0
    if total:
        found.append(Trace("count", f"{total} customers are counted in an empty entity"))
    page = attempt(entity.core, "list", lambda view: view.list(Customer, limit=5))
    if page.ok and (page.value.rows or page.value.total):
        found.append(Trace("record", f"{len(page.value.rows)} customers are listed in an empty entity"))
    sent = attempt(entity.core, "export", lambda view: view.export(Customer))
    if sent.ok and sent.value:
        found.append(Trace("record", f"{len(sent.value)} customers are exported from an empty entity"))
    pairs = attempt(entity.clerk, "scan for doubles", lambda view: view.duplicates())
    if pairs.ok and pairs.value:
        found.append(Trace("count", f"{len(pairs.value)} doubles are found in an empty entity"))
    trail = attempt(entity.clerk, "audit", lambda view: view.audit())
    strangers = {one.who for one in trail.value} - entity.users - {"service", "anonymous", "guard"} if trail.ok else ()
    if strangers:
        found.append(Trace("metadata", f"the audit names {len(strangers)} users of the other entity"))


def _job_of_others(crm: CRM, entity: Entity, victim: Customer, found: list[Trace]) -> None:
    """Take back a bulk job of the other entity by its id."""
    job = f"{crm.nonce}-customer-{victim.number}"
    if crm.offers("bulk") and attempt(entity.core, "revert", lambda view: view.revert(job)).ok:
        found.append(Trace("record", "a bulk job of the other entity can be taken back"))
    if not crm.get(Customer, victim.number).ok:
        found.append(Trace("record", "a record is gone after the other entity took a job back"))


def _swapped(crm: CRM, entity: Entity, victim: Customer, found: list[Trace]) -> None:
    """Show a session of each entity at the other's door."""
    try:
        theirs, ours = entity.core.session(), crm.session()
        if theirs is None or ours is None:
            return
        across = entity.core.holding(crm.connector.elsewhere(theirs, None))
        back = crm.holding(crm.connector.elsewhere(ours, entity.name))
    except Unsupported:
        return
    if attempt(across, "read with the entity swapped", lambda view: view.get(Customer, victim.number)).ok:
        found.append(Trace("record", "a session of one entity reads in the other when the entity's name is swapped"))
    if attempt(back, "list with the entity swapped", lambda view: view.list(Customer, limit=5)).ok:
        found.append(Trace("record", "a session of the bank lists in the other entity when the name is swapped"))


def _same_key(crm: CRM, bank: Bank, entity: Entity, found: list[Trace]) -> None:
    """Create two things under one idempotency key, one in each entity."""
    model = next(iter(bank.of(Campaign)), None)
    if model is None:
        return
    ours = replace(model, number=f"K{crm.nonce}A", name=f"Autumn {crm.nonce}")
    theirs = replace(model, number=f"K{crm.nonce}B", name=f"Winter {crm.nonce}")
    key = f"key-{crm.nonce}"
    try:
        first = attempt(crm.acting_as(Actor.INTEGRATION), "create", lambda view: view.create(ours, key=key))
        second = attempt(entity.core, "create", lambda view: view.create(theirs, key=key))
        if first.ok and (not second.ok or second.value == first.value):
            found.append(Trace("metadata", f"an idempotency key of one entity holds in the other: {second.reason}"))
    finally:
        if crm.has(Actor.COMPLIANCE):
            quietly(crm.acting_as(Actor.COMPLIANCE).delete, Campaign, ours.number)


def _twin(crm: CRM, entity: Entity, victim: Customer, found: list[Trace]) -> None:
    """File the same person under the same number in the other entity, change ours, and see that theirs stays."""
    twin = replace(
        victim, name="Wren Overthere", latin_name="Wren Overthere", language="en", employer="Elsewhere Ltd",
        email="wren@overthere.example", address="9 Far Street, Overthere 4711",
    )  # fmt: skip
    core = crm.acting_as(Actor.INTEGRATION)
    try:
        with on_file(entity.core, twin):
            before = attempt(entity.core, "read the twin", lambda view: view.get(Customer, twin.number))
            core.update(Customer, victim.number, {"occupation": "Lamplighter"}).value  # noqa: B018
            core.get(Customer, victim.number).value  # noqa: B018
            after = attempt(entity.core, "read the twin again", lambda view: view.get(Customer, twin.number))
            ours = attempt(core, "read ours again", lambda view: view.get(Customer, victim.number))
            if not (before.ok and after.ok and ours.ok):
                found.append(Trace("metadata", "two entities cannot have a customer of the same number each"))
                return
            if after.value.text("latin_name") != twin.latin_name or ours.value.text("latin_name") != victim.latin_name:
                found.append(Trace("record", "a read shows the customer of the other entity under the same number"))
            if after.value.version != before.value.version:
                found.append(Trace("metadata", "a change in one entity moves the version (ETag) in the other"))
    except Refused as no:
        found.append(
            Trace("metadata", f"that somebody is on file in the other entity is told by a refusal: {no.reason}")
        )


def _told_to_others(crm: CRM, entity: Entity, other: Customer, found: list[Trace]) -> None:
    """Listen in the other entity while a customer of ours changes."""
    wire = crm.wire
    if not (isinstance(wire, Listener) and crm.offers("subscribe")):
        return
    try:
        url = wire.listen(SOUND)
    except NotTestable:
        return
    subscription = attempt(entity.core, "subscribe", lambda view: view.subscribe(url))
    if not subscription.ok:
        return
    crm.acting_as(Actor.INTEGRATION).update(Customer, other.number, {"occupation": "Bellringer"}).value  # noqa: B018
    crm.clock.sleep(HEARD_WITHIN)
    if any(other.number in one.body for one in wire.heard(url)):
        found.append(Trace("metadata", "an event of one entity is told to a receiver of the other"))
    quietly(entity.core.unsubscribe, subscription.value)


# -- branches and walls ------------------------------------------------------------------------------------------------
def _between_branches(crm: CRM, victim: Customer, papers: tuple[str, ...], found: list[Trace]) -> int:
    """Look for a customer of the first branch as a banker of the second; count as a manager of the first."""
    looks = 0
    if crm.has(Actor.RM_B):
        banker = crm.acting_as(Actor.RM_B)
        looks += _look({"a banker of another branch": banker}, victim, papers, found)
        _alike(banker, victim.number, f"{victim.number[:-1]}Z", "read in another branch", found)
    if crm.has(Actor.MANAGER_A):
        groups = attempt(crm.acting_as(Actor.MANAGER_A), "count by branch", lambda view: view.count(Customer, "branch"))
        looks += groups.offered
        if groups.ok and set(groups.value) - {victim.branch}:
            found.append(Trace("count", f"a manager counts customers of {len(set(groups.value)) - 1} other branches"))
    return looks


def _behind_a_wall(crm: CRM, bank: Bank, victim: Customer, found: list[Trace]) -> int:
    """Wall a deal off for one manager, and look for it as a banker of the same branch who could see it before."""
    actors = (Actor.RM_A, Actor.MANAGER_A, Actor.COMPLIANCE)
    model = next(iter(bank.of(Opportunity)), None)
    if model is None or not crm.offers("wall_off") or not all(map(crm.has, actors)):
        return 0
    deal = replace(
        model, number=f"D{crm.nonce}", customer=victim.number, stage="proposed", amount=Decimal("718281828.45")
    )
    banker, manager, clerk = (crm.acting_as(actor) for actor in actors)
    with on_file(crm, deal), ExitStack() as tidy:
        seen_before = attempt(banker, "read the deal", lambda view: view.get(Opportunity, deal.number)).ok
        clerk.wall_off(Opportunity, deal.number, (manager.credential.username,)).value  # noqa: B018
        tidy.callback(quietly, clerk.take_wall_down, Opportunity, deal.number)
        if not attempt(manager, "read the deal inside", lambda view: view.get(Opportunity, deal.number)).ok:
            found.append(Trace("metadata", "whoever is on the list does not see the deal either"))
        return _looked_over(banker, deal, found) if seen_before else 0


def _looked_over(banker: CRM, deal: Opportunity, found: list[Trace]) -> int:
    """Look for a walled deal by every way that showed it before."""
    ways: tuple[tuple[str, Callable[[CRM], Answer[Any]]], ...] = (
        ("read", lambda view: view.get(Opportunity, deal.number)),
        ("list", lambda view: view.list(Opportunity, where={"customer": deal.customer})),
        ("overview", lambda view: view.overview(deal.customer)),
        ("history", lambda view: view.history(Opportunity, deal.number)),
        ("lineage", lambda view: view.lineage(Opportunity, deal.number)),
        ("past", lambda view: view.as_of(Opportunity, deal.number, view.clock.now())),
        ("expansion", lambda view: view.get(Customer, deal.customer, include=(Opportunity,))),
    )
    told = [attempt(banker, f"{what} of a walled deal", ask) for what, ask in ways]
    for one in told:
        if one.ok and (b"718281828" in one.bytes or deal.number.encode() in one.bytes):
            found.append(Trace("record", one.what))
    absent = attempt(banker, told[0].what, lambda view: view.get(Opportunity, f"{deal.number}Z"))
    if not told[0].ok and _told(told[0]) != _told(absent):
        found.append(Trace("metadata", "a walled deal is refused otherwise than one that is nowhere"))
    return sum(one.offered for one in told)


# -- judgement ---------------------------------------------------------------------------------------------------------
def _of_kind(seen: Seen, kind: str) -> Verdict:
    wrong = [one.told for one in seen.traces if one.kind == kind]
    looked = ", ".join(f"{count} between {name}" for name, count in seen.looks.items())
    return none_of(wrong, what=f"{kind} that crosses", note=f"looks: {looked}")


@entities_branches_and_walls_are_probed.harm
def no_record_crosses(seen: Seen) -> Verdict:
    """No record of another entity, another branch or behind a wall can be reached by any way."""
    return _of_kind(seen, "record")


@entities_branches_and_walls_are_probed.check
def no_count_crosses(seen: Seen) -> Verdict:
    """No count includes records of another entity or branch."""
    return _of_kind(seen, "count")


@entities_branches_and_walls_are_probed.check
def no_metadata_crosses(seen: Seen) -> Verdict:
    """Neither refusals nor versions, keys, events or the audit tell that something is there for others."""
    return _of_kind(seen, "metadata")


@entities_branches_and_walls_are_probed.check
def a_neighbour_is_not_felt(seen: Seen) -> Verdict:
    """One entity waits no longer while the other is loaded five times: by a fifth at most, beyond 50 ms."""
    if not seen.quiet or not seen.loud:
        raise Unsupported("the product keeps one legal entity in an installation")
    first, second = (_p95(window) for window in seen.quiet)
    quiet, loud = max(first, second), min(_p95(window) for window in seen.loud)
    noise = max(0.0, abs(first - second) - FELT) / min(first, second)
    if noise > 0.2:
        raise NotProven(
            f"the bench itself drifted by {noise:.0%} while the neighbour was quiet: measure on a free machine"
        )
    drift = max(0.0, loud - quiet - FELT) / quiet
    note = f"95 of 100 probes within {quiet * 1000:.0f} ms quiet, {loud * 1000:.0f} ms loaded"
    return holds(drift <= 0.2, observed=round(drift, 3), expected="<= 0.2", note=note, neighbour_drift_share=drift)


def _p95(seconds: tuple[float, ...]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]


@entities_branches_and_walls_are_probed.check
def a_tenant_may_have_its_own_key_or_store(seen: Seen) -> Verdict:
    """Every legal entity keeps its data in a store, or under a key, that no other one has."""
    if not seen.tenants:
        raise Unsupported("the product keeps one legal entity in an installation, or does not tell where data rest")
    stores, keys = ({getattr(one, part) for one in seen.tenants} for part in ("store", "key"))
    apart = len(seen.tenants) > 1 and len(seen.tenants) in (len(stores - {""}), len(keys - {""}))
    return holds(
        apart, observed=f"{len(seen.tenants)} entities, {len(stores)} stores, {len(keys)} keys", expected="apart"
    )
