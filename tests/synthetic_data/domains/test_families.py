"""Households, kin and owners."""

from collections import Counter, defaultdict
from decimal import Decimal

from synthetic_data.bank import Bank
from synthetic_data.records import Company, Customer, Household, Membership, Relation


def test_every_kind_of_relation_occurs(bank: Bank) -> None:
    roles = {r.role for r in bank.of(Relation)}
    assert roles == {"spouse", "parent", "owner", "director", "guarantor", "employer", "introducer"}


def test_relations_name_customers_and_companies_of_the_bank(bank: Bank) -> None:
    known = {c.number for c in bank.customers} | {c.number for c in bank.of(Company)}
    assert all(r.source in known and r.target in known and r.source != r.target for r in bank.of(Relation))


def test_owners_own_no_more_than_the_whole(bank: Bank) -> None:
    owned: dict[str, Decimal] = defaultdict(Decimal)
    for relation in bank.of(Relation):
        if relation.role == "owner":
            owned[relation.target] += relation.share or Decimal(0)
    assert owned.keys() == {c.number for c in bank.of(Company)}
    assert all(Decimal("0.4") <= total <= 1 for total in owned.values())
    assert any(r.role == "owner" and r.source.startswith("CO") for r in bank.of(Relation))


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
