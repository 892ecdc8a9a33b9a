"""Newcomers with exactly one impossible value."""

from collections import Counter
from datetime import date
from decimal import Decimal

from synthetic_data import identities
from synthetic_data.bank import Bank
from synthetic_data.defects import SPOILS, invalid_customers
from synthetic_data.records import Customer


def faults(customer: Customer, bank: Bank) -> set[str]:
    """The fields of a customer in which something is impossible."""
    found = set()
    number, taken = customer.national_id, {c.national_id for c in bank.customers}
    if not identities.is_national_id(number) or number in taken:
        found.add("national_id")
    if not (customer.mobile.isdecimal() and len(customer.mobile) == 11 and customer.mobile.startswith("1")):
        found.add("mobile")
    if customer.birth_date > bank.as_of or customer.birth_date < date(1900, 1, 1):
        found.add("birth_date")
    if "@" not in customer.email:
        found.add("email")
    if not identities.is_card_number(customer.card_number):
        found.add("card_number")
    if customer.monthly_income < Decimal(0):
        found.add("monthly_income")
    return found


def test_each_has_exactly_one_impossible_value_in_the_field_that_is_named(bank: Bank) -> None:
    wrong = invalid_customers(bank, 110, 5)
    assert [faults(customer, bank) for customer, _ in wrong] == [{field} for _, field in wrong]


def test_birth_date_and_gender_agree_with_the_number_unless_one_of_them_is_wrong(bank: Bank) -> None:
    for customer, _ in invalid_customers(bank, 55, 5):
        number = customer.national_id
        if identities.is_national_id(number) and customer.birth_date <= bank.as_of:
            assert number[6:14] == f"{customer.birth_date:%Y%m%d}"
            assert int(number[16]) % 2 == (customer.gender == "M")


def test_every_way_of_being_wrong_has_its_turn(bank: Bank) -> None:
    fields = Counter(field for _, field in invalid_customers(bank, 2 * len(SPOILS), 1))
    assert fields == Counter(field for field, _ in (*SPOILS.values(), *SPOILS.values()))


def test_newcomers_are_nobody_on_file_and_follow_from_the_seed(bank: Bank) -> None:
    wrong = invalid_customers(bank, 300, 9)
    assert wrong == invalid_customers(bank, 300, seed=9)
    assert {c.number for c, _ in wrong}.isdisjoint(c.number for c in bank.customers)
    assert {c.mobile for c, _ in wrong}.isdisjoint(c.mobile for c in bank.customers)
    assert len({c.number for c, _ in wrong}) == 300
    assert {c.number for c, _ in wrong}.isdisjoint(c.number for c, _ in invalid_customers(bank, 300, 10))
