"""Duplicates: recall and precision by hand, merges that lose, and partings that are not exact."""

from dataclasses import replace

import pytest

from scenarios.answers import BulkReport, OnFile, Pair, Rejection
from scenarios.library.customers import duplicates as d
from scenarios.port import Unsupported
from tests.scenarios.library.answering import customer, no, shown, yes


def pair(*numbers: str) -> frozenset[str]:
    return frozenset(numbers)


PLANTED = frozenset(pair(f"A{i}", f"B{i}") for i in range(100))
OURS = frozenset(number for one in PLANTED for number in one) | {"TWIN1", "TWIN2"}


def backlog(found: int, *alarms: tuple[str, str]) -> d.Backlog:
    pairs = [Pair(first=f"B{i}", second=f"A{i}") for i in range(found)] + [Pair(first=a, second=b) for a, b in alarms]
    return d.Backlog(PLANTED, OURS, yes(tuple(pairs)))


@pytest.mark.parametrize(("found", "passed"), [(100, True), (95, True), (94, False), (0, False)])
def test_ninety_five_of_a_hundred_must_be_found(found: int, passed: bool) -> None:
    verdict = d.most_duplicates_are_found(backlog(found))
    assert verdict.passed is passed
    assert verdict.measures["recall"] == found / 100


def test_twins_that_are_named_cost_precision_and_strangers_do_not() -> None:
    twins = ("TWIN1", "TWIN2")
    assert d.few_false_alarms(backlog(98, ("OLD1", "OLD2"))).passed
    assert d.few_false_alarms(backlog(98, twins)).passed
    mixed = d.few_false_alarms(backlog(98, twins, ("TWIN1", "A1"), ("A3", "OLD7")))
    assert not mixed.passed
    assert mixed.measures["precision"] == pytest.approx(98 / 101)


def test_who_names_nobody_has_no_precision() -> None:
    assert not d.few_false_alarms(backlog(0)).passed
    assert not d.duplicates_can_be_listed(backlog(0)).passed
    assert d.duplicates_can_be_listed(backlog(1)).passed


TAKEN, REJECTED = (
    BulkReport(job="j", accepted=1),
    BulkReport(job="j", accepted=0, rejected=(Rejection(row=0, field="n", reason="r"),)),
)


@pytest.mark.parametrize(
    ("by_hand", "noticed"),
    [(no("duplicate"), True), (no("invalid", 422), False), (yes("A1"), False), (yes("A1", body=b'["C1"]'), True)],
)
def test_who_is_entered_again_must_be_named_or_refused_as_a_double(by_hand: object, noticed: bool) -> None:
    seen = d.Doubled("C1", by_hand, yes(TAKEN))  # type: ignore[arg-type]
    assert d.an_exact_duplicate_is_noticed_on_creation(seen).passed is noticed


@pytest.mark.parametrize(
    ("by_import", "noticed"), [(yes(TAKEN), False), (yes(REJECTED), True), (no("duplicate"), True)]
)
def test_an_import_must_notice_too(by_import: object, noticed: bool) -> None:
    assert d.imports_are_checked_too(d.Doubled("C1", no("duplicate"), by_import)).passed is noticed  # type: ignore[arg-type]


KEEP, DROP = shown(customer("C1")), shown(customer("C2", aml_rating="high"))


def file_of(one: OnFile, *tickets: str, aml: str = "low", consents: tuple[tuple[str, bool], ...] = ()) -> d.Snapshot:
    return {
        "self": {one.number: {**one.fields, "aml_rating": aml}},
        "Ticket": {number: {"customer": one.number} for number in tickets},
        "Consent": {at: {"at": at, "granted": granted} for at, granted in consents},
    }


def merged(**other: object) -> d.Merged:
    before = (
        file_of(KEEP, "T1", consents=(("2024", True),)),
        file_of(DROP, "T2", aml="high", consents=(("2025", False),)),
    )
    after = file_of(KEEP, "T1", "T2", aml="high", consents=(("2024", True), ("2025", False)))
    good = d.Merged("C1", "C2", before, yes(KEEP), after, no("not-found", 404), yes(None), before)
    return good._replace(**other)


CHECKS = {check.name: check.judge for check in d.two_files_become_one.checks}


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_good_merge_passes_every_check(name: str) -> None:
    assert CHECKS[name](merged()).passed


def test_a_file_that_leads_to_the_survivor_is_gone_too() -> None:
    assert d.a_merge_leaves_one(merged(dropped=yes(KEEP))).passed


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("a_merge_leaves_one", {"dropped": yes(DROP)}),
        ("children_move_along", {"after": file_of(KEEP, "T1", consents=(("2024", True), ("2025", False)))}),
        ("the_stricter_consent_wins", {"after": file_of(KEEP, aml="low", consents=(("2025", False),))}),
        ("the_stricter_consent_wins", {"after": file_of(KEEP, aml="high", consents=(("2024", True),))}),
        ("an_unmerge_is_exact", {"again": (merged().before[0], file_of(DROP, "T2", aml="low"))}),
        ("an_unmerge_is_exact", {"again": None}),
    ],
)
def test_a_bad_merge_fails(name: str, bad: dict[str, object]) -> None:
    assert not CHECKS[name](merged(**bad)).passed


def test_a_product_without_a_way_back_lacks_it() -> None:
    with pytest.raises(Unsupported, match="unmerge"):
        d.an_unmerge_is_exact(merged(parted=None))


def test_what_a_target_keeps_for_itself_is_not_compared() -> None:
    row = replace(KEEP, fields={**KEEP.fields, "version": 7, "updated_at": "now"})
    assert d._facts(row) == d._facts(KEEP)
