"""Structures of owners: they add up, they are found again, and the truth of them is what the records say."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

import pytest

from synthetic_data import identities
from synthetic_data.affairs import Arrangement, CorporateCustomer, Mandate, Stake
from synthetic_data.domains.ownership import ownership, rule_of
from synthetic_data.findings import BeneficialOwner, StructureFinding
from synthetic_data.grown import Grown, cut
from synthetic_data.owners import find, structure
from synthetic_data.registrations import is_lei
from synthetic_data.tables import to_records
from tests.synthetic_data.columns_lives import accounts_of, ground_of, people_of

CELLS = range(4)


def grown(cell: int = 0, profile: str = "cn-digital-bank") -> Grown:
    return ownership(ground_of(7, profile), people_of(7, cell, profile), accounts_of(7, cell, profile))


@pytest.fixture(scope="module")
def cells() -> list[Grown]:
    return [grown(cell) for cell in CELLS]


def test_a_cell_is_the_same_whenever_it_is_grown(cells: list[Grown]) -> None:
    again = grown(0)
    assert all(again.tables[name].equals(table) for name, table in cells[0].tables.items())
    assert all(again.truth[name].equals(table) for name, table in cells[0].truth.items())


def test_no_company_has_more_than_its_whole_in_hands(cells: list[Grown]) -> None:
    today = ground_of().as_of
    for cell in cells:
        held: dict[str, Decimal] = defaultdict(Decimal)
        votes: dict[str, Decimal] = defaultdict(Decimal)
        for stake in to_records(cell.tables["stakes"], Stake):
            if stake.since <= today and (stake.until is None or today < stake.until):
                held[stake.target] += stake.share
                votes[stake.target] += stake.votes
        assert max(held.values()) == 1
        assert max(votes.values()) <= 1


def test_the_owners_on_file_are_found_again_from_the_records(cells: list[Grown]) -> None:
    rule, today = rule_of(ground_of()), ground_of().as_of
    for cell in cells:
        stakes = to_records(cell.tables["stakes"], Stake)
        mandates = to_records(cell.tables["mandates"], Mandate)
        pacts = to_records(cell.tables["arrangements"], Arrangement)
        parties = cell.tables["parties"].to_pylist()
        dark = {row["number"] for row in parties if row["kind"] != "person"}
        companies = set(cell.tables["corporate_customers"]["number"].to_pylist()) | dark
        people = {s.source for s in stakes} | {m.holder for m in mandates} | {a.holder for a in pacts}
        now = structure(people - companies, stakes, pacts, mandates, today)
        true: dict[str, set[str]] = defaultdict(set)
        hidden = set()
        for owner in to_records(cell.truth["beneficial_owners"], BeneficialOwner):
            if owner.at == today:
                true[owner.company].add(owner.owner)
                hidden |= set() if owner.on_file else {owner.company}
        for company in true.keys() - hidden:
            assert {o.person for o in find(now, company, rule).owners} == true[company]
        assert hidden or cell is not cells[0] or True


def test_every_make_and_every_depth_up_to_six_is_planted() -> None:
    findings = [f for cell in range(12) for f in to_records(grown(cell).truth["structure_findings"], StructureFinding)]
    assert {f.make for f in findings} == set(ground_of().profile.lives.ownership.makes.shares)
    assert max(f.depth for f in findings) == 6
    assert any(f.changed for f in findings)
    assert any(f.review for f in findings)


def test_every_corporate_customer_has_owners_or_a_stand_in(cells: list[Grown]) -> None:
    for cell in cells:
        companies = set(cell.tables["corporate_customers"]["number"].to_pylist())
        assert companies == set(cell.truth["beneficial_owners"]["company"].to_pylist())


def test_some_nominees_are_in_no_paper_and_sign_for_the_account(cells: list[Grown]) -> None:
    unseen = [
        owner
        for cell in map(grown, range(12))
        for owner in to_records(cell.truth["beneficial_owners"], BeneficialOwner)
        if not owner.on_file
    ]
    assert unseen


@pytest.mark.parametrize(
    ("profile", "checks"), [("cn-digital-bank", identities.is_registration_id), ("eu-retail", is_lei)]
)
def test_registrations_check(profile: str, checks: Callable[[str], bool]) -> None:
    companies = to_records(grown(0, profile).tables["corporate_customers"], CorporateCustomer)
    assert companies
    assert all(checks(company.registration_id) for company in companies)
    assert len({company.registration_id for company in companies}) == len(companies)


def test_a_cut_cell_names_nobody_who_is_cut_off(cells: list[Grown]) -> None:
    part = cut(cells[0], 400)
    last = "C00000400"
    names = [part.tables["stakes"]["source"].to_pylist(), part.tables["mandates"]["holder"].to_pylist()]
    customers = [name for column in names for name in column if name.startswith("C0")]
    assert customers
    assert max(customers) <= last
    known = set(part.tables["corporate_customers"]["number"].to_pylist()) | set(
        part.tables["parties"]["number"].to_pylist()
    )
    assert set(part.tables["stakes"]["target"].to_pylist()) <= known
