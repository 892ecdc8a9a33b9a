"""Contract: whether everything can be reached over the interface, and the interface keeps what it promises."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.answers import OnFile
from scenarios.crm import CRM, Answer
from scenarios.fuzzing import FuzzReport
from scenarios.library.integration.cells import Cell, tried
from scenarios.library.newcomers import newcomers, on_file
from scenarios.scenario import scenario
from scenarios.verdict import NotProven, Verdict, at_least, equal, holds, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Account, Customer

#: Calls generated from the contract (as the row asks), and what ends sessions or moves clocks and is left out.
CALLS, LEFT_OUT = 500, ("logout", "clock", "sign-out", "session")
#: Rows that deep paging goes through at most (row: 100,000), and rows a page.
DEEP, PAGE = 12_000, 200


class Cells(NamedTuple):
    """What came of every cell of capability and verb."""

    cells: tuple[Cell, ...]


@scenario("INT-02")
def everything_is_reached_for(crm: CRM, bank: Bank) -> Cells:
    """Every kind of record is listed, read, filtered, sorted, created and changed over the interface."""
    return Cells(tuple(tried(crm, bank)))


@everything_is_reached_for.check
def records_can_be_reached(seen: Cells) -> Verdict:
    """Every kind of record can be listed."""
    closed = [f"{cell.name}: {cell.why}" for cell in seen.cells if cell.name.startswith("list ") and cell.why]
    return none_of(closed, what="kind out of reach")


@everything_is_reached_for.check
def verbs_cover_the_cells(seen: Cells) -> Verdict:
    """At least 95 % of the cells of capability and verb can be used."""
    closed = [f"{cell.name}: {cell.why}" for cell in seen.cells if cell.why]
    share = 1 - len(closed) / len(seen.cells)
    note = f"{len(seen.cells)} cells; closed: {'; '.join(closed[:6]) or 'none'}"
    return at_least(round(share, 4), 0.95, note=note, cells_share=share)


class Published(NamedTuple):
    """The machine contract, and what came of calls generated from it."""

    contract: Mapping[str, object]
    report: FuzzReport


@scenario("INT-02", heavy=True)
def the_contract_is_taken_at_its_word(crm: CRM, bank: Bank) -> Published:
    """Hundreds of calls, sound and unsound, are generated from the contract and the replies held against it."""
    contract = crm.contract().value
    return Published(contract, crm.fuzz(contract, calls=CALLS, seed=bank.seed, leave_out=LEFT_OUT))


@the_contract_is_taken_at_its_word.check
def a_machine_contract_is_published(seen: Published) -> Verdict:
    """A machine-readable contract describes the interface, with a version."""
    paths, info = seen.contract.get("paths"), seen.contract.get("info")
    described = len(paths) if isinstance(paths, Mapping) else 0
    version = str(info.get("version", "")) if isinstance(info, Mapping) else ""
    observed = {"openapi": str(seen.contract.get("openapi", "")), "paths": described, "version": version}
    return holds(described > 10 and bool(version), observed=observed, expected="more than 10 paths and a version")


@the_contract_is_taken_at_its_word.check
def replies_keep_the_contract(seen: Published) -> Verdict:
    """At most 1 % of replies to generated calls break the contract."""
    report = seen.report
    if report.calls < CALLS:
        raise NotProven(f"{report.calls} calls were generated: {CALLS - report.calls} more are needed")
    share = len(report.violations) / report.calls
    first = [f"{v.rule}: {v.operation} -> {v.status} {v.detail} | {v.curl}" for v in report.violations[:10]]
    return Verdict(
        passed=share <= 0.01,
        observed={"violations": len(report.violations), "first": first},
        expected="at most 1 % of calls",
        note=f"{report.calls} calls of {report.operations} operations in {report.seconds:.0f} s",
        measures={"violations_share": share, "generated_calls": report.calls},
    )


class Paged(NamedTuple):
    """All accounts in the order of their product, page by page, while a new one came in."""

    numbers: tuple[str, ...]
    products: tuple[str, ...]
    expected: frozenset[str]
    missing_but_there: tuple[str, ...]
    pages: int
    ended: bool


@scenario("INT-02")
def all_pages_are_turned(crm: CRM, bank: Bank) -> Paged:
    """All accounts are paged through in order of product, while one is opened that belongs to a page already read."""
    (one,) = newcomers(crm, bank, 1)
    early = Account(
        number=f"A0{one.number}",
        customer=one.number,
        product="current",
        currency="CNY",
        balance=Decimal(1),
        opened=date(1990, 1, 1),
    )
    with on_file(crm, one):
        rows, ended, pages = _turned(crm, early)
    products = tuple(row.text("product") for row in rows)
    numbers = tuple(row.number for row in rows)
    reached = products[-1] if products else ""
    expected = frozenset(a.number for a in bank.accounts if ended or a.product < reached)
    absent = sorted(expected - set(numbers))[:20]
    there = tuple(number for number in absent if crm.get(Account, number).ok)
    return Paged(numbers, products, expected, there, pages, ended)


def _turned(crm: CRM, early: Account) -> tuple[list[OnFile], bool, int]:
    """Turn the pages of a list full of ties; before the third, an account comes in that belongs to the first."""
    rows: list[OnFile] = []
    cursor, pages = None, 0
    while len(rows) < DEEP:
        page = crm.list(Account, sort="product", limit=PAGE, cursor=cursor).value
        rows += page.rows
        pages, cursor = pages + 1, page.next
        if pages == 2:
            with on_file(crm, early):
                page = crm.list(Account, sort="product", limit=PAGE, cursor=cursor).value if cursor else page
                rows += page.rows if cursor else ()
                cursor, pages = page.next, pages + 1
        if cursor is None:
            return rows, True, pages
    return rows, False, pages


@all_pages_are_turned.check
def deep_pages_are_exact(seen: Paged) -> Verdict:
    """Paging to the end shows every account once and in order, also while accounts come in."""
    twice = len(seen.numbers) - len(set(seen.numbers))
    observed = {
        "shown twice": twice,
        "left out": len(seen.missing_but_there),
        "in order": list(seen.products) == sorted(seen.products),
    }
    note = f"{len(seen.numbers)} rows on {seen.pages} pages, {'to the end' if seen.ended else 'broken off there'}"
    return equal(observed, {"shown twice": 0, "left out": 0, "in order": True}, note=note)


class Refusals(NamedTuple):
    """What was said to requests that are wrong in different ways, and what it should be called."""

    said: Mapping[str, str]
    expected: Mapping[str, tuple[str, ...]]


@scenario("INT-02")
def wrong_requests_are_sent(crm: CRM, bank: Bank) -> Refusals:
    """Requests that are wrong in eight ways are sent: what is said tells them apart."""
    one, other = newcomers(crm, bank, 2)
    with on_file(crm, one):
        stale = crm.get(Customer, one.number).value.version
        _ = crm.update(Customer, one.number, {"employer": "Moved on"}, version=stale).value
        cases = dict(_cases(crm, bank, one, other, stale))
    return Refusals(
        {name: answer.reason or "yes" for name, (answer, _) in cases.items()},
        {name: expected for name, (_, expected) in cases.items()},
    )


Case = tuple[str, tuple[Answer[OnFile] | Answer[str], tuple[str, ...]]]


def _cases(crm: CRM, bank: Bank, one: Customer, other: Customer, stale: str | None) -> Iterator[Case]:

    double = replace(other, national_id=one.national_id, birth_date=one.birth_date, gender=one.gender)
    yield "unknown number", (crm.get(Customer, f"NOBODY{crm.nonce}"), ("not-found",))
    yield "without login", (crm.acting_as(Actor.ANONYMOUS).get(Customer, one.number), ("unauthenticated",))
    yield "without right", (crm.acting_as(Actor.AUDITOR).create(other), ("forbidden",))
    yield "of another branch", (crm.acting_as(Actor.RM_B).get(Customer, one.number), ("not-found", "forbidden"))
    yield "invalid value", (crm.create(replace(other, email="nobody at all")), ("invalid",))
    yield "unknown field", (crm.update(Customer, one.number, {"shoe_size": "43"}), ("invalid",))
    yield "second of its kind", (crm.create(double), ("duplicate", "conflict"))
    yield "stale version", (crm.update(Customer, one.number, {"employer": "Late"}, version=stale), ("conflict",))


@wrong_requests_are_sent.check
def errors_are_told_apart(seen: Refusals) -> Verdict:
    """Every wrong request is refused, and the refusal says of which kind the mistake is."""
    wrong = [f"{name}: {said}" for name, said in seen.said.items() if said not in seen.expected[name]]
    return none_of(wrong, what="misleading answer", note=f"{len(seen.said)} kinds of mistake")


SCENARIOS = (
    everything_is_reached_for,
    all_pages_are_turned,
    wrong_requests_are_sent,
    the_contract_is_taken_at_its_word,
)
