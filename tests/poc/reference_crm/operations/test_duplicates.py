"""Duplicates: one person's two files are told as a pair, within the caller's reach, and on creation."""

import pytest

from tests.poc.reference_crm.counter import Counter, customer, national_id, opened

pytestmark = pytest.mark.pg


@pytest.fixture(scope="module")
def bank(crm: Counter) -> Counter:
    """Two files of one person in one branch, one of the same person in another, and a namesake."""
    opened(crm, 1, name="張偉", mobile="15411111111")
    opened(crm, 2, name="张伟", mobile="15411111111")
    opened(crm, 3, name="张伟", mobile="15411111111", branch="BR02")
    opened(crm, 4, birth_date="1981-01-01", national_id=national_id(4, "19810101"), address="浙江省宁波市别处一号")
    return crm


def pairs(crm: Counter, who: str, **query: object) -> list[tuple[str, str]]:
    told = crm.ask(who, "GET", "/v1/duplicates", params=query)
    assert told.status_code == 200, told.text
    return [(one["first"], one["second"]) for one in told.json()["items"]]


def test_two_files_of_one_person_are_a_pair_and_a_namesake_is_none(bank: Counter) -> None:
    assert sorted(pairs(bank, "compliance")) == [("C000001", "C000002"), ("C000001", "C000003"), ("C000002", "C000003")]


def test_a_manager_is_told_of_the_own_branch_only(bank: Counter) -> None:
    assert pairs(bank, "manager-a") == [("C000001", "C000002")]


def test_pairs_come_in_pages(bank: Counter) -> None:
    first = bank.ask("compliance", "GET", "/v1/duplicates?limit=2").json()
    rest = bank.ask("compliance", "GET", f"/v1/duplicates?limit=2&cursor={first['next']}").json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)


def test_who_is_likely_on_file_already_is_told_on_creation(bank: Counter) -> None:
    body = customer(5, name="张伟", mobile="15411111111")
    told = bank.ask("teller-a", "POST", "/v1/customers", json=body)
    assert told.status_code == 201
    assert sorted(told.json()["likely_duplicates"]) == ["C000001", "C000002"]


def test_those_without_an_address_are_not_alike_for_it(bank: Counter) -> None:
    told = [
        bank.ask("integration", "POST", "/v1/customers", json=customer(serial, email="")).json() for serial in (61, 62)
    ]
    assert [one["email"] for one in told] == ["", ""]
    assert told[1]["likely_duplicates"] == []


def test_the_same_identity_number_is_refused(bank: Counter) -> None:
    body = customer(6) | {"national_id": national_id(1)}
    assert bank.ask("teller-a", "POST", "/v1/customers", json=body).status_code == 409
