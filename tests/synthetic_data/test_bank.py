"""One bank, looked at from all sides."""

import dataclasses

import orjson
import pytest

from synthetic_data.bank import ALL_KINDS, Bank, UnknownRecord, canonical
from synthetic_data.records import KINDS, Account, Branch, Campaign, Customer, Holding, Interaction, Relation, Staff


def test_records_are_found_by_kind_number_and_customer(bank: Bank) -> None:
    account = bank.accounts[17]
    assert bank.by_number(Account, account.number) is account
    assert account in bank.belonging_to(Account, account.customer)
    assert bank.belonging_to(Interaction, "C99999999") == ()


def test_positions_belong_to_the_customer_of_their_account(bank: Bank) -> None:
    position = bank.of(Holding)[0]
    owner = bank.by_number(Account, position.account).customer
    assert position in bank.belonging_to(Holding, owner)


def test_an_unknown_number_is_named(bank: Bank) -> None:
    with pytest.raises(UnknownRecord) as trouble:
        bank.by_number(Customer, "C99999999")
    assert str(trouble.value) == "number: the bank has no Customer 'C99999999'"


def test_a_kind_that_belongs_to_no_single_customer_is_refused(bank: Bank) -> None:
    with pytest.raises(TypeError, match="a Relation belongs to no single customer"):
        bank.belonging_to(Relation, "C00000001")


def test_the_bank_has_branches_and_all_staff(bank: Bank) -> None:
    assert len(bank.branches) >= 4
    for branch in bank.branches:
        assert {"teller", "rm", "manager"} <= {s.role for s in bank.staff if s.branch == branch.number}
        assert sum(s.role == "manager" for s in bank.staff if s.branch == branch.number) == 1
    assert {"agent", "marketing", "compliance", "auditor", "admin"} <= {s.role for s in bank.staff}


def test_rows_are_what_is_poured_into_a_crm(bank: Bank) -> None:
    assert bank.rows == sum(len(bank.of(kind)) for kind in KINDS)
    assert set(ALL_KINDS) - set(KINDS) == {Branch, Staff}
    assert all(bank.of(kind) for kind in ALL_KINDS)


def test_numbers_are_unique_within_each_kind(bank: Bank) -> None:
    assert all(len({r.number for r in bank.of(kind)}) == len(bank.of(kind)) for kind in ALL_KINDS)


def test_one_changed_value_changes_the_digest(bank: Bank) -> None:
    first, *others = bank.customers
    records = {**bank.records, Customer: (dataclasses.replace(first, tier="other"), *others)}
    assert dataclasses.replace(bank, records=records).digest != bank.digest


def test_a_bank_cannot_be_changed(bank: Bank) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        bank.seed = 8  # type: ignore[misc]
    with pytest.raises(TypeError):
        bank.records[Customer] = ()  # type: ignore[index]


def test_the_canonical_form_keeps_field_names_and_exact_money(bank: Bank) -> None:
    row = orjson.loads(canonical(bank.accounts[0]))
    assert list(row) == [f.name for f in dataclasses.fields(Account)]
    assert row["balance"] == str(bank.accounts[0].balance)


def test_the_head_of_a_bank_refers_to_nothing_beyond_itself(bank: Bank) -> None:
    head = bank.head(120)
    assert len(head.customers) == 120
    assert head.of(Campaign) == bank.of(Campaign)
    known = {r.number for kind in ALL_KINDS for r in head.of(kind)}
    for kind in KINDS:
        for record in head.of(kind):
            named = [getattr(record, f, None) for f in ("customer", "account", "household", "guardian", "campaign")]
            named += [record.source, record.target] if isinstance(record, Relation) else []
            assert known.issuperset(n for n in named if n is not None)


def test_the_head_of_more_than_all_is_the_bank_itself(bank: Bank) -> None:
    assert bank.head(5000) is bank


def test_a_head_of_nobody_is_refused(bank: Bank) -> None:
    with pytest.raises(ValueError, match="customers: 0 is below 1"):
        bank.head(0)


def test_a_notebook_shows_how_much_there_is(bank: Bank) -> None:
    shown = bank._repr_html_()
    assert "<td>Customer</td><td style='text-align:right'>1,000</td>" in shown
    assert bank.digest[:12] in shown
