"""Numbers of European customers look right, are borne once, and can belong to nobody."""

import numpy as np
import pytest

from synthetic_data import identities, numbering
from synthetic_data.generator import generate
from synthetic_data.numbering import COUNTRIES, MISTYPED_COUNTRIES
from synthetic_data.texts import fixed

#: Codes of ISO 3166-1 that are left to users: AA, QM to QZ, XA to XZ and ZZ.
LEFT_TO_USERS = {"AA", "ZZ", *(f"Q{c}" for c in "MNOPQRSTUVWXYZ"), *(f"X{c}" for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
ROWS = 2_000


def ids(country: numbering.Country, *, mistyped: bool = False) -> list[str]:
    birth, male = np.arange(ROWS) * 7 + 3_000, np.arange(ROWS) % 2 == 0
    marks = identities.marks(5, "national_id", np.arange(ROWS))
    return list(fixed(numbering.national_ids(country, birth, male, marks, np.full(ROWS, mistyped))).to_pylist())


def test_countries_are_none_and_slips_are_told_apart() -> None:
    right, wrong = COUNTRIES.split(), MISTYPED_COUNTRIES.split()
    assert {*right, *wrong} <= LEFT_TO_USERS - {"XK"}
    assert len({*right, *wrong}) == 40


def test_a_european_number_is_the_chinese_one_under_another_flag() -> None:
    chinese, european = ids("china"), ids("europe")
    assert [one[2:] for one in chinese] == [one[2:] for one in european]
    assert {one[:2] for one in european} <= set(COUNTRIES.split())
    assert {one[:2] for one in ids("europe", mistyped=True)} <= set(MISTYPED_COUNTRIES.split())
    assert len(set(european)) == ROWS


def test_telephone_numbers_lie_under_a_code_of_no_country() -> None:
    marks = identities.marks(5, "mobile", np.arange(ROWS))
    mobile, desk = (fixed(make("europe", marks)).to_pylist() for make in (numbering.mobiles, numbering.landlines))
    assert len(set(mobile)) == ROWS
    assert all(one.startswith("+384") and len(one) == 12 for one in mobile)
    assert not set(mobile) & set(desk)
    assert fixed(numbering.mobiles("china", marks)).to_pylist() == fixed(identities.mobiles(marks)).to_pylist()


@pytest.mark.parametrize(("profile", "code"), [("eu-retail", "+384"), ("cn-joint-stock", "154")])
def test_each_bank_keeps_to_the_numbers_of_its_country(profile: str, code: str) -> None:
    customers = generate(seed=3, customers=100, profile=profile).bank.customers
    assert all(one.mobile.startswith(code) for one in customers)
    assert all(one.national_id[:2].isalpha() == (profile == "eu-retail") for one in customers)
