"""Companies, who owns them, and who knows whom."""

from collections import Counter, defaultdict
from decimal import Decimal

from synthetic_data.bank import Bank
from synthetic_data.records import Company, Customer, Relation


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


def test_five_in_a_hundred_found_a_company_and_direct_it(bank: Bank) -> None:
    directed = Counter(r.target for r in bank.of(Relation) if r.role == "director")
    assert directed == dict.fromkeys((c.number for c in bank.of(Company)), 1)
    assert len(directed) == 50


def test_a_company_stands_where_its_founder_lives(bank: Bank) -> None:
    for company in bank.of(Company):
        founder = bank.by_number(Customer, f"C{company.number[2:]}")
        assert company.address == founder.address
        assert (company.branch, company.manager) == (founder.branch, founder.manager)
        assert founder.since <= company.since <= bank.as_of
        assert company.name.isascii() == (founder.language == "en")
