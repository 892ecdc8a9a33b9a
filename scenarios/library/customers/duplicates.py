"""Duplicates: whether one person is kept on one file: doubles noticed, found, merged without loss and parted again."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.answers import BulkReport, OnFile, Pair
from scenarios.crm import CRM, Answer
from scenarios.library.migrants import migrants
from scenarios.library.newcomers import newcomers, on_file, quietly
from scenarios.port import Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import Verdict, at_least, equal, holds, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import (
    Account,
    Consent,
    Customer,
    Interaction,
    KycFile,
    Opportunity,
    Record,
    Ticket,
)

#: Another bank of this size is grown for its doubles and look-alikes (the row plants 800 pairs among 10,000).
GROWN = 1_200
#: What hangs on a customer and must move along in a merge.
CHILDREN: tuple[type[Record], ...] = (Account, Ticket, Interaction, Opportunity, Consent, KycFile)
#: What a target keeps for itself and may change at any time.
OWN_BUSINESS = frozenset({"version", "updated_at", "created_at", "etag"})


class Backlog(NamedTuple):
    """What a scan found among people whose doubles we know."""

    planted: frozenset[frozenset[str]]
    ours: frozenset[str]
    found: Answer[tuple[Pair, ...]]

    def alarms(self) -> frozenset[frozenset[str]]:
        """Return the pairs that the target names and that concern our people."""
        pairs = (frozenset((pair.first, pair.second)) for pair in self.found.value)
        return frozenset(pair for pair in pairs if pair & self.ours)


@scenario("CUS-18", heavy=True)
def the_backlog_is_scanned(crm: CRM, bank: Bank) -> Backlog:
    """People with second files, twins, and fathers and sons of one name are put on file, and all files are scanned."""
    people, planted = _strangers(crm, bank)
    with on_file(crm, *people):
        return Backlog(planted, frozenset(one.number for one in people), crm.duplicates())


def _strangers(crm: CRM, bank: Bank) -> tuple[tuple[Customer, ...], frozenset[frozenset[str]]]:
    """Take from another bank the people who are on file twice or look as if they were."""
    strangers = migrants(crm, bank, GROWN)
    wanted = strangers.alike.union(*strangers.doubles)
    people = (replace(one, guardian=None) for one in strangers.of(Customer) if one.number in wanted)
    return tuple(people), strangers.doubles


@the_backlog_is_scanned.check
def duplicates_can_be_listed(seen: Backlog) -> Verdict:
    """The target can list who is on file twice, over its interface."""
    return holds(bool(seen.found.value), observed=len(seen.found.value), expected="a list that is not empty")


@the_backlog_is_scanned.check
def most_duplicates_are_found(seen: Backlog) -> Verdict:
    """At least 95 % of second files are found: typing errors, other script, new telephone, old identity number."""
    found = len(seen.alarms() & seen.planted)
    recall = found / len(seen.planted)
    return at_least(round(recall, 4), 0.95, note=f"{found} of {len(seen.planted)} planted pairs", recall=recall)


@the_backlog_is_scanned.check
def few_false_alarms(seen: Backlog) -> Verdict:
    """At least 98 % of what is called a duplicate is one: twins and namesakes are left alone."""
    alarms = seen.alarms()
    if not alarms:
        return Verdict(passed=False, observed="no pair named", expected=">= 0.98", measures={"precision": 0.0})
    wrong = sorted(" = ".join(sorted(pair)) for pair in alarms - seen.planted)
    precision = 1 - len(wrong) / len(alarms)
    note = f"{len(alarms)} pairs named, wrong: {', '.join(wrong[:5]) or 'none'}"
    return at_least(round(precision, 4), 0.98, note=note, precision=precision)


class Doubled(NamedTuple):
    """What was said when somebody on file was entered again, by hand and by import."""

    first: str
    by_hand: Answer[str]
    by_import: Answer[BulkReport]


@scenario("CUS-18")
def somebody_is_entered_again(crm: CRM, bank: Bank) -> Doubled:
    """A customer on file is entered again under the same identity number: by a clerk, and in an import."""
    one, other = newcomers(crm, bank, 2)
    again = replace(one, number=f"A{other.number}", mobile=other.mobile, card_number=other.card_number)
    job = f"{crm.nonce}-again"
    with on_file(crm, one):
        by_hand = crm.create(again)
        if by_hand.ok:
            quietly(crm.acting_as(Actor.COMPLIANCE).delete, Customer, by_hand.value)
        by_import = crm.bulk((again,), job=job)
        quietly(crm.revert, job)
        return Doubled(one.number, by_hand, by_import)


@somebody_is_entered_again.check
def an_exact_duplicate_is_noticed_on_creation(seen: Doubled) -> Verdict:
    """Who enters somebody again is told so at once."""
    told = seen.by_hand.reason in ("duplicate", "conflict") or (seen.by_hand.ok and _named(seen, seen.by_hand))
    return holds(
        told, observed=seen.by_hand.reason or "created without a word", expected="refused, or the double named"
    )


@somebody_is_entered_again.check
def imports_are_checked_too(seen: Doubled) -> Verdict:
    """An import cannot put the same person on file twice unnoticed."""
    report = seen.by_import
    noticed = report.reason in ("duplicate", "conflict", "invalid") or (
        report.ok and (any(no.row == 0 for no in report.value.rejected) or _named(seen, report))
    )
    return holds(
        noticed, observed=report.reason or f"accepted {report.value.accepted}", expected="row 0 rejected or named"
    )


def _named(seen: Doubled, answer: Answer[str] | Answer[BulkReport]) -> bool:
    return seen.first.encode() in answer.bytes


#: kind -> number -> fields of what hangs on a customer, and the customer under "self".
Snapshot = Mapping[str, Mapping[str, Mapping[str, object]]]


class Merged(NamedTuple):
    """Two files before their merge, what was there after it, and after they were parted again."""

    keep: str
    drop: str
    before: tuple[Snapshot, Snapshot]
    merged: Answer[OnFile]
    after: Snapshot
    dropped: Answer[OnFile]
    parted: Answer[None] | None  # None where the product knows no way back
    again: tuple[Snapshot, Snapshot] | None


@scenario("CUS-18")
def two_files_become_one(crm: CRM, bank: Bank) -> Merged:
    """Two files of one person, with accounts, tickets, contacts and consents, are merged and parted again."""
    keep, drop = newcomers(crm, bank, 2)
    keep, drop = replace(keep, aml_rating="low"), replace(drop, aml_rating="high")
    papers = [*_papers(keep, granted=True, year=2024), *_papers(drop, granted=False, year=2025)]
    with on_file(crm, keep, drop, *papers):
        before = _snapshot(crm, keep.number), _snapshot(crm, drop.number)
        merged = crm.merge(keep.number, drop.number)
        after, dropped = _snapshot(crm, keep.number), crm.get(Customer, drop.number)
        parted = crm.unmerge(keep.number, drop.number) if crm.offers("unmerge") else None
        again = (_snapshot(crm, keep.number), _snapshot(crm, drop.number)) if parted is not None and parted.ok else None
        return Merged(keep.number, drop.number, before, merged, after, dropped, parted, again)


def _papers(one: Customer, *, granted: bool, year: int) -> Iterable[Record]:
    number, then = one.number, datetime(year, 3, 4, 5, 6, 7, tzinfo=UTC)
    for i in range(2):
        yield Account(
            number=f"A{i}{number}",
            customer=number,
            product="savings",
            currency="CNY",
            balance=Decimal(1000 * i + 17),
            opened=date(2020, 1, 2),
        )
        yield Interaction(
            number=f"I{i}{number}",
            customer=number,
            channel="call",
            direction="in",
            at=then,
            subject="Lost card",
            text=f"Call {i} of {number}",
            staff=one.manager,
        )
    yield Ticket(
        number=f"T{number}",
        customer=number,
        category="card",
        severity="low",
        subject="Lost card",
        text="Asked twice",
        opened_at=then,
        status="open",
    )
    yield Opportunity(
        number=f"O{number}",
        customer=number,
        product="fund",
        stage="proposed",
        amount=Decimal(50000),
        currency="CNY",
        owner=one.manager,
        opened=date(year, 3, 4),
        closes=date(year + 1, 3, 4),
    )
    yield Consent(
        number=f"Z{number}",
        customer=number,
        purpose="marketing",
        channel="call",
        version="2024-1",
        granted=granted,
        at=then,
        source="branch",
    )


def _snapshot(crm: CRM, number: str) -> Snapshot:
    one = crm.get(Customer, number)
    seen: dict[str, Mapping[str, Mapping[str, object]]] = {"self": {number: _facts(one.value)} if one.ok else {}}
    for kind in CHILDREN:
        page = crm.list(kind, where={"customer": number}, limit=200).value
        seen[kind.__name__] = {row.number: _facts(row) for row in page}
    return seen


def _facts(row: OnFile) -> Mapping[str, object]:
    return {name: value for name, value in row.fields.items() if name not in OWN_BUSINESS}


def _children(*snapshots: Snapshot) -> set[str]:
    return {number for one in snapshots for kind, rows in one.items() if kind != "self" for number in rows}


@two_files_become_one.check
def a_merge_leaves_one(seen: Merged) -> Verdict:
    """After a merge one file is left, the one that was to survive."""
    left = [seen.merged.value.number, *([seen.dropped.value.number] if seen.dropped.ok else [])]
    one_file = set(left) == {seen.keep}
    return holds(one_file, observed=left, expected=f"only {seen.keep} answers; {seen.drop} leads nowhere or to it")


@two_files_become_one.harm
def children_move_along(seen: Merged) -> Verdict:
    """All accounts, tickets, contacts and consents of both files hang on the survivor."""
    _ = seen.merged.value
    before = _children(*seen.before)
    lost = before - _children(seen.after)
    return none_of(lost, what="record lost in the merge", note=f"{len(before)} records of two files")


@two_files_become_one.check
def the_stricter_consent_wins(seen: Merged) -> Verdict:
    """The survivor stands under the latest word on marketing and the stricter money-laundering rating."""
    _ = seen.merged.value
    words = sorted(seen.after["Consent"].values(), key=lambda row: str(row.get("at")))
    rating = seen.after["self"].get(seen.keep, {}).get("aml_rating")
    observed = {"marketing": words[-1].get("granted") if words else None, "aml_rating": rating}
    return equal(observed, {"marketing": False, "aml_rating": "high"})


@two_files_become_one.check
def an_unmerge_is_exact(seen: Merged) -> Verdict:
    """Parted again, both files and all that hangs on them are exactly as before."""
    _ = seen.merged.value
    if seen.parted is None:
        raise Unsupported("the product offers no unmerge")
    _ = seen.parted.value
    wrong = [_difference(b, a) for b, a in zip(seen.before, seen.again or ({}, {}), strict=True) if b != a]
    return none_of(wrong, what="difference after unmerge")


def _difference(before: Snapshot, after: Snapshot) -> str:
    flat_before, flat_after = _flat(before), _flat(after)
    names = sorted(
        name for name in flat_before.keys() | flat_after.keys() if flat_before.get(name) != flat_after.get(name)
    )
    return ", ".join(names[:5])


def _flat(seen: Snapshot) -> dict[str, object]:
    return {
        f"{kind} {number}.{field}": value
        for kind, rows in seen.items()
        for number, fields in rows.items()
        for field, value in fields.items()
    }


SCENARIOS = (the_backlog_is_scanned, somebody_is_entered_again, two_files_become_one)
