"""Customers: the counts that are kept are those of the customers in sight, and a search leads with who is called so."""

from collections import Counter as Tally
from typing import Any

import pytest

from poc.reference_crm.operations.customers import COUNTED
from poc.reference_crm.operations.housekeeping import tidy
from tests.poc.reference_crm.counter import Counter, opened

pytestmark = pytest.mark.pg
LOOKERS = ("manager-a", "compliance", "auditor")


@pytest.fixture(scope="module")
def bank(crm: Counter) -> Counter:
    for serial, told in enumerate(
        (
            {},
            {"tier": "private", "gender": "F"},
            {"branch": "BR02", "state": "dormant"},
            {"name": "张伟明", "latin_name": "Zhang Weiming", "manager": "S0002"},
            {"name": "王张伟", "latin_name": "Wang Zhangwei"},
            {"name": "Ann Lee", "latin_name": "Ann Lee", "language": "en"},
            {"name": "Ann Leeds", "latin_name": "Ann Leeds", "language": "en"},
        ),
        start=301,
    ):
        opened(crm, serial, **told)
    return crm


def counted(bank: Counter, who: str) -> dict[str, dict[str, int]]:
    return {by: bank.ask(who, "GET", f"/v1/reports/customers?by={by}").json()["groups"] for by in COUNTED}


def in_sight(bank: Counter, who: str) -> dict[str, dict[str, int]]:
    items: list[dict[str, Any]] = bank.ask(who, "GET", "/v1/customers?limit=200").json()["items"]
    return {by: dict(Tally(str(one[by]) for one in items)) for by in COUNTED}


def agree(bank: Counter) -> bool:
    told = {who: (counted(bank, who), in_sight(bank, who)) for who in LOOKERS}
    assert all(counts == seen for counts, seen in told.values()), told
    return True


def changed(bank: Counter, number: str, **change: str) -> None:
    version = bank.ask("integration", "GET", f"/v1/customers/{number}").json()["version"]
    told = bank.ask(
        "integration", "PATCH", f"/v1/customers/{number}", json=change, headers={"If-Match": f'"{version}"'}
    )
    assert told.status_code == 200, told.text


def test_counts_are_of_the_customers_that_each_role_sees_through_every_change(bank: Counter) -> None:
    assert agree(bank)
    changed(bank, "C000302", tier="affluent")
    changed(bank, "C000304", branch="BR02", manager="S0003")
    assert agree(bank)
    restrict = {"request": "restrict", "details": {}}
    assert bank.ask("compliance", "POST", "/v1/customers/C000303/subject-requests", json=restrict).status_code == 200
    assert counted(bank, "compliance")["state"]["dormant"] == 1
    assert "dormant" not in counted(bank, "manager-a")["state"]
    assert agree(bank)
    assert bank.ask("compliance", "DELETE", "/v1/customers/C000305").status_code == 204
    assert agree(bank)


def test_folding_adds_up_and_changes_no_count(bank: Counter) -> None:
    before = counted(bank, "compliance")
    bank.wait(tidy(bank.desk))
    assert counted(bank, "compliance") == before
    assert agree(bank)


def test_a_count_follows_no_change_of_what_is_not_counted(bank: Counter) -> None:
    before = counted(bank, "compliance")
    changed(bank, "C000301", occupation="teacher")
    assert counted(bank, "compliance") == before


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("张伟", ["张伟", "张伟", "张伟", "张伟明"]),
        ("伟明", ["张伟明"]),
        ("ann lee", ["Ann Lee", "Ann Leeds"]),
        ("伟", ["张伟", "张伟", "张伟", "张伟明"]),
    ],
)
def test_who_is_called_so_comes_first_and_nobody_twice(bank: Counter, text: str, found: list[str]) -> None:
    items = bank.ask("compliance", "GET", f"/v1/customers/search?q={text}").json()["items"]
    assert [one["name"] for one in items] == found
    assert len({one["number"] for one in items}) == len(items)


def test_a_short_list_stops_at_its_length(bank: Counter) -> None:
    items = bank.ask("compliance", "GET", "/v1/customers/search?q=张伟&limit=2").json()["items"]
    assert [one["number"] for one in items] == ["C000301", "C000302"]
