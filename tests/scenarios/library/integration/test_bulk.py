"""Bulk: files with bad rows at known places, and every way in which an import can go wrong."""

from dataclasses import replace

import pytest

from scenarios.answers import BulkReport, OnFile, Rejection
from scenarios.crm import Answer
from scenarios.library.integration import bulk as b
from scenarios.port import Refused
from scenarios.verdict import NotProven
from synthetic_data.records import Customer, Interaction
from tests.scenarios.library.answering import customer, no, shown, yes

PEOPLE = tuple(customer(f"C{i}") for i in range(10))
SHEET = b.Sheet(Customer, PEOPLE, {3: "mobile", 7: "email"})
NAMED = (Rejection(row=3, field="mobile", reason="too short"), Rejection(row=7, field="email", reason="no @"))


def report(accepted: int = 8, rejected: tuple[Rejection, ...] = NAMED) -> Answer[BulkReport]:
    return yes(BulkReport(job="j", accepted=accepted, rejected=rejected), seconds=0.01)


def seen(answer: Answer[BulkReport] | None = None, **other: object) -> b.Seen:
    one = b.Import(SHEET, answer or report())
    contacts = b.Sheet(Interaction, PEOPLE[:4], {})
    resumed = b.Import(contacts, report(2, ()), report(2, ()))
    good = b.Seen(
        trial=(SHEET, report(), (no("not-found", 404),)),
        imports=(one, resumed),
        read_back=((PEOPLE[0], yes(shown(PEOPLE[0]))),),
        refused=((PEOPLE[3], no("not-found", 404)),),
        exports=((SHEET, yes(tuple(shown(row) for row in SHEET.good))),),
        reverted=(report(),),
        residue=((PEOPLE[0], no("not-found", 404)),),
    )
    return good._replace(**other)


CHECKS = {check.name: check.judge for check in b.a_file_comes_in.checks}


@pytest.mark.parametrize("name", sorted(set(CHECKS) - {"ten_thousand_rows_are_taken"}))
def test_a_good_import_passes(name: str) -> None:
    assert CHECKS[name](seen()).passed


def bad_contacts(half: Answer[BulkReport], whole: Answer[BulkReport]) -> tuple[b.Import, ...]:
    return (b.Import(SHEET, report()), b.Import(b.Sheet(Interaction, PEOPLE[:4], {}), whole, half))


ROWS: tuple[OnFile, ...] = tuple(shown(row) for row in SHEET.good)


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("a_file_can_be_imported", {"answer": report(0)}),
        ("imports_corrupt_nothing", {"read_back": ((PEOPLE[0], yes(shown(PEOPLE[0], name="?"))),)}),
        ("ten_thousand_rows_are_taken", {"answer": report(7)}),
        ("rejects_are_exact", {"answer": report(8, NAMED[:1])}),
        ("rejects_are_exact", {"answer": report(8, (*NAMED, Rejection(row=1, field="x", reason="y")))}),
        ("the_error_file_names_row_and_field", {"answer": report(8, (NAMED[0], replace(NAMED[1], field="")))}),
        ("the_error_file_names_row_and_field", {"answer": report(8, (NAMED[0], replace(NAMED[1], reason="")))}),
        ("imports_are_quick", {"answer": replace(report(), seconds=1.0)}),
        ("no_half_relations_remain", {"refused": ((PEOPLE[3], yes(shown(PEOPLE[3]))),)}),
        ("a_trial_run_changes_nothing", {"trial": (SHEET, report(), (yes(shown(PEOPLE[0])),))}),
        ("a_trial_run_changes_nothing", {"trial": (SHEET, report(10, ()), (no("not-found", 404),))}),
        ("an_import_can_be_undone", {"residue": ((PEOPLE[0], yes(shown(PEOPLE[0]))),)}),
        ("a_broken_import_resumes", {"imports": bad_contacts(report(2, ()), report(1, ()))}),
        ("a_broken_import_resumes", {"imports": bad_contacts(report(2, ()), report(2, NAMED[:1]))}),
        ("export_equals_import", {"exports": ((SHEET, yes(ROWS[1:])),)}),
        ("export_equals_import", {"exports": ((SHEET, yes((*ROWS, ROWS[0]))),)}),
        ("export_equals_import", {"exports": ((SHEET, yes((shown(SHEET.good[0], tier="?"), *ROWS[1:]))),)}),
    ],
)
def test_a_bad_import_fails(name: str, bad: dict[str, object]) -> None:
    assert not CHECKS[name](seen(**bad)).passed  # type: ignore[arg-type]


def test_a_small_file_proves_nothing_of_ten_thousand_rows() -> None:
    with pytest.raises(NotProven, match="14 rows"):
        b.ten_thousand_rows_are_taken(seen())


def test_an_import_that_was_refused_as_a_whole_fails_by_its_refusal() -> None:
    for name in ("a_file_can_be_imported", "rejects_are_exact", "imports_are_quick", "no_half_relations_remain"):
        with pytest.raises(Refused, match="forbidden"):
            CHECKS[name](seen(no("forbidden", 403)))


def test_bad_rows_are_spread_and_known_by_their_place() -> None:
    spoilt = tuple((customer(f"BAD{i}"), "mobile") for i in range(3))
    sheet = b._mixed(Customer, PEOPLE, spoilt)
    assert [sheet.rows[i].number for i in sheet.bad] == ["BAD0", "BAD1", "BAD2"]
    assert sheet.good == PEOPLE
    assert min(sheet.bad) > 0


def test_more_bad_rows_than_good_ones_are_cut_to_what_fits() -> None:
    sheet = b._mixed(Customer, PEOPLE[:1], tuple((customer(f"BAD{i}"), "mobile") for i in range(3)))
    assert len(sheet.bad) == 1
