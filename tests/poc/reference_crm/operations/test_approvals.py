"""Approvals: a change waits for those whom the bank named, and is made once, in one transaction, or not at all."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from tests.poc.reference_crm.counter import PASSWORD, Counter, opened
from tests.poc.reference_crm.operations.test_tickets import advance, now

pytestmark = pytest.mark.pg
SERIAL = count(1)
BIG = "250000.00"


@pytest.fixture(scope="module")
def bank(crm: Counter) -> Counter:
    """A customer of branch BR01, and a second manager."""
    opened(crm, 1)
    second = {"username": "manager-2", "password": PASSWORD, "role": "manager", "branch": "BR01", "name": "Second"}
    assert crm.ask("admin", "POST", "/v1/users", json=second).status_code == 201
    return crm


@pytest.fixture
def sale(bank: Counter) -> Iterator[str]:
    """An opportunity on file; whatever flow was set up for it goes out of work afterwards."""
    number = f"O{next(SERIAL):05d}"
    body = {
        "number": number, "customer": "C000001", "product": "loan", "stage": "qualified", "amount": "1000.00",
        "currency": "CNY", "owner": "S0001", "opened": "2026-01-01", "closes": "2026-12-31",
    }  # fmt: skip
    made = bank.ask("rm-a", "POST", "/v1/opportunities", json=body)
    assert made.status_code == 201, made.text
    yield number
    for one in bank.ask("admin", "GET", "/v1/approval-flows").json()["items"]:
        assert bank.ask("admin", "DELETE", f"/v1/approval-flows/{one['number']}").status_code == 204


def level(*roles: str, **more: object) -> dict[str, object]:
    return {"roles": list(roles), **more}


def flow(bank: Counter, *levels: dict[str, object], at_least: str = "100000") -> str:
    body = {
        "name": "Large sales", "kind": "opportunities", "levels": list(levels),
        "when": [{"field": "amount", "at_least": at_least}],
    }  # fmt: skip
    made = bank.ask("admin", "POST", "/v1/approval-flows", json=body)
    assert made.status_code == 201, made.text
    return str(made.json()["number"])


def ask(bank: Counter, sale: str, amount: str = BIG, who: str = "rm-a") -> dict[str, Any]:
    body = {"kind": "opportunities", "record": sale, "changes": {"amount": amount}, "note": "The client is ready"}
    made = bank.ask(who, "POST", "/v1/approvals", json=body)
    assert made.status_code == 201, made.text
    return dict(made.json())


def act(bank: Counter, who: str, request: str, what: str = "approve", **more: object) -> Any:
    return bank.ask(who, "POST", f"/v1/approvals/{request}/acts", json={"act": what, **more})


def amount(bank: Counter, sale: str) -> str:
    return str(bank.ask("rm-a", "GET", f"/v1/opportunities/{sale}").json()["amount"])


def test_the_change_is_made_with_the_last_agreement_in_the_name_of_who_asked(bank: Counter, sale: str) -> None:
    flow(bank, level("manager"), level("compliance", when=[{"field": "amount", "at_least": "200000"}]))
    request = ask(bank, sale)["number"]
    first = act(bank, "manager-a", request).json()
    assert (first["state"], first["level"], first["waits_for"]) == ("pending", 2, ["compliance"])
    assert amount(bank, sale) == "1000.00"
    assert act(bank, "compliance", request).json()["state"] == "approved"
    assert amount(bank, sale) == BIG
    history = bank.ask("manager-a", "GET", f"/v1/opportunities/{sale}/history").json()["items"]
    assert [(one["field"], one["who"], one["source"]) for one in history] == [("amount", "rm-a", "approval")]


def test_what_a_flow_covers_cannot_be_changed_past_it(bank: Counter, sale: str) -> None:
    flow(bank, level("manager"))
    past = bank.ask("rm-a", "PATCH", f"/v1/opportunities/{sale}", json={"amount": BIG}, headers={"If-Match": '"1"'})
    assert (past.status_code, "needs approval" in past.json()["detail"]) == (409, True)
    small = bank.ask(
        "rm-a", "PATCH", f"/v1/opportunities/{sale}", json={"amount": "99999.99"}, headers={"If-Match": '"1"'}
    )
    assert small.status_code == 200


def test_twenty_agreements_at_once_make_the_change_once(bank: Counter, sale: str) -> None:
    flow(bank, level("manager", "compliance"))
    request = ask(bank, sale)["number"]
    people = ["manager-a", "compliance", "manager-2", "compliance"] * 5
    calls = [bank.sending(who, "POST", f"/v1/approvals/{request}/acts", json={"act": "approve"}) for who in people]
    replies = bank.together(calls, *set(people))
    assert sorted(reply.status_code for reply in replies) == [200, *[409] * 19]
    history = bank.ask("manager-a", "GET", f"/v1/opportunities/{sale}/history").json()["items"]
    assert len(history) == 1


def test_nobody_decides_on_their_own_wish_and_the_try_is_on_record(bank: Counter, sale: str) -> None:
    flow(bank, level("manager"))
    request = ask(bank, sale, who="manager-a")["number"]
    assert act(bank, "manager-a", request).status_code == 403
    trail = bank.ask("auditor", "GET", f"/v1/audit?subject=approvals/{request}&action=access.denied").json()["items"]
    assert [one["who"] for one in trail] == ["manager-a"]
    assert amount(bank, sale) == "1000.00"


def test_who_lost_the_role_agrees_no_more_and_neither_does_who_borrowed_from_them(bank: Counter, sale: str) -> None:
    flow(bank, level("manager"))
    request = ask(bank, sale)["number"]
    later = (now(bank) + timedelta(days=9)).isoformat()
    assert bank.ask("manager-2", "POST", "/v1/approval-loans", json={"to": "agent", "until": later}).status_code == 201
    bank.ask("admin", "PATCH", "/v1/users/manager-2", json={"role": "teller"})
    refusals = [act(bank, who, request).status_code for who in ("manager-2", "agent")]
    bank.ask("admin", "PATCH", "/v1/users/manager-2", json={"role": "manager"})
    assert refusals == [403, 403]
    assert act(bank, "agent", request).json()["agreed"][0]["on_behalf"] == "manager-2"


def test_a_change_of_the_record_meanwhile_starts_the_request_anew(bank: Counter, sale: str) -> None:
    flow(bank, level("manager"), level("compliance"))
    request = ask(bank, sale)["number"]
    act(bank, "manager-a", request)
    moved = bank.ask("rm-a", "PATCH", f"/v1/opportunities/{sale}", json={"stage": "won"}, headers={"If-Match": '"1"'})
    assert moved.status_code == 200, moved.text
    assert act(bank, "compliance", request).status_code == 409
    told = bank.ask("compliance", "GET", f"/v1/approvals/{request}").json()
    assert (told["level"], told["round"], told["agreed"]) == (1, 2, [])
    assert amount(bank, sale) == "1000.00"


def test_silence_passes_the_request_on_and_that_is_on_record(bank: Counter, sale: str) -> None:
    flow(bank, level("manager", hours=24, escalate_to=["compliance"]))
    request = ask(bank, sale)["number"]
    assert act(bank, "compliance", request).status_code == 403
    advance(bank, timedelta(hours=25))
    told = bank.ask("compliance", "GET", f"/v1/approvals/{request}").json()
    assert (told["state"], told["waits_for"]) == ("pending", ["compliance"])
    assert told["escalated_at"] is not None
    trail = bank.ask("auditor", "GET", f"/v1/audit?subject=approvals/{request}&action=approval.escalate").json()
    assert [one["who"] for one in trail["items"]] == ["clock"]
    assert act(bank, "compliance", request).json()["state"] == "approved"


def test_recalled_returned_and_amended(bank: Counter, sale: str) -> None:
    flow(bank, level("manager"), level("compliance"))
    request = ask(bank, sale)["number"]
    act(bank, "manager-a", request)
    assert act(bank, "compliance", request, "return", to=1).json()["level"] == 1
    assert act(bank, "manager-a", request, "return", to=0).json()["state"] == "returned"
    amended = act(bank, "rm-a", request, "amend", changes={"amount": "300000.00"}).json()
    assert (amended["state"], amended["level"], amended["changes"]) == ("pending", 1, {"amount": "300000.00"})
    assert act(bank, "manager-a", request, "recall").status_code == 403
    assert act(bank, "rm-a", request, "recall").json()["state"] == "recalled"
    assert act(bank, "manager-a", request).status_code == 409
    assert amount(bank, sale) == "1000.00"


def test_a_flow_is_tried_and_changed_without_code(bank: Counter, sale: str) -> None:
    number = flow(bank, level("manager"))

    def levels() -> int:
        told = bank.ask(
            "manager-a", "POST", "/v1/approval-flows/simulate",
            json={"kind": "opportunities", "values": {"amount": "100000.00"}},
        )  # fmt: skip
        return len(told.json()["levels"])

    assert levels() == 1
    request = ask(bank, sale)["number"]
    body = {"name": "Larger", "kind": "opportunities", "levels": [level("manager"), level("compliance")], "when": []}
    assert bank.ask("admin", "PUT", f"/v1/approval-flows/{number}", json=body).status_code == 200
    assert levels() == 2
    assert act(bank, "manager-a", request).json()["state"] == "approved"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"levels": [{"roles": ["wizard"]}]}, "roles"),
        ({"when": [{"field": "colour"}]}, "field"),
        ({"kind": "secrets"}, "kind"),
        ({"levels": []}, "levels"),
        ({"levels": [{"roles": ["manager"], "escalate_to": ["compliance"]}]}, "hours"),
    ],
)
def test_a_flow_that_cannot_work_is_refused_by_name(bank: Counter, change: dict[str, object], field: str) -> None:
    body = {"name": "Bad", "kind": "opportunities", "levels": [level("manager")], "when": []} | change
    told = bank.ask("admin", "POST", "/v1/approval-flows", json=body)
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, field)


def test_other_branches_and_restricted_fields_stay_out(bank: Counter, sale: str) -> None:
    flow(bank, level("rm"))
    request = ask(bank, sale, who="manager-a")["number"]
    assert bank.ask("rm-b", "GET", f"/v1/approvals/{request}").status_code == 404
    assert act(bank, "rm-b", request).status_code == 404
    body = {"kind": "customers", "record": "C000001", "changes": {"mobile": "15400000001"}}
    told = bank.ask("rm-a", "POST", "/v1/approvals", json=body)
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "mobile")
    assert [one["number"] for one in bank.ask("manager-a", "GET", "/v1/approvals").json()["items"]][:1] == [request]


def test_a_key_that_may_only_decide_neither_amends_a_request_nor_keeps_its_change_from_being_made(
    bank: Counter, sale: str
) -> None:
    flow(bank, level("manager"))
    request = ask(bank, sale)["number"]
    confined = {}
    for who in ("rm-a", "manager-a"):
        told = {"username": who, "scopes": ["approval.decide", "approval.read"], "expires_in": 600}
        key = bank.ask("admin", "POST", "/v1/keys", json=told).json()["api_key"]
        confined[who] = {"Authorization": f"Bearer {key}"}
    path, other = f"/v1/approvals/{request}/acts", {"amount": "900000.00"}
    amended = bank.ask(None, "POST", path, json={"act": "amend", "changes": other}, headers=confined["rm-a"])
    agreed = bank.ask(None, "POST", path, json={"act": "approve"}, headers=confined["manager-a"])
    assert (amended.status_code, agreed.status_code) == (403, 200), agreed.text
    assert amount(bank, sale) == BIG
