"""Concurrency: one record of many wishes, every confirmed addition kept, late writers told."""

from dataclasses import replace
from decimal import Decimal

import pytest

from scenarios.crm import Answer
from scenarios.library.integration import concurrency as c
from scenarios.port import Refused
from tests.scenarios.library.answering import customer, no, shown, yes

ADA = shown(customer())


def creations(**other: object) -> c.Creations:
    bare = c.Created((yes("C1"), *[no("duplicate")] * 49), (ADA,))
    keyed = c.Created((*[yes("I1")] * 48, no("conflict"), no("conflict")), (ADA,))
    return c.Creations(bare, keyed, (yes("I1"), no("conflict")))._replace(**other)


def created(*answers: Answer[str], rows: int = 1) -> c.Created:
    return c.Created(answers, (ADA,) * rows)


@pytest.mark.parametrize(
    ("bare", "passed"),
    [
        (created(yes("C1"), no("duplicate")), True),
        (created(yes("C1"), yes("C2"), rows=2), False),
        (created(no("duplicate"), rows=0), False),
        (created(yes("C1"), no("server-error", 500)), False),
    ],
)
def test_equal_creations_without_a_key_leave_one(bare: c.Created, passed: bool) -> None:
    assert c.equal_creations_leave_one(creations(bare=bare)).passed is passed


@pytest.mark.parametrize(
    ("bad", "passed"),
    [
        ({}, True),
        ({"keyed": created(yes("I1"), yes("I2"), rows=2)}, False),
        ({"keyed": created(yes("I1"), no("duplicate"))}, False),
        ({"keyed": created(yes("I1"), no("server-error", 500))}, False),
        ({"again": (no("duplicate"), no("conflict"))}, False),  # the key was not looked at
        ({"again": (yes("I1"), yes("J1"))}, False),  # the key covers another wish
        ({"again": (yes("I9"), no("conflict"))}, False),
    ],
)
def test_creations_under_one_key(bad: dict[str, object], passed: bool) -> None:
    assert c.keyed_creations_leave_one(creations(**bad)).passed is passed


@pytest.mark.parametrize(("end", "passed"), [("1040", True), ("1039", False), ("1041", False)])
def test_every_confirmed_addition_counts_once(end: str, passed: bool) -> None:
    assert c.counters_add_up(c.Counted(Decimal(1000), 40, Decimal(end), ())).passed is passed


def test_where_nobody_could_add_nothing_is_proven() -> None:
    with pytest.raises(Refused, match="forbidden"):
        c.counters_add_up(c.Counted(Decimal(1000), 0, Decimal(1000), ("forbidden",)))


BEFORE = replace(ADA, version="1")
CHANGED = replace(shown(customer(employer="The first to write")), version="2")


@pytest.mark.parametrize(
    ("late", "after", "passed"),
    [
        (no("conflict", 412), CHANGED, True),
        (yes(CHANGED), CHANGED, False),
        (no("invalid", 422), CHANGED, False),
        (no("conflict", 412), shown(customer(employer="The first to write", occupation="The late one")), False),
        (no("conflict", 412), BEFORE, False),
    ],
)
def test_who_comes_late_is_told_and_changes_nothing(late: object, after: object, passed: bool) -> None:
    assert c.stale_updates_are_refused(c.Stale(BEFORE, CHANGED, late, after)).passed is passed  # type: ignore[arg-type]


def test_versions_change_with_the_record_and_only_then() -> None:
    late = no("conflict", 412)
    assert c.versions_are_shown(c.Stale(BEFORE, CHANGED, late, CHANGED)).passed
    assert not c.versions_are_shown(c.Stale(BEFORE, replace(CHANGED, version="1"), late, CHANGED)).passed
    assert not c.versions_are_shown(c.Stale(replace(BEFORE, version=None), CHANGED, late, CHANGED)).passed
    assert not c.versions_are_shown(c.Stale(BEFORE, CHANGED, late, replace(CHANGED, version="3"))).passed


def merges(left: set[str], contacts: set[str], *said: str) -> c.Merges:
    both = frozenset({"C1", "C2"})
    return c.Merges((frozenset(left),), (both,), (frozenset(contacts),), (frozenset({"I1", "I2"}),), said)


@pytest.mark.parametrize(
    ("seen", "passed"),
    [
        (merges({"C1"}, {"I1", "I2"}, "conflict"), True),
        (merges({"C1", "C2"}, {"I1", "I2"}), False),
        (merges(set(), set()), False),
        (merges({"C2"}, {"I2"}), False),
        (merges({"C1"}, {"I1", "I2"}, "server-error"), False),
    ],
)
def test_of_every_pair_one_is_left_with_all_contacts(seen: c.Merges, passed: bool) -> None:
    assert c.parallel_merges_lose_nothing(seen).passed is passed


def test_a_contract_names_key_and_version() -> None:
    assert c.keys_are_documented(c.Documented("... 'idempotency-key' ... 'if-match' ...")).passed
    assert not c.keys_are_documented(c.Documented("... 'if-match' ...")).passed


def test_things_are_done_as_often_as_asked() -> None:
    assert sorted(c.at_once(lambda i: i * i, 9, 3)) == [i * i for i in range(9)]
