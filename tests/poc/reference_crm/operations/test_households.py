"""Households: what a family owns counts once, on the day asked for, and another branch's family is not there."""

from typing import Any

import pytest

from tests.poc.reference_crm.counter import Counter, opened
from tests.poc.reference_crm.operations.test_merging import account, put

pytestmark = pytest.mark.pg


@pytest.fixture(scope="module")
def family(crm: Counter) -> Counter:
    """A couple who parted in 2023, with an account each, one together, a loan, and a third customer's joint account."""
    for serial in (1, 2, 3):
        opened(crm, serial, branch="BR02" if serial == 2 else "BR01")
    put(crm, "households", {"number": "H1", "name": "House", "kind": "family", "branch": "BR01"})
    for serial, until in ((1, None), (2, "2023-06-15")):
        put(crm, "memberships", {"number": f"M{serial}", "household": "H1", "customer": f"C00000{serial}",
                                 "role": "head", "since": "2020-01-01", "until": until})  # fmt: skip
    put(crm, "accounts", account("A1", "C000001"))
    put(crm, "accounts", account("A2", "C000002") | {"balance": "20.00"})
    put(crm, "accounts", account("A12", "C000001", "C000002") | {"balance": "3.00"})
    put(crm, "accounts", account("A3", "C000003", "C000001") | {"balance": "0.50"})
    put(crm, "accounts", account("A4", "C000001") | {"balance": "-900.00", "product": "loan"})
    return crm


def roll_up(crm: Counter, who: str = "compliance", **query: str) -> dict[str, Any]:
    told = crm.ask(who, "GET", "/v1/households/H1/roll-up", params=query)
    assert told.status_code == 200, told.text
    return dict(told.json())


def test_joint_accounts_count_once_and_loans_not_at_all(family: Counter) -> None:
    then = roll_up(family, at="2022-01-01T00:00:00Z")
    assert (then["total"], then["currency"], then["members"]) == ("123.50", "CNY", ["C000001", "C000002"])


def test_who_left_no_longer_counts(family: Counter) -> None:
    now = roll_up(family)
    assert (now["total"], now["members"]) == ("103.50", ["C000001"])


def test_the_day_of_leaving_is_the_first_outside(family: Counter) -> None:
    assert roll_up(family, at="2023-06-14T12:00:00Z")["members"] == ["C000001", "C000002"]
    assert roll_up(family, at="2023-06-15T04:00:00Z")["members"] == ["C000001"]


def test_members_of_another_branch_count_but_are_not_named(family: Counter) -> None:
    then = roll_up(family, "rm-a", at="2022-01-01T00:00:00Z")
    assert (then["total"], then["members"]) == ("123.50", ["C000001"])


def test_a_household_of_another_branch_is_not_there(family: Counter) -> None:
    assert family.ask("rm-b", "GET", "/v1/households/H1/roll-up").status_code == 404


@pytest.mark.parametrize("at", ["yesterday", "2026-01-01", "2026-01-01T00:00:00"])
def test_a_moment_without_zone_is_refused(family: Counter, at: str) -> None:
    assert family.ask("compliance", "GET", "/v1/households/H1/roll-up", params={"at": at}).status_code == 422
