"""Fields: restricted values of customers, looked for on every path on which a record can be read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from scenarios.actors import Actor
from scenarios.answers import OnFile
from scenarios.crm import CRM
from scenarios.library.newcomers import first_branch, newcomers, on_file, second_branch
from scenarios.library.security.allow_lists import listed_alone
from scenarios.library.security.attempts import Attempt, attempt, need
from scenarios.library.security.documents import papers_of
from scenarios.library.security.oracles import Guess, guesses
from scenarios.library.security.outgoing import PATIENCE, events_of
from scenarios.library.security.paths import WALKS, Look, Sight, contract_of, declared
from scenarios.library.security.policy import the_policy
from scenarios.library.security.sightings import HIGHEST, Leak, in_bytes, in_rows, spotted
from scenarios.port import Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, none_of
from synthetic_data.bank import Bank
from synthetic_data.canaries import Canaries
from synthetic_data.records import RESTRICTED, Account, Customer

#: Customers looked at one by one in each of two branches (the requirement names 200 over two branches; lists, exports
#: and searches see all of them anyway).
SAMPLE = 10
LOOKERS = (Actor.RM_A, Actor.RM_B, Actor.MARKETING)
#: Exact lookups by these are a right of their own (customer.find), not an oracle.
LOOKUPS = frozenset({"national_id", "mobile", "email", "card_number"})


class Seen(NamedTuple):
    """All looks of all actors, and what is needed to know a leak in them."""

    looks: tuple[Look, ...]
    declared: Mapping[str, tuple[Look, ...]] | None  # None: the target publishes no contract to look it up in
    known: Mapping[str, Customer]
    canaries: Canaries
    changed: tuple[Customer, ...]  # states that the newcomer went through
    smuggled: Mapping[str, Attempt[OnFile]]  # field that was written along -> the record afterwards
    before: OnFile
    guesses: tuple[Guess, ...]
    events: tuple[str, ...] | None = None  # bodies that came to a receiver; None: nothing could subscribe
    judged: dict[int, tuple[str, ...]] | None = None  # what a look leaked, by its identity: three checks ask for it

    def on(self, path: str) -> tuple[Look, ...]:
        """Return the looks on one path, none of which may be missing where the product has the verb."""
        return tuple(look for look in self.looks if look.path == path)


@scenario("SEC-05", heavy=True)
def every_path_is_searched_for_restricted_values(crm: CRM, bank: Bank) -> Seen:
    """Two bankers and a marketer read customers on every path; what they may not see is sought in all they get."""
    need(crm, Actor.INTEGRATION, *LOOKERS)
    branches = (first_branch(crm, bank), second_branch(crm, bank))
    before, unknown = newcomers(crm, bank, 2)
    after = replace(before, mobile=unknown.mobile, email=unknown.email)
    samples = tuple(_sample(bank, branch) for branch in branches)
    contract = contract_of(crm)
    with on_file(crm, before), papers_of(crm, before, after) as papers:
        events = events_of(crm, before, lambda: _change(crm, before, after))
        sights = {
            actor: Sight(own=own, other=other, changed=before, unknown=unknown, bank=bank, papers=papers)
            for actor, (own, other) in zip(LOOKERS, (samples, samples[::-1], samples), strict=True)
        }
        views = {actor: crm.acting_as(actor) for actor in LOOKERS}
        filed = crm.get(Customer, before.number).value  # read before anything is written along
        return Seen(
            looks=tuple(look for actor in LOOKERS for walk in WALKS for look in walk(views[actor], sights[actor])),
            declared=None if contract is None else {
                word: tuple(look for actor in LOOKERS for look in declared(word, views[actor], sights[actor], contract))
                for word in ("webhook", "attachment")
            },
            known={customer.number: customer for customer in (*bank.customers, after)},
            canaries=Canaries.of(bank),
            changed=(before, after),
            smuggled=dict(_smuggled(crm, before, branches[1])),
            before=filed,
            guesses=tuple(guess for actor in LOOKERS for guess in guesses(views[actor], sights[actor].own[:2])),
            events=events,
            judged={},
        )  # fmt: skip


def _sample(bank: Bank, branch: str) -> tuple[Customer, ...]:
    there = (one for one in bank.customers if one.branch == branch and one.state == "active" and not one.legal_hold)
    sample = tuple(one for one, _ in zip(there, range(SAMPLE), strict=False))
    if len(sample) < 2:
        raise NotTestable(f"the bank has fewer than two active customers in branch {branch}: seed a larger bank")
    return sample


def _change(crm: CRM, before: Customer, after: Customer) -> None:
    version = crm.get(Customer, before.number).value.version
    changes = {"mobile": after.mobile, "email": after.email}
    crm.update(Customer, before.number, changes, version=version).value  # noqa: B018 - a refusal ends the story


def _smuggled(crm: CRM, customer: Customer, branch: str) -> Iterator[tuple[str, Attempt[OnFile]]]:
    """Have a teller write along what a teller may not set, and read the record anew after each try."""
    if not crm.has(Actor.TELLER_A):
        return
    teller = crm.acting_as(Actor.TELLER_A)
    extras = {"branch": branch, "version": 999, "created_at": "2001-01-01T00:00:00+00:00", "number": "N0"}
    for field, value in extras.items():
        version = crm.get(Customer, customer.number).value.version
        changes = {"occupation": f"Smuggler of {field}", field: value}
        ask = partial(CRM.update, kind=Customer, number=customer.number, changes=changes, version=version)
        attempt(teller, field, ask)
        yield field, attempt(crm, "get", lambda view: view.get(Customer, customer.number))


# -- knowing a leak ---------------------------------------------------------------------------------------------------
def leaks_of(seen: Seen, look: Look) -> tuple[str, ...]:
    """Return all that a look showed and must not have shown, one line each."""
    if seen.judged is None:
        return _leaks_of(seen, look)
    if id(look) not in seen.judged:  # all looks live as long as what was seen does
        seen.judged[id(look)] = _leaks_of(seen, look)
    return seen.judged[id(look)]


def _leaks_of(seen: Seen, look: Look) -> tuple[str, ...]:
    operation = "customer.export" if look.path == "export" else ""
    found: list[Leak] = [
        *in_bytes(seen.canaries, look.tried.bytes, look.actor, look.tried.what, operation=operation, sent=look.sent),
        *in_rows(seen.known, look.rows, look.actor, look.tried.what, operation=operation),
    ]
    told = {str(leak) for leak in found if (leak.customer, leak.field) not in look.sent}
    told |= {f"{look.actor} sees {value} on {look.tried.what}" for value in spotted(seen.changed, look.tried.bytes)}
    return tuple(sorted(told | set(_oracle(seen, look)) | set(_beyond(look))))


def _oracle(seen: Seen, look: Look) -> Iterator[str]:
    """A filter, a sort order, a search or a count by a restricted field tells its values if it works at all."""
    field = look.asked.removesuffix("__gt")
    if not field or not look.tried.ok or the_policy().sees_clear(look.actor, field):
        return
    if look.path == "filter" and look.asked in LOOKUPS and the_policy().may(look.actor, "customer.find"):
        return
    if WORKS[look.path](seen, look, field):
        yield f"{look.actor} learns {field} by {look.tried.what}"


def _filter_works(seen: Seen, look: Look, field: str) -> bool:
    """All rows have what was asked for, and not everybody has it."""
    rows = [seen.known[row.number] for row in look.rows if row.number in seen.known]
    asked = getattr(seen.known[look.target], field)
    if look.asked.endswith("__gt"):
        values = sorted(getattr(one, field) for one in seen.known.values())
        return bool(rows) and all(getattr(one, field) > values[len(values) // 3] for one in rows) and len(rows) >= 10
    return bool(rows) and all(getattr(one, field) == asked for one in rows)


def _sort_works(seen: Seen, look: Look, field: str) -> bool:
    """The rows come in the order of their true values."""
    values = [getattr(seen.known[row.number], field) for row in look.rows if row.number in seen.known]
    return len(set(values)) > min(4, len(set(_all(seen, field))) - 1) and values in (
        sorted(values), sorted(values, reverse=True),
    )  # fmt: skip


def _search_works(_: Seen, look: Look, __: str) -> bool:
    """A part of the value leads to its owner."""
    return look.target in {row.number for row in look.rows}


def _count_works(seen: Seen, look: Look, field: str) -> bool:
    """The groups are named by true values."""
    return bool({str(value) for value in _all(seen, field)} & {str(key) for key in look.tried.value})


def _all(seen: Seen, field: str) -> Iterator[Any]:
    return (getattr(one, field) for one in seen.known.values())


WORKS = {"filter": _filter_works, "sort": _sort_works, "search": _search_works, "aggregate": _count_works}


def _beyond(look: Look) -> Iterator[str]:
    """Expanding must not show kinds that the actor may not list."""
    if look.path == "expand" and not the_policy().may(look.actor, "account.list"):
        shown = [row for row in look.rows if row.kind.lower().startswith(Account.__name__.lower())]
        yield from (f"{look.actor} sees account {row.number} on {look.tried.what}" for row in shown)


def _clean(seen: Seen, path: str) -> Verdict:
    """Judge one path: nothing leaks on it; a path that the product does not have leaks nothing either."""
    looks = seen.on(path)
    if not any(look.tried.offered for one in ("get", "list", "search") for look in seen.on(one)):
        raise Unsupported("the product offers neither get nor list nor search, so nothing was looked at")
    note = f"{len(looks)} looks" if any(look.tried.offered for look in looks) else "not offered"
    return none_of({leak for look in looks for leak in leaks_of(seen, look)}, what="restricted value", note=note)


def _declared(seen: Seen, word: str) -> Verdict:
    """Judge a path that the port has no verb for by what the machine contract declares."""
    if seen.declared is None:
        raise NotTestable("the target publishes no machine contract in which such a path could be looked up")
    looks = seen.declared[word]
    note = f"{len(looks)} looks" if looks else "not offered: the machine contract declares no such path"
    return none_of({leak for look in looks for leak in leaks_of(seen, look)}, what="restricted value", note=note)


# -- the judgements ---------------------------------------------------------------------------------------------------
@every_path_is_searched_for_restricted_values.harm
def other_branches_stay_closed(seen: Seen) -> Verdict:
    """A banker reads no customer of another branch: by number, in lists, in searches, at one glance or in history."""
    bankers = {Actor.RM_A: the_branch(seen, Actor.RM_A), Actor.RM_B: the_branch(seen, Actor.RM_B)}
    crossed = {
        f"{look.actor} sees {number} on {look.tried.what}"
        for look in seen.looks
        if look.actor in bankers
        for number in _shown(look)
        if number in seen.known and seen.known[number].branch != bankers[look.actor]
    }
    return none_of(crossed, what="customer of another branch")


def the_branch(seen: Seen, actor: Actor) -> str:
    """Return the branch of a banker: that of the first customer looked at on the path of single reads."""
    return seen.known[next(look.target for look in seen.on("get") if look.actor is actor)].branch


def _shown(look: Look) -> Iterator[str]:
    """Return the numbers of all customers that a look showed, or the target of a read that gave anything."""
    yield from (str(row["customer"] or row.number) for row in look.rows)
    if look.tried.ok and look.path in ("get", "report", "history", "attachment") and look.tried.value:
        yield look.target


@every_path_is_searched_for_restricted_values.check
def get_leaks_nothing(seen: Seen) -> Verdict:
    """Reading one record shows no restricted value."""
    return _clean(seen, "get")


@every_path_is_searched_for_restricted_values.check
def list_leaks_nothing(seen: Seen) -> Verdict:
    """Lists show no restricted value."""
    return _clean(seen, "list")


@every_path_is_searched_for_restricted_values.check
def filter_leaks_nothing(seen: Seen) -> Verdict:
    """Filtering by a restricted field tells nothing about its values."""
    return _clean(seen, "filter")


@every_path_is_searched_for_restricted_values.check
def sort_leaks_nothing(seen: Seen) -> Verdict:
    """Sorting by a restricted field tells nothing about its order."""
    return _clean(seen, "sort")


@every_path_is_searched_for_restricted_values.check
def search_leaks_nothing(seen: Seen) -> Verdict:
    """Searching shows no restricted value, and a part of one leads to nobody."""
    return _clean(seen, "search")


@every_path_is_searched_for_restricted_values.check
def aggregate_leaks_nothing(seen: Seen) -> Verdict:
    """Counting by a restricted field names no value of it."""
    return _clean(seen, "aggregate")


@every_path_is_searched_for_restricted_values.check
def expand_leaks_nothing(seen: Seen) -> Verdict:
    """Related records that are read along show no restricted value and no kind that is closed to the reader."""
    return _clean(seen, "expand")


@every_path_is_searched_for_restricted_values.check
def export_leaks_nothing(seen: Seen) -> Verdict:
    """Exports show no restricted value to those who may not see it."""
    return _clean(seen, "export")


@every_path_is_searched_for_restricted_values.check
def bulk_query_leaks_nothing(seen: Seen) -> Verdict:
    """Reading the other kinds of records, hundreds at a time, shows no restricted value of a customer."""
    return _clean(seen, "bulk_query")


@every_path_is_searched_for_restricted_values.check
def report_leaks_nothing(seen: Seen) -> Verdict:
    """The view at one glance and the counts show no restricted value."""
    return _clean(seen, "report")


@every_path_is_searched_for_restricted_values.check
def history_leaks_nothing(seen: Seen) -> Verdict:
    """Histories, past states and the audit trail show no restricted value, neither the new one nor the old."""
    return _clean(seen, "history")


@every_path_is_searched_for_restricted_values.check
def error_text_leaks_nothing(seen: Seen) -> Verdict:
    """Refusals explain themselves without telling restricted values."""
    return _clean(seen, "error_text")


@every_path_is_searched_for_restricted_values.check
def webhook_leaks_nothing(seen: Seen) -> Verdict:
    """Neither events nor what the target publishes about webhooks hold a restricted value."""
    if seen.events == ():
        raise NotTestable(f"a receiver subscribed, and no event came within {PATIENCE:g} s")
    if seen.events is None:
        return _declared(seen, "webhook")
    told = {f"an event tells {value}" for body in seen.events for value in spotted(seen.changed, body.encode())}
    published = {leak for look in (seen.declared or {}).get("webhook", ()) for leak in leaks_of(seen, look)}
    return none_of(told | published, what="restricted value", note=f"{len(seen.events)} events")


@every_path_is_searched_for_restricted_values.check
def attachment_leaks_nothing(seen: Seen) -> Verdict:
    """Documents open to nobody who may not see their customer, or what stands in them."""
    known = (seen.declared or {}).get("attachment", ())
    if not any(look.tried.offered for look in seen.on("attachment")) and not known:
        return _declared(seen, "attachment")
    looks = (*seen.on("attachment"), *known)
    return none_of(
        {leak for look in looks for leak in leaks_of(seen, look)}, what="document", note=f"{len(looks)} looks"
    )


@every_path_is_searched_for_restricted_values.check
def no_secret_leaks(seen: Seen) -> Verdict:
    """On no path is an identity number or a card number seen by those who may not see it."""
    found = {leak for look in _all_looks(seen) for leak in leaks_of(seen, look)}
    secret = {leak for leak in found if any(field in leak for field in HIGHEST)}
    verdict = none_of(secret, what="identity or card number", leaks=len(found))
    return replace(verdict, facts={"paths": leak_map(seen)})


def leak_map(seen: Seen) -> dict[str, object]:
    """Return for pages, by path: how many looks were offered, and of each field that leaked to whom and in which look.

    A leaking look is named by the id of its last exchange.
    """
    told: dict[str, Any] = {}
    for look in _all_looks(seen):
        path = told.setdefault(look.path, {"looks": 0, "leaks": {}})
        path["looks"] += look.tried.offered
        for line in leaks_of(seen, look):
            field = next((name for name in RESTRICTED if name in line), "other")
            answer = look.tried.answer
            seen_by = path["leaks"].setdefault(field, {})
            seen_by.setdefault(look.actor.value, answer.exchanges[-1] if answer and answer.exchanges else "")
    events = told.setdefault("webhook", {"looks": 0, "leaks": {}})
    for body in seen.events or ():
        events["looks"] += 1
        for value in spotted(seen.changed, body.encode()):
            events["leaks"].setdefault(value.partition(".")[2], {}).setdefault("receiver", "")
    return told


def _all_looks(seen: Seen) -> Iterator[Look]:
    yield from seen.looks
    for looks in (seen.declared or {}).values():
        yield from looks


@every_path_is_searched_for_restricted_values.check
def restricted_fields_cannot_be_written_along(seen: Seen) -> Verdict:
    """Fields that the writer may not set stay as they were when they are sent along with others."""
    if not seen.smuggled:
        raise NotTestable("no credential for teller-A: add it to the target's settings")
    kept: Sequence[str] = ("branch", "created_at")
    changed = [
        f"{field} written along: {name} is {shown.value[name]!r}, was {seen.before[name]!r}"
        for field, shown in seen.smuggled.items()
        for name in kept
        if shown.value[name] != seen.before[name]
    ]
    wild = [field for field, shown in seen.smuggled.items() if shown.value.version == "999"]
    return none_of([*changed, *(f"{field} set the version" for field in wild)], what="field written along")


@every_path_is_searched_for_restricted_values.check
def oracles_are_closed(seen: Seen) -> Verdict:
    """Neither halving the range through filters again and again nor sorting leads to a value that is not shown."""
    if not any(guess.offered for guess in seen.guesses):
        raise Unsupported("the product offers no filtered lists")
    learned = {str(guess) for guess in seen.guesses if guess.learned}
    ordered = {told for look in seen.on("sort") for told in _oracle(seen, look)}
    return none_of(learned | ordered, what="value learned", note=f"{len(seen.guesses)} binary searches")


@every_path_is_searched_for_restricted_values.check
def fields_can_be_allow_listed(seen: Seen) -> Verdict:
    """A role may be given a list of fields and is shown no other, so that a new field is closed until it is listed."""
    return listed_alone(look for path in ("get", "list") for look in seen.on(path))
