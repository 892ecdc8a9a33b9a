"""Bulk: whether a large file comes in whole, its bad rows named, and can be broken off, repeated and taken back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from scenarios.answers import BulkReport, OnFile
from scenarios.crm import CRM, Answer
from scenarios.library.likeness import differences
from scenarios.library.migrants import Migrants, migrants
from scenarios.library.newcomers import quietly
from scenarios.scenario import scenario
from scenarios.verdict import NotProven, Verdict, at_least, equal, none_of
from synthetic_data.bank import Bank
from synthetic_data.defects import invalid_customers
from synthetic_data.records import (
    KINDS,
    Account,
    Company,
    Customer,
    Household,
    Interaction,
    Opportunity,
    Record,
    Ticket,
)

#: Strangers whose papers fill the file: about 17 rows each, so 10,000 (row: a million) or 2,000 for a small bank.
LARGE, SMALL, LARGE_FROM = 620, 125, 5_000
#: One row in so many is bad (3 %), records of each kind that are read back, customers tried in the trial run.
ONE_BAD_IN, READ_BACK, TRIAL = 33, 8, 100
#: Kinds that are exported and compared row by row.
EXPORTED: tuple[type[Record], ...] = (Company, Household, Opportunity)
#: What the target may move by its own clock.
OWN_CLOCK: Mapping[type[Record], tuple[str, ...]] = {Ticket: ("status",)}


class Sheet(NamedTuple):
    """All rows of one kind; ``bad`` tells by row which field is wrong."""

    kind: type[Record]
    rows: tuple[Record, ...]
    bad: Mapping[int, str]

    @property
    def good(self) -> tuple[Record, ...]:
        """Return the rows that a target must take."""
        return tuple(row for i, row in enumerate(self.rows) if i not in self.bad)


class Import(NamedTuple):
    """One sheet, what was said of it, and what was said when it had been broken off half way and sent again."""

    sheet: Sheet
    answer: Answer[BulkReport]
    first_half: Answer[BulkReport] | None = None


class Seen(NamedTuple):
    """The whole file on its way in, on file, and on its way out."""

    trial: tuple[Sheet, Answer[BulkReport], tuple[Answer[OnFile], ...]]
    imports: tuple[Import, ...]
    read_back: tuple[tuple[Record, Answer[OnFile]], ...]
    refused: tuple[tuple[Record, Answer[OnFile]], ...]
    exports: tuple[tuple[Sheet, Answer[tuple[OnFile, ...]]], ...]
    reverted: tuple[Answer[BulkReport], ...]
    residue: tuple[tuple[Record, Answer[OnFile]], ...]


@scenario("INT-07", heavy=True)
def a_file_comes_in(crm: CRM, bank: Bank) -> Seen:
    """Files of fourteen kinds with 3 % bad rows are tried, imported, broken off, resumed, exported and taken back."""
    strangers = migrants(crm, bank, LARGE if len(bank.customers) >= LARGE_FROM else SMALL)
    sheets = tuple(_sheets(crm, bank, strangers))
    jobs: list[str] = []
    try:
        trial = _trial(crm, sheets[0])
        imports = tuple(_import(crm, sheet, jobs) for sheet in sheets)
        read_back = tuple(_read(crm, (row for sheet in sheets for row in _sample(sheet.good))))
        refused = tuple(_read(crm, (row for sheet in sheets for row in _refused(sheet))))
        exports = tuple((s, crm.export(s.kind)) for s in sheets if s.kind in EXPORTED)
        reverted = tuple(crm.revert(jobs.pop()) for _ in tuple(jobs))
        residue = tuple(_read(crm, (row for sheet in sheets for row in _sample(sheet.good))))
        return Seen(trial, imports, read_back, refused, exports, reverted, residue)
    finally:
        for job in reversed(jobs):
            quietly(crm.revert, job)


def _sheets(crm: CRM, bank: Bank, strangers: Migrants) -> Iterator[Sheet]:
    lost = invalid_customers(bank, max(3, len(strangers.of(Customer)) // ONE_BAD_IN), seed=int(crm.nonce, 36) % 10**6)
    nobody = tuple((replace(one, number=f"Y{crm.nonce}{i:05d}"), field) for i, (one, field) in enumerate(lost))
    for kind in KINDS:
        rows = strangers.of(kind)
        bad = nobody if kind is Customer else tuple(_spoilt(rows, nobody[0][0].number, f"Y{crm.nonce}"))
        yield _mixed(kind, rows, bad)


def _spoilt(rows: Sequence[Record], nobody: str, mark: str) -> Iterator[tuple[Record, str]]:
    """Yield bad rows: papers of a customer who is refused in the same file, and values that do not exist."""
    for i, row in enumerate(rows[::ONE_BAD_IN]):
        number = f"{mark}{row.number[-20:]}"
        if isinstance(row, Account | Opportunity) and i % 2:
            yield replace(row, number=number, currency="SEASHELLS"), "currency"
        elif isinstance(row, Interaction) and i % 2:
            yield replace(row, number=number, direction="sideways"), "direction"
        elif isinstance(row, Account | Opportunity | Interaction | Ticket):
            yield replace(row, number=number, customer=nobody), "customer"


def _mixed(kind: type[Record], rows: Sequence[Record], bad: Sequence[tuple[Record, str]]) -> Sheet:
    """Spread bad rows over good ones, evenly."""
    mixed: list[Record] = []
    where: dict[int, str] = {}
    waiting = list(bad)
    step = max(1, len(rows) // (len(bad) + 1))
    for i, row in enumerate(rows, start=1):
        mixed.append(row)
        if waiting and i % step == 0:
            spoilt, field = waiting.pop(0)
            where[len(mixed)] = field
            mixed.append(spoilt)
    return Sheet(kind, tuple(mixed), where)


def _trial(crm: CRM, sheet: Sheet) -> tuple[Sheet, Answer[BulkReport], tuple[Answer[OnFile], ...]]:
    part = Sheet(sheet.kind, sheet.rows[:TRIAL], {i: field for i, field in sheet.bad.items() if i < TRIAL})
    report = crm.bulk(part.rows, dry_run=True, job=f"{crm.nonce}-trial")
    return part, report, tuple(crm.get(sheet.kind, row.number) for row in _sample(part.good))


def _import(crm: CRM, sheet: Sheet, jobs: list[str]) -> Import:
    job = f"{crm.nonce}-{sheet.kind.__name__.lower()}"
    jobs.append(job)
    half = crm.bulk(sheet.rows[: len(sheet.rows) // 2], job=job) if sheet.kind is Interaction else None
    return Import(sheet, crm.bulk(sheet.rows, job=job), half)


def _sample(rows: Sequence[Record]) -> Sequence[Record]:
    return rows[:: max(1, len(rows) // READ_BACK)][:READ_BACK]


def _refused(sheet: Sheet) -> Iterable[Record]:
    return [sheet.rows[i] for i in sheet.bad][:READ_BACK]


def _read(crm: CRM, rows: Iterable[Record]) -> Iterator[tuple[Record, Answer[OnFile]]]:
    for row in rows:
        yield row, crm.get(type(row), row.number)


@a_file_comes_in.check
def a_file_can_be_imported(seen: Seen) -> Verdict:
    """A file of customers can be imported."""
    report = seen.imports[0].answer.value
    return at_least(report.accepted, 1)


@a_file_comes_in.harm
def imports_corrupt_nothing(seen: Seen) -> Verdict:
    """What was imported is on file exactly as it stood in the file."""
    wrong = [
        difference
        for ours, answer in seen.read_back
        for difference in differences(ours, answer.value, leave_out=OWN_CLOCK.get(type(ours), ()))
    ]
    return none_of(wrong, what="value changed on the way in", note=f"{len(seen.read_back)} records read back")


@a_file_comes_in.check
def ten_thousand_rows_are_taken(seen: Seen) -> Verdict:
    """Ten thousand rows are taken in one go, and every good one of them is on file."""
    rows = sum(len(one.sheet.rows) for one in seen.imports)
    accepted = sum(_accepted(one) for one in seen.imports)
    good = sum(len(one.sheet.good) for one in seen.imports)
    if rows < 10_000 and accepted == good:
        raise NotProven(f"{rows} rows were sent: use a bank of {LARGE_FROM} customers or more to send 10,000")
    return equal(accepted, good, note=f"{rows} rows sent")


def _accepted(one: Import) -> int:
    """Return how many rows came in; after a resume the parts are added up, or the last report tells of all."""
    told = one.answer.value.accepted
    return told if one.first_half is None else max(told, min(told + one.first_half.value.accepted, len(one.sheet.good)))


@a_file_comes_in.check
def rejects_are_exact(seen: Seen) -> Verdict:
    """Exactly the bad rows are refused: none too many, none too few."""
    wrong = [
        f"{one.sheet.kind.__name__} row {row} was {'taken' if row in one.sheet.bad else 'refused'}"
        for one in seen.imports
        for row in {no.row for no in one.answer.value.rejected} ^ set(one.sheet.bad)
    ]
    return none_of(wrong, what="row judged wrongly", note=f"{sum(len(i.sheet.bad) for i in seen.imports)} bad rows")


@a_file_comes_in.check
def the_error_file_names_row_and_field(seen: Seen) -> Verdict:
    """For every refused row its number, the field at fault and a reason are named."""
    wrong = []
    for one in seen.imports:
        told = {(no.row, no.field): no.reason for no in one.answer.value.rejected}
        wrong += [f"{one.sheet.kind.__name__} {bad}" for bad in one.sheet.bad.items() if not told.get(bad)]
    return none_of(wrong, what="bad row without its field and reason")


@a_file_comes_in.check
def imports_are_quick(seen: Seen) -> Verdict:
    """At least 500 rows are imported a second."""
    fresh = [one for one in seen.imports if one.first_half is None and one.sheet.rows]
    rows, seconds = sum(len(one.sheet.rows) for one in fresh), sum(one.answer.seconds for one in fresh)
    for one in fresh:
        _ = one.answer.value
    speed = rows / seconds if seconds else 0.0
    return at_least(round(speed), 500, note=f"{rows} rows in {seconds:.1f} s", rows_per_s=speed)


@a_file_comes_in.check
def no_half_relations_remain(seen: Seen) -> Verdict:
    """No paper of a refused customer came in without its owner."""
    _ = [one.answer.value for one in seen.imports]
    kept = [f"{type(row).__name__} {row.number}" for row, answer in seen.refused if answer.ok]
    return none_of(kept, what="orphan on file", note=f"{len(seen.refused)} refused rows looked for")


@a_file_comes_in.check
def a_trial_run_changes_nothing(seen: Seen) -> Verdict:
    """A trial run names the bad rows and leaves nothing on file."""
    sheet, report, after = seen.trial
    named = {no.row for no in report.value.rejected} == set(sheet.bad)
    return equal({"bad rows named": named, "on file": sum(answer.ok for answer in after)}, _NOTHING_BUT_NAMES)


_NOTHING_BUT_NAMES = {"bad rows named": True, "on file": 0}


@a_file_comes_in.check
def an_import_can_be_undone(seen: Seen) -> Verdict:
    """Taken back, an import leaves nothing behind."""
    _ = [answer.value for answer in seen.reverted]
    left = [f"{type(row).__name__} {row.number}" for row, answer in seen.residue if answer.ok]
    return none_of(left, what="residue of a reverted import", note=f"{len(seen.residue)} records looked for")


@a_file_comes_in.check
def a_broken_import_resumes(seen: Seen) -> Verdict:
    """An import that broke off half way is sent again as a whole: the rest comes in and nothing comes in twice."""
    one = next(one for one in seen.imports if one.first_half is not None)
    assert one.first_half is not None
    _ = one.first_half.value
    refused = {no.row for no in one.answer.value.rejected}
    observed = {"rows in": _accepted(one), "refused though good": len(refused - set(one.sheet.bad))}
    return equal(observed, {"rows in": len(one.sheet.good), "refused though good": 0})


@a_file_comes_in.check
def export_equals_import(seen: Seen) -> Verdict:
    """The export gives back every imported row, once and unchanged."""
    wrong: list[str] = []
    for sheet, answer in seen.exports:
        rows: dict[str, list[OnFile]] = {}
        for row in answer.value:
            rows.setdefault(row.number, []).append(row)
        for ours in sheet.good:
            shown = rows.get(ours.number, [])
            wrong += [f"{ours.number} {len(shown)} times"] if len(shown) != 1 else differences(ours, shown[0])
    return none_of(wrong, what="difference between import and export", note=", ".join(k.__name__ for k in EXPORTED))


SCENARIOS = (a_file_comes_in,)
