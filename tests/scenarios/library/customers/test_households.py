"""Households: sums to the cent, members by the day, and what a stranger's banker was shown."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from scenarios.answers import OnFile, RollUp
from scenarios.library.customers import households as h
from synthetic_data.records import Household, Membership, Relation
from tests.scenarios.library.answering import account, customer, no, shown, yes

PARTED = date(2023, 6, 15)
NOW, BEFORE = date(2026, 6, 30), date(2023, 6, 14)


def member(number: str, *, until: date | None = None, household: str = "H1") -> Membership:
    return Membership(
        number=f"M{number}", household=household, customer=number, role="head", since=date(2019, 3, 1), until=until
    )


FAMILY = h.Family(
    Household(number="H1", name="House of Ada", kind="family", branch="BR01"),
    (member("C1"), member("C2"), member("C3", until=PARTED)),
    (
        account("A1", "C1", "10.10"),
        account("A2", "C2", "20.20"),
        account("A3", "C3", "40"),
        account("J", "C1", "5", "C2"),
    ),
)


def told(total: str, *members: str, then: frozenset[str] | None = None) -> h.Families:
    now = RollUp(household="H1", total=Decimal(total), currency="CNY", members=frozenset(members))
    past = replace(now, members=then if then is not None else frozenset({"C1", "C2", "C3"}))
    return h.Families((h.Told(FAMILY, yes(now), ((BEFORE, yes(past)),)),), NOW)


def test_a_joint_account_counts_once_and_who_left_takes_the_money_along() -> None:
    assert FAMILY.total_at(NOW) == Decimal("35.30")
    assert FAMILY.total_at(BEFORE) == Decimal("75.30")


@pytest.mark.parametrize(("total", "passed"), [("35.30", True), ("40.30", False), ("75.30", False), ("35.31", False)])
def test_a_sum_is_exact_or_wrong(total: str, passed: bool) -> None:
    for check in (h.households_add_up, h.joint_accounts_count_once):
        verdict = check(told(total, "C1", "C2"))
        assert verdict.passed is passed
        assert verdict.measures["roll_up_errors"] == (0 if passed else 1)


@pytest.mark.parametrize(("then", "passed"), [({"C1", "C2", "C3"}, True), ({"C1", "C2"}, False), (set(), False)])
def test_members_of_a_day_are_those_of_that_day(then: set[str], passed: bool) -> None:
    assert h.membership_is_dated(told("35.30", "C1", "C2", then=frozenset(then))).passed is passed


def test_a_child_of_two_homes_is_a_member_of_both() -> None:
    one = told("35.30", "C1", "C2").told[0]
    twice = h.Families((one,) * 2 * h.OF_EACH_KIND, NOW)
    assert not h.a_person_belongs_to_two_households(h.Families((one,), NOW)).passed
    roll = RollUp(household="H1", total=Decimal(0), currency="CNY", members=frozenset({f"C{i}" for i in range(5)}))
    assert h.a_person_belongs_to_two_households(
        h.Families((h.Told(FAMILY, yes(roll), ()), h.Told(FAMILY, yes(roll), ())), NOW)
    ).passed
    assert not h.a_person_belongs_to_two_households(twice).passed


RELATION = Relation(number="R1", source="C1", target="C2", role="spouse", since=date(2019, 3, 1))


@pytest.mark.parametrize(
    ("rows", "passed"), [((shown(RELATION),), True), ((), False), ((shown(RELATION, role="x"),), False)]
)
def test_a_relation_is_read_with_role_and_both_ends(rows: tuple[OnFile, ...], passed: bool) -> None:
    assert h.relations_are_kept(h.Readings((RELATION,), (yes(rows),), (yes(()),))).passed is passed
    assert h.relations_read_from_both_sides(h.Readings((RELATION,), (yes(()),), (yes(rows),))).passed is passed


@pytest.mark.parametrize(("stream", "passed"), [(b'{"mobile": "154****6847"}', True), (b"... 15443626847 ...", False)])
def test_a_secret_in_the_stream_is_a_leak_and_a_mask_is_none(stream: bytes, passed: bool) -> None:
    seen = h.Secrets(yes(shown(customer())), stream, (("mobile", "15443626847"),))
    assert h.the_spouses_banker_sees_nothing(seen).passed is passed


def test_where_the_banker_sees_not_even_the_wife_nothing_is_proven() -> None:
    with pytest.raises(Exception, match="not-found"):
        h.the_spouses_banker_sees_nothing(h.Secrets(no("not-found", 404), b"", ()))


def test_planted_families_own_what_is_put_on_file_once() -> None:
    ten = tuple(customer(f"C{i}", mobile=f"1540000{i:04d}") for i in range(10))
    families = tuple(h._planted(ten))
    accounts = {a.number: a for family in families for a in family.accounts}
    assert all(accounts[a.number] == a for family in families for a in family.accounts)
    assert {len(family.members_at(NOW)) for family in families} == {1, 2}
    both = families[3].members_at(NOW) & families[4].members_at(NOW)
    assert both == {"C7"}
