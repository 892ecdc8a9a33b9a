"""Numbers that look right, belong to nobody and never collide."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic_data import identities

#: First two digits that GB/T 2260 assigns, and 83 and 91, which stand for residence permits.
ASSIGNED = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91"

places = st.integers(0, 10**8 - 1)


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_the_examples_of_gb_11643_are_well_formed(number: str) -> None:
    """GB 11643-1999 gives both numbers as examples."""
    assert identities.is_national_id(number)


def test_the_example_of_gb_32100_is_well_formed() -> None:
    """The code that GB 32100-2015 and its implementations use as example."""
    assert identities.is_registration_id("91350100M000100Y43")


def test_the_worked_example_of_luhns_method_has_its_check_digit() -> None:
    """The example that is commonly worked out for the method of US patent 2 950 048: 1789372997 is checked by 4."""
    assert identities.luhn_check("1789372997") == "4"


@pytest.mark.parametrize("wrong", ["110105194912310021", "110105194913310025", "11010519491231002", "", "A" * 18])
def test_a_wrong_identity_number_is_recognised(wrong: str) -> None:
    assert not identities.is_national_id(wrong)


@settings(max_examples=60, deadline=None)
@given(places, st.dates(date(1920, 1, 1), date(2026, 6, 30)), st.sampled_from("FM"), st.booleans())
def test_an_identity_number_is_valid_unassigned_and_tells_birth_and_gender(
    place: int, birth: date, gender: str, mistyped: bool
) -> None:
    number = identities.national_id(birth, gender, identities.digits(7, "national_id", place), mistyped=mistyped)
    assert identities.is_national_id(number)
    assert number[:2] not in ASSIGNED.split()
    assert number[6:14] == f"{birth:%Y%m%d}"
    assert int(number[16]) % 2 == (gender == "M")


def test_the_old_form_drops_century_and_check_character() -> None:
    assert identities.old_national_id("11010519491231002X") == "110105491231002"
    assert identities.is_national_id("110105491231002")


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31), st.integers(0, 10**8 - 2000))
def test_no_two_customers_share_their_digits(seed: int, first: int) -> None:
    assert len({identities.digits(seed, "mobile", first + i) for i in range(500)}) == 500


def test_no_two_identity_numbers_of_one_day_are_the_same() -> None:
    day = date(1990, 5, 17)
    numbers = {identities.national_id(day, "F", identities.digits(1, "national_id", i)) for i in range(5000)}
    assert len(numbers) == 5000


def test_digits_depend_on_seed_and_field() -> None:
    assert len({identities.digits(seed, field, 42) for seed in (1, 2) for field in ("mobile", "email")}) == 4


def test_a_place_beyond_the_largest_bank_is_refused() -> None:
    with pytest.raises(ValueError, match="index 100000000 is outside"):
        identities.digits(1, "mobile", 10**8)


@settings(max_examples=40, deadline=None)
@given(places)
def test_cards_mobiles_and_company_codes_are_well_formed(place: int) -> None:
    marks = identities.digits(3, "card_number", place)
    card = identities.card_number(marks)
    assert identities.is_card_number(card)
    assert card.startswith("9999")
    assert identities.mobile(marks).startswith("154")
    assert len(identities.mobile(marks)) == 11
    assert identities.is_registration_id(identities.registration_id(marks))


def test_a_card_with_one_digit_changed_is_recognised() -> None:
    assert not identities.is_card_number("4111111111111112")
