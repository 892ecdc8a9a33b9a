"""Matching: one person in two spellings is found, relatives who look alike are not."""

from dataclasses import fields, replace
from datetime import date

import pytest

from poc.reference_crm.domain import identity, matching
from poc.reference_crm.domain.matching import Person, likely, scan
from synthetic_data.generator import generate
from synthetic_data.profile import profile_names


def national_id(birth: date, sequence: int) -> str:
    first17 = f"999001{birth:%Y%m%d}{sequence:03d}"
    return first17 + identity.check_character(first17)


BORN = date(1980, 5, 17)
LI = Person(
    number="C1", name="李国强", latin_name="Li Guoqiang", birth_date=BORN, national_id=national_id(BORN, 111),
    mobile="12000000001", email="a@example.com", address="测试市东区和平路12号3单元", card_number="6220001111111111",
)  # fmt: skip
ANN = replace(
    LI, number="C2", name="Margaret Thornton", latin_name="Margaret Thornton", mobile="12000000002",
    email="m@example.com", national_id=national_id(BORN, 222), card_number="6220002222222222", address="1 High Street",
)  # fmt: skip
FRESH = {"national_id": national_id(BORN, 777), "card_number": "6220007777777777"}


@pytest.mark.parametrize(
    ("first", "changes"),
    [
        (LI, {"name": "李國強"}),
        (LI, {"name": "李國強", "mobile": "12000000009", "email": "other@example.com"}),
        (LI, {"name": "李国墙"}),
        (LI, {"mobile": "12000000009"}),
        (LI, {"email": "other@example.com", "address": "别的市西区和平路1号"}),
        (LI, {"name": "Li Guoqiang"}),
        (ANN, {"name": "Margaret Thorntn", "latin_name": "Margaret Thorntn"}),
        (ANN, {"name": "Thornton Margaret"}),
        (ANN, {"name": "MARGARET  THORNTON"}),
    ],
)
def test_one_person_filed_twice_under_two_numbers_is_found(first: Person, changes: dict[str, str]) -> None:
    again = replace(first, number="C9", **(FRESH | changes))  # type: ignore[arg-type]
    assert [(match.first, match.second) for match in scan([first, again])] == [(first.number, "C9")]


def test_the_old_form_of_an_identity_number_is_the_same_number() -> None:
    old = f"{LI.national_id[:6]}{LI.national_id[8:17]}"
    again = replace(LI, number="C9", national_id=old, mobile="12000000009", email="", address="", card_number="")
    assert len(old) == 15
    assert likely(again, [LI, ANN]) == ["C1"]


def test_twins_are_two_people() -> None:
    twin = replace(LI, number="C9", name="李国军", national_id=national_id(BORN, 113), mobile="12000000003",
                   email="b@example.com", card_number="6220003333333333")  # fmt: skip
    assert scan([LI, twin]) == []


def test_father_and_son_of_one_name_in_one_house_are_two_people() -> None:
    born = date(2008, 5, 17)
    son = replace(LI, number="C9", birth_date=born, national_id=national_id(born, 113), card_number="", email="")
    assert scan([LI, son]) == []


def test_namesakes_born_on_one_day_are_two_people() -> None:
    namesake = replace(LI, number="C9", mobile="12000000003", email="b@example.com", address="别处", **FRESH)
    assert scan([LI, namesake]) == []


def test_a_number_shared_by_a_crowd_makes_no_pairs() -> None:
    crowd = [
        Person(number=f"C{i:03d}", name=f"王{chr(0x4E00 + i)}", mobile="12000000000") for i in range(matching.CROWD + 1)
    ]
    assert matching.candidates([matching.traits(one) for one in crowd]) == set()


def test_surer_pairs_come_first() -> None:
    same_id = replace(LI, number="C8", name="李國強")
    pairs = scan([LI, same_id, replace(ANN), replace(ANN, number="C9", mobile="", **FRESH)])
    assert [match.score for match in pairs] == sorted((match.score for match in pairs), reverse=True)


def test_a_number_under_another_country_is_a_slip_and_another_sequence_is_not() -> None:
    abroad, slip, other = "XA4711198005171113", "QM471119800517111X", "QM4711198005172115"
    assert identity.is_slip(abroad, slip)
    assert not identity.is_slip(abroad, other)


@pytest.mark.parametrize("profile", profile_names())
def test_in_every_kind_of_bank_second_files_of_all_kinds_are_found_and_those_who_look_alike_are_not(
    profile: str,
) -> None:
    """The need CUS-18 asks for a precision of 0.98 and a recall of 0.95 over what is planted."""
    bank, truth = generate(seed=23, customers=1000, profile=profile)
    people = [Person(**{f.name: getattr(one, f.name) for f in fields(Person)}) for one in bank.customers]
    found = {(match.first, match.second) for match in scan(people)}
    planted = {(pair.kept, pair.duplicate) for pair in truth.duplicates}
    assert len(found & planted) >= 0.98 * len(found)
    assert len(found & planted) >= 0.95 * len(planted)
    assert found.isdisjoint((trap.first, trap.second) for trap in truth.traps)
