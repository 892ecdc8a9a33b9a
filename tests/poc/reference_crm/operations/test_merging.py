"""Merging: one customer of two keeps everything, and an unmerge is exact."""

from typing import Any

import pytest

from tests.poc.reference_crm.counter import Counter, customer, national_id, opened

pytestmark = pytest.mark.pg


def put(crm: Counter, segment: str, body: dict[str, Any]) -> None:
    reply = crm.ask("integration", "POST", f"/v1/{segment}", json=body)
    assert reply.status_code == 201, reply.text


def account(number: str, owner: str, *joint: str) -> dict[str, Any]:
    return {
        "number": number, "customer": owner, "product": "savings", "currency": "CNY", "balance": "100.00",
        "opened": "2021-01-01", "joint_holders": list(joint),
    }  # fmt: skip


def hang(crm: Counter, number: str, mark: str) -> None:
    """Hang one record of nine kinds on a customer, and name the customer as joint holder of C000009's account."""
    put(crm, "accounts", account(f"A{mark}", number))
    put(crm, "accounts", account(f"J{mark}", "C000009", number))
    put(crm, "holdings", {"number": f"P{mark}", "account": f"A{mark}", "product": "Fund", "risk_class": "R2",
                          "units": "1", "value": "10.00", "currency": "CNY", "as_of": "2026-01-01"})  # fmt: skip
    put(crm, "interactions", {"number": f"I{mark}", "customer": number, "channel": "app", "direction": "in",
                              "at": "2026-01-01T00:00:00Z", "subject": "x", "text": "y", "staff": "S0001"})  # fmt: skip
    put(crm, "tickets", {"number": f"T{mark}", "customer": number, "category": "card", "severity": "low",
                         "subject": "x", "text": "y", "opened_at": "2026-01-01T00:00:00Z",
                         "status": "open"})  # fmt: skip
    put(crm, "consents", {"number": f"N{mark}", "customer": number, "purpose": "marketing", "channel": "app",
                          "version": "1", "granted": True, "at": "2026-01-01T00:00:00Z", "source": "app"})  # fmt: skip
    put(crm, "kyc-files", {"number": f"F{mark}", "customer": number, "level": "enhanced" if mark == "2" else "normal",
                           "status": "verified", "document": "id_card", "document_expires": "2030-01-01",
                           "verified_on": "2024-01-01", "due_on": f"202{mark}-01-01"})  # fmt: skip
    put(crm, "relations", {"number": f"R{mark}", "source": number, "target": "C000009", "role": "spouse",
                           "since": "2020-01-01"})  # fmt: skip


CHILDREN = ("accounts", "interactions", "tickets", "consents", "kyc-files")


def everything(crm: Counter, number: str) -> dict[str, Any]:
    """All that is on file about a customer, without versions and moments of change."""
    segments = (*CHILDREN, "holdings", "relations")
    reply = crm.ask("integration", "GET", f"/v1/customers/{number}?include={','.join(segments)}")
    assert reply.status_code == 200, reply.text
    record = reply.json()
    moving = ("included", "version", "updated_at")
    return {
        "customer": {name: value for name, value in record.items() if name not in moving},
        **{
            segment: [{name: row[name] for name in row if name not in moving} for row in rows]
            for segment, rows in record["included"].items()
        },
    }


@pytest.fixture(scope="module")
def pair(crm: Counter) -> Counter:
    """Two files of one person, and a third customer who shares accounts with both."""
    opened(crm, 1, since="2020-01-01")
    opened(crm, 2, since="2018-01-01", aml_rating="high", name="张玮")
    opened(crm, 9)
    hang(crm, "C000001", "1")
    hang(crm, "C000002", "2")
    born = {"birth_date": "2015-05-05", "national_id": national_id(8, "20150505")}
    put(crm, "customers", customer(8, guardian="C000002") | born)
    return crm


def merge(crm: Counter, keep: str, drop: str, who: str = "compliance") -> Any:
    return crm.ask(who, "POST", f"/v1/customers/{keep}/merge", json={"drop": drop})


def test_a_merge_leaves_one_with_all_children_and_an_unmerge_is_exact(pair: Counter) -> None:
    before = everything(pair, "C000001"), everything(pair, "C000002"), everything(pair, "C000009")
    merged = merge(pair, "C000001", "C000002")
    assert merged.status_code == 200, merged.text
    survivor = everything(pair, "C000001")
    assert pair.ask("integration", "GET", "/v1/customers/C000002").status_code == 404
    for segment in (*CHILDREN, "holdings", "relations"):
        told = {row["number"] for row in (*before[0][segment], *before[1][segment])}
        assert {row["number"] for row in survivor[segment]} == told, segment
    assert pair.ask("integration", "GET", "/v1/customers/C000008").json()["guardian"] == "C000001"
    assert (survivor["customer"]["aml_rating"], survivor["customer"]["since"]) == ("high", "2018-01-01")
    assert {(row["level"], row["due_on"]) for row in survivor["kyc-files"]} == {("enhanced", "2021-01-01")}

    undone = pair.ask("compliance", "POST", "/v1/customers/C000001/unmerge", json={"drop": "C000002"})
    assert undone.status_code == 204, undone.text
    after = everything(pair, "C000001"), everything(pair, "C000002"), everything(pair, "C000009")
    assert after == before
    assert pair.ask("integration", "GET", "/v1/customers/C000008").json()["guardian"] == "C000002"


def test_a_merge_and_its_undoing_are_in_history_and_trail(pair: Counter) -> None:
    changes = pair.ask("compliance", "GET", "/v1/customers/C000001/history").json()["items"]
    assert {"merge", "unmerge"} <= {one["source"] for one in changes}
    moved = pair.ask("compliance", "GET", "/v1/accounts/A2/history").json()["items"]
    assert [(one["field"], one["before"], one["after"], one["source"]) for one in moved] == [
        ("customer", "C000002", "C000001", "merge"), ("customer", "C000001", "C000002", "unmerge"),
    ]  # fmt: skip
    trail = pair.ask("auditor", "GET", "/v1/audit?subject=customers/C000001").json()["items"]
    assert {"customer.merge", "customer.unmerge"} <= {one["action"] for one in trail}


def test_what_was_never_merged_cannot_be_undone(pair: Counter) -> None:
    undone = pair.ask("compliance", "POST", "/v1/customers/C000001/unmerge", json={"drop": "C000009"})
    assert undone.status_code == 404


def test_nobody_is_merged_with_themselves_with_nobody_or_across_the_reach(pair: Counter) -> None:
    assert merge(pair, "C000001", "C000001").status_code == 422
    assert merge(pair, "C000001", "C999999").status_code == 404
    assert merge(pair, "C000001", "C000002", "rm-a").status_code == 403
    opened(pair, 7, branch="BR02")
    assert merge(pair, "C000001", "C000007", "manager-a").status_code == 404


def test_merges_in_parallel_lose_nothing(pair: Counter) -> None:
    for serial in (11, 12):
        opened(pair, serial)
        put(pair, "accounts", account(f"A{serial}", f"C0000{serial}"))
    calls = [
        pair.sending("compliance", "POST", f"/v1/customers/C0000{keep}/merge", json={"drop": f"C0000{drop}"})
        for keep, drop in ((11, 12), (12, 11))
    ]
    statuses = sorted(reply.status_code for reply in pair.together(calls, "compliance"))
    assert statuses == [200, 404]
    left = [n for n in (11, 12) if pair.ask("integration", "GET", f"/v1/customers/C0000{n}").status_code == 200]
    accounts = pair.ask("integration", "GET", f"/v1/accounts?customer=C0000{left[0]}").json()["items"]
    assert {row["number"] for row in accounts} == {"A11", "A12"}
