"""Checks: published examples of identity, company and card numbers, and what is wrong with others."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from poc.reference_crm import checks
from tests.poc.reference_crm.counter import card, national_id


@pytest.mark.parametrize("value", ["11010519491231002X", national_id(1), "110105491231002"])
def test_well_formed_identity_numbers_pass(value: str) -> None:
    assert checks.national_id(value) is None


@pytest.mark.parametrize(
    "value", ["110105194912310021", "11010519491331002X", "11010519491231002x", "110105491331002", "1101", ""]
)
def test_identity_numbers_with_a_wrong_digit_or_date_are_refused(value: str) -> None:
    assert checks.national_id(value)


def test_the_example_of_gb_32100_passes_and_a_changed_one_does_not() -> None:
    assert checks.registration_id("91350100M000100Y43") is None
    assert checks.registration_id("91350100M000100Y44")
    assert checks.registration_id("91350100I000100Y43")


def test_cards_must_pass_luhn() -> None:
    assert checks.card_number("4111111111111111") is None
    assert checks.card_number(card(7)) is None
    assert checks.card_number("4111111111111112")


@pytest.mark.parametrize(
    ("value", "good"),
    [("a.b@c.example", True), ("a..b@c.example", False), ("a***@c.example", False), ("", True), (" ", False)],
)
def test_mail_addresses_are_checked_in_form(value: str, good: bool) -> None:
    assert (checks.email(value) is None) is good


def test_a_masked_address_is_not_written_back() -> None:
    assert checks.address("浙江省杭州市****")


def test_birth_dates_lie_in_the_past_and_agree_with_the_identity_number() -> None:
    assert checks.past(date.today() + timedelta(days=2))  # noqa: DTZ011
    assert checks.agree(national_id(1), date(1980, 1, 1)) is None
    assert checks.agree(national_id(1), date(1980, 1, 2))


def test_incomes_are_not_negative() -> None:
    assert checks.not_negative(Decimal("0")) is None
    assert checks.not_negative(Decimal("-0.01"))
