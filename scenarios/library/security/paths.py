"""Paths: the ways on which a record can be read, each walked in the name of one actor."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from scenarios.actors import Actor
from scenarios.answers import OnFile, Overview, Page
from scenarios.crm import CRM, Answer
from scenarios.library.security.attempts import Attempt, attempt
from scenarios.port import Refused, Reply, Request, Unsupported
from synthetic_data.bank import Bank
from synthetic_data.records import (
    RESTRICTED,
    Account,
    CampaignMember,
    Consent,
    Customer,
    Household,
    Interaction,
    KycFile,
    Membership,
    Opportunity,
    Record,
    Relation,
    Ticket,
)

#: Kinds that are read many at a time beside customers.
CHILD_KINDS: tuple[type[Record], ...] = (
    Account, Relation, Household, Membership, Interaction, Ticket, Opportunity, CampaignMember, Consent, KycFile,
)  # fmt: skip


class Look(NamedTuple):
    """One read by one actor: on which path, at whom, and which restricted values the actor sent along."""

    path: str
    tried: Attempt[Any]
    target: str = ""  # number of the customer looked at, if it was one
    asked: str = ""  # the field that was asked by
    sent: frozenset[tuple[str, str]] = frozenset()  # (customer, field) of values in the request itself

    @property
    def actor(self) -> Actor:
        """Who looked."""
        return self.tried.actor

    @property
    def rows(self) -> tuple[OnFile, ...]:
        """Return the records that were shown."""
        if not self.tried.ok:
            return ()
        given = self.tried.value
        if isinstance(given, OnFile):
            return (given, *(row for rows in given.included.values() for row in rows))
        if isinstance(given, Page):
            return given.rows
        if isinstance(given, Overview):
            return (given.customer,)
        return tuple(row for row in given if isinstance(row, OnFile)) if isinstance(given, tuple) else ()


class Sight(NamedTuple):
    """What an actor looks at: customers of the bank, of their own branch and of others, and a newcomer on file."""

    own: tuple[Customer, ...]
    other: tuple[Customer, ...]
    changed: Customer  # a newcomer of the first branch whose mobile number and e-mail were changed
    unknown: Customer  # a newcomer who is not on file
    bank: Bank
    papers: tuple[str, ...] = ()  # documents with restricted values that hang on the changed newcomer


Walk = Callable[[CRM, Sight], Iterator[Look]]


def _look(view: CRM, path: str, what: str, ask: Callable[[CRM], Any], **more: Any) -> Look:
    return Look(path, attempt(view, what, ask), **more)


def get(view: CRM, sight: Sight) -> Iterator[Look]:
    """Read records one by one."""
    for one in (*sight.own, *sight.other, sight.changed):
        yield _look(
            view, "get", f"get {one.number}", partial(CRM.get, kind=Customer, number=one.number), target=one.number
        )


def listing(view: CRM, sight: Sight) -> Iterator[Look]:
    """Read pages of records, also with the branch of others asked for."""
    yield _look(view, "list", "list", lambda crm: crm.list(Customer, limit=200))
    where = {"branch": sight.other[0].branch}
    yield _look(view, "list", "list of another branch", lambda crm: crm.list(Customer, where=where, limit=50))


def filtering(view: CRM, sight: Sight) -> Iterator[Look]:
    """Ask for customers by restricted values: one's own customers by equality and range, others' by equality."""
    for field in RESTRICTED:
        for one in (sight.own[0], sight.other[0]):
            yield _filtered(view, one, field, {field: str(getattr(one, field))})
        yield _filtered(view, sight.own[0], f"{field}__gt", {f"{field}__gt": _middle(sight, field)})


def _filtered(view: CRM, one: Customer, asked: str, where: Mapping[str, str]) -> Look:
    field = asked.removesuffix("__gt")
    return _look(
        view, "filter", f"filter by {asked}", lambda crm: crm.list(Customer, where=where, limit=50),
        target=one.number, asked=asked, sent=frozenset({(one.number, field)}),
    )  # fmt: skip


def _middle(sight: Sight, field: str) -> str:
    values = sorted(getattr(one, field) for one in sight.bank.customers)
    return str(values[len(values) // 2])


def sorting(view: CRM, sight: Sight) -> Iterator[Look]:
    """Have customers sorted by restricted fields."""
    for field in RESTRICTED:
        ask = partial(CRM.list, kind=Customer, sort=field, limit=50)
        yield _look(view, "sort", f"sort by {field}", ask, asked=field)


def searching(view: CRM, sight: Sight) -> Iterator[Look]:
    """Search by name, and by parts of restricted values."""
    for one in (*sight.own[:3], *sight.other[:3]):
        ask = partial(CRM.search, kind=Customer, text=one.name)
        yield _look(view, "search", f"search name of {one.number}", ask, target=one.number)
        for field, part in (("mobile", one.mobile[:9]), ("national_id", one.national_id[:14])):
            ask = partial(CRM.search, kind=Customer, text=part)
            yield _look(view, "search", f"search part of {field}", ask, target=one.number, asked=field)


def aggregating(view: CRM, sight: Sight) -> Iterator[Look]:
    """Have customers counted by restricted fields."""
    for field in RESTRICTED:
        yield _look(view, "aggregate", f"count by {field}", partial(CRM.count, kind=Customer, by=field), asked=field)


def expanding(view: CRM, sight: Sight) -> Iterator[Look]:
    """Read customers with their accounts, and accounts with their customers."""
    for one in (*sight.own[:4], *sight.other[:2]):
        ask = partial(CRM.get, kind=Customer, number=one.number, include=(Account,))
        yield _look(view, "expand", f"accounts of {one.number}", ask, target=one.number)
        for account in sight.bank.belonging_to(Account, one.number)[:1]:
            ask = partial(CRM.get, kind=Account, number=account.number, include=(Customer,))
            yield _look(view, "expand", f"owner of {account.number}", ask, target=one.number)


def exporting(view: CRM, sight: Sight) -> Iterator[Look]:
    """Export all customers."""
    yield _look(view, "export", "export", lambda crm: crm.export(Customer))


def bulk_reading(view: CRM, sight: Sight) -> Iterator[Look]:
    """Read records of the other kinds, many at a time."""
    for kind in CHILD_KINDS:
        yield _look(view, "bulk_query", f"list {kind.__name__}", partial(CRM.list, kind=kind, limit=200))


def reporting(view: CRM, sight: Sight) -> Iterator[Look]:
    """Look at customers at one glance, and at counts by branch."""
    for one in (*sight.own[:4], *sight.other[:4], sight.changed):
        ask = partial(CRM.overview, customer=one.number)
        yield _look(view, "report", f"overview of {one.number}", ask, target=one.number)
    yield _look(view, "report", "count by branch", lambda crm: crm.count(Customer, "branch"))


def remembering(view: CRM, sight: Sight) -> Iterator[Look]:
    """Read change histories, past states and the audit trail."""
    for one in (sight.changed, *sight.own[:2], *sight.other[:2]):
        ask = partial(CRM.history, kind=Customer, number=one.number)
        yield _look(view, "history", f"history of {one.number}", ask, target=one.number)
    past = partial(CRM.as_of, kind=Customer, number=sight.changed.number, at=view.clock.now())
    yield _look(view, "history", "past state", past, target=sight.changed.number)
    yield _look(view, "history", "audit trail", lambda crm: crm.audit(subject=sight.changed.number))


def failing(view: CRM, sight: Sight) -> Iterator[Look]:
    """Provoke refusals that a system might explain with what it knows."""
    other, own = sight.other[1], sight.own[1]
    double = _copy(sight.unknown, national_id=other.national_id)
    yield _look(
        view, "error_text", "create a double", lambda crm: crm.create(double),
        sent=frozenset({(other.number, "national_id")}),
    )  # fmt: skip
    asks: dict[str, Callable[[CRM], Any]] = {
        "update with an unknown field": lambda crm: crm.update(Customer, own.number, {"nickname": "x"}, version="1"),
        "update with a wrong value": lambda crm: crm.update(Customer, own.number, {"mobile": "12"}, version="1"),
        "update with a stale version": lambda crm: crm.update(Customer, own.number, {"tier": own.tier}, version="999"),
        "update of another branch": lambda crm: crm.update(Customer, other.number, {"tier": "mass"}, version="1"),
        "get with a strange number": lambda crm: crm.get(Customer, f"{own.number}'\""),
        "find with a wrong value": lambda crm: crm.find(Customer, national_id="1"),
        "filter by an unknown field": lambda crm: crm.list(Customer, where={"nickname": "x"}),
    }
    for what, ask in asks.items():
        yield _look(view, "error_text", what, ask)


def opening(view: CRM, sight: Sight) -> Iterator[Look]:
    """List the documents of a customer, and download them by their numbers; an owner's banker may, and only lists."""
    one, what = sight.changed, f"documents of {sight.changed.number}"
    yield _look(view, "attachment", what, partial(CRM.attachments, kind=Customer, number=one.number), target=one.number)
    for paper in sight.papers if sight.own[0].branch != one.branch or view.actor is Actor.MARKETING else ():
        ask = partial(CRM.read_attachment, document=paper, reason="a customer called about this paper")
        yield _look(view, "attachment", f"document {paper}", ask, target=one.number)


def _copy(model: Customer, **changes: str) -> Customer:
    return replace(model, **changes)  # type: ignore[arg-type]


def declared(word: str, view: CRM, sight: Sight, contract: Mapping[str, Any] | None) -> Iterator[Look]:
    """Read what the machine contract declares under a word (webhook, attachment) though the port has no verb for it."""
    for path, acts in (contract or {}).get("paths", {}).items():
        if word in path.lower() and "get" in acts:
            filled = "/".join(sight.own[0].number if part.startswith("{") else part for part in path.split("/"))
            yield _look(view, word, f"read {path}", partial(_raw, filled))


def _raw(path: str, view: CRM) -> Answer[Reply]:
    return view.raw(Request(method="GET", path=path))


def contract_of(crm: CRM) -> Mapping[str, Any] | None:
    """Return the published machine contract, None if there is none."""
    try:
        return crm.contract().value
    except (Refused, Unsupported):
        return None


WALKS: tuple[Walk, ...] = (
    get, listing, filtering, sorting, searching, aggregating, expanding, exporting, bulk_reading, reporting,
    remembering, failing, opening,
)  # fmt: skip
