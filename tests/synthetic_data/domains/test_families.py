"""Households, and what kin are to each other."""

from collections import Counter

from synthetic_data.bank import Bank
from synthetic_data.records import Customer, Household, Membership, Relation


def test_every_household_has_one_head_and_somebody_else(bank: Bank) -> None:
    for household in bank.of(Household):
        roles = Counter(m.role for m in bank.of(Membership) if m.household == household.number)
        assert roles["head"] == 1
        assert sum(roles.values()) >= 2


def test_households_overlap_part_and_hold_trusts(bank: Bank) -> None:
    memberships = bank.of(Membership)
    assert max(Counter(m.customer for m in memberships).values()) == 2
    ended = [m for m in memberships if m.until is not None]
    assert len(ended) == 20
    assert all(m.since < m.until <= bank.as_of for m in ended if m.until)
    assert Counter(h.kind for h in bank.of(Household)) == {"family": 210, "trust": 20}
    assert {m.role for m in memberships} == {"head", "spouse", "child", "trustee", "beneficiary"}


def test_nobody_belongs_to_a_household_before_birth(bank: Bank) -> None:
    assert all(bank.by_number(Customer, m.customer).birth_date <= m.since <= bank.as_of for m in bank.of(Membership))


def test_a_household_stands_in_the_branch_of_its_members(bank: Bank) -> None:
    branch = {h.number: h.branch for h in bank.of(Household)}
    assert all(bank.by_number(Customer, m.customer).branch == branch[m.household] for m in bank.of(Membership))


def test_parents_are_older_and_spouses_share_a_household(bank: Bank) -> None:
    homes = {c.number: {m.household for m in bank.belonging_to(Membership, c.number)} for c in bank.customers}
    for tie in bank.of(Relation):
        if tie.role == "parent":
            child = bank.by_number(Customer, tie.target)
            assert bank.by_number(Customer, tie.source).birth_date < child.birth_date == tie.since
        if tie.role == "spouse":
            assert homes[tie.source] & homes[tie.target]
