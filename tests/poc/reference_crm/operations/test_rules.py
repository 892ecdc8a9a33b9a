"""Rules: what an administrator sets over the interface is obeyed at once, by every path, audited, and can be lifted."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from poc.reference_crm.operations import rules
from tests.poc.reference_crm.counter import Counter, counter, opened

pytestmark = pytest.mark.pg
OUTSIDE, LOOPBACK = "198.51.100.0/24", "127.0.0.0/8"


@pytest.fixture(scope="module")
def bank(crm_database: str) -> Iterator[Counter]:
    with counter(crm_database) as crm:
        opened(crm, 9001)
        opened(crm, 9002, tier="affluent")
        opened(crm, 9003, tier="private")
        yield crm


@contextmanager
def ruled(bank: Counter, role: str, *operations: str, **parts: Any) -> Iterator[Mapping[str, Any]]:
    """While a condition stands."""
    told = {"name": "a test", "operations": list(operations), "roles": [role], **parts}
    reply = bank.ask("admin", "POST", "/v1/policy/conditions", json=told)
    assert reply.status_code == 201, reply.text
    yield reply.json()
    gone = bank.ask("admin", "DELETE", f"/v1/policy/conditions/{reply.json()['number']}")
    assert gone.status_code == 204, gone.text


def hours(bank: Counter, begin: int, end: int) -> dict[str, str]:
    """Hours around now on the bank's clock."""
    now = datetime.fromisoformat(bank.ask("agent", "GET", "/v1/clock").json()["now"])
    local = now.astimezone(ZoneInfo("Asia/Shanghai"))
    return {
        "opens": f"{local + timedelta(hours=begin):%H:%M}",
        "closes": f"{local + timedelta(hours=end):%H:%M}",
    }


def test_out_of_hours_a_right_does_not_hold_and_within_them_it_does(bank: Counter) -> None:
    with ruled(bank, "agent", "customer.get", hours=hours(bank, 2, 4)):
        refused = bank.ask("agent", "GET", "/v1/customers/C009001")
        assert (refused.status_code, refused.json()["detail"]) == (403, "not here or not now: a test")
        assert bank.ask("compliance", "GET", "/v1/customers/C009001").status_code == 200
    with ruled(bank, "agent", "customer.get", hours=hours(bank, -2, 2)):
        assert bank.ask("agent", "GET", "/v1/customers/C009001").status_code == 200


def test_where_somebody_sits_is_where_the_line_comes_from_and_not_what_a_header_says(bank: Counter) -> None:
    inside = {"X-Forwarded-For": "198.51.100.7"}
    with ruled(bank, "agent", "customer.list", networks=[OUTSIDE]):
        assert bank.ask("agent", "GET", "/v1/customers", headers=inside).status_code == 403
    with ruled(bank, "agent", "customer.list", networks=[OUTSIDE, LOOPBACK]):
        assert bank.ask("agent", "GET", "/v1/customers").status_code == 200


def test_a_later_rule_takes_back_nothing_that_an_earlier_one_forbids(bank: Counter) -> None:
    with (
        ruled(bank, "agent", "customer.get", networks=[OUTSIDE]),
        ruled(bank, "agent", "customer.get", networks=[LOOPBACK]),
    ):
        assert bank.ask("agent", "GET", "/v1/customers/C009001").status_code == 403


def test_tiers_above_the_highest_are_not_there_on_any_path(bank: Counter) -> None:
    paths = ["customer.get", "customer.list", "customer.search", "customer.overview", "customer.update"]
    with ruled(bank, "agent", *paths, tier_up_to="affluent"):
        seen = [bank.ask("agent", "GET", f"/v1/customers/C00900{n}").status_code for n in (1, 2, 3)]
        glance = [bank.ask("agent", "GET", f"/v1/customers/C00900{n}/overview").status_code for n in (2, 3)]
        listed = {one["number"] for one in bank.ask("agent", "GET", "/v1/customers?limit=200").json()["items"]}
        found = bank.ask("agent", "GET", "/v1/customers/search?q=Zhang").json()["items"]
        assert (seen, glance) == ([200, 200, 404], [200, 404])
        assert "C009003" not in listed | {one["number"] for one in found} and "C009002" in listed
    assert bank.ask("agent", "GET", "/v1/customers/C009003").status_code == 200


def test_a_branch_may_be_named_to_which_a_right_is_confined(bank: Counter) -> None:
    with ruled(bank, "rm", "household.list", branches=["BR02"]):
        assert [bank.ask(who, "GET", "/v1/households").status_code for who in ("rm-a", "rm-b")] == [403, 200]


def test_rights_set_anew_are_obeyed_by_what_follows_them_and_given_back(bank: Counter) -> None:
    told = bank.ask("admin", "PUT", "/v1/policy/operations/opportunity.list", json={"roles": ["agent"]})
    assert told.json() == {"operation": "opportunity.list", "roles": ["agent"]}
    assert [bank.ask(who, "GET", "/v1/opportunities").status_code for who in ("agent", "rm-a")] == [200, 403]
    assert bank.ask("rm-a", "GET", "/v1/opportunities/O1").status_code == 403
    assert bank.ask("admin", "DELETE", "/v1/policy/operations/opportunity.list").status_code == 200
    assert [bank.ask(who, "GET", "/v1/opportunities").status_code for who in ("agent", "rm-a")] == [403, 200]


def test_another_process_learns_what_was_set(bank: Counter) -> None:
    with ruled(bank, "agent", "customer.count", networks=[OUTSIDE]) as rule:
        bank.desk.policy = bank.desk.written
        bank.wait(rules.learn(bank.desk))
        assert [one.number for one in bank.desk.policy.conditions["customer.count"]] == [rule["number"]]


def test_the_exported_policy_tells_rights_conditions_and_scope(bank: Counter) -> None:
    with ruled(bank, "agent", "customer.get", tier_up_to="mass") as rule:
        told = bank.ask("auditor", "GET", "/v1/policy").json()
    assert rule in told["conditions"]
    assert "whole-exports-stay-inside" in {one["number"] for one in told["conditions"]}
    assert told["scope"]["branch"] == ["manager", "rm", "teller"]


def test_what_was_set_and_lifted_is_on_record(bank: Counter) -> None:
    with ruled(bank, "agent", "customer.get", tier_up_to="mass") as rule:
        pass
    told = bank.ask("auditor", "GET", f"/v1/audit?subject=policy/{rule['number']}").json()["items"]
    assert [(one["who"], one["action"]) for one in told] == [("admin", "config.change")] * 2
    assert (told[0]["after"]["tier_up_to"], told[1]["before"]["tier_up_to"]) == ("mass", "mass")


@pytest.mark.parametrize("who", ["manager-a", "compliance", "integration"])
def test_nobody_but_an_administrator_sets_rules(bank: Counter, who: str) -> None:
    told = {"name": "x", "operations": ["customer.get"], "roles": ["agent"], "networks": [OUTSIDE]}
    assert bank.ask(who, "POST", "/v1/policy/conditions", json=told).status_code == 403
    assert bank.ask(who, "PUT", "/v1/policy/operations/customer.get", json={"roles": ["agent"]}).status_code == 403


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({}, "body"),
        ({"operations": ["customer.explode"], "networks": [OUTSIDE]}, "operations"),
        ({"operations": ["policy.set"], "networks": [OUTSIDE]}, "operations"),
        ({"networks": ["10.0.0.1/8"]}, "networks"),
        ({"hours": {"opens": "09:00", "closes": "09:00"}}, "hours"),
        ({"tier_up_to": "royal"}, "tier_up_to"),
        ({"operations": ["account.list"], "tier_up_to": "mass"}, "tier_up_to"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_by_field(bank: Counter, parts: dict[str, Any], field: str) -> None:
    told = {"name": "x", "operations": ["customer.get"], "roles": ["agent"], **parts}
    reply = bank.ask("admin", "POST", "/v1/policy/conditions", json=told)
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (422, field), reply.text


def test_a_proxy_that_is_trusted_is_believed_and_only_the_last_word_counts(crm_database: str) -> None:
    with (
        counter(crm_database, trusted_proxies="127.0.0.0/8") as crm,
        ruled(crm, "agent", "customer.list", networks=[OUTSIDE]),
    ):
        told = {"198.51.100.7": 200, "198.51.100.7, 127.0.0.5": 200, "198.51.100.7, 10.0.0.1": 403, "": 403}
        for said, status in told.items():
            reply = crm.ask("agent", "GET", "/v1/customers?limit=1", headers={"X-Forwarded-For": said})
            assert reply.status_code == status, said
