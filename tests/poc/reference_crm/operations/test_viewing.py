"""Viewing: who looks through another's eyes sees what they see, answers for it by name, and approves nothing."""

from typing import Any

import httpx
import psycopg
import pytest

from tests.poc.reference_crm.counter import Counter, opened

pytestmark = pytest.mark.pg
WHY = {"reason": "the adviser reports an empty page", "seconds": 60}


def view(crm: Counter, username: str, who: str = "admin", **other: Any) -> httpx.Response:
    return crm.ask(who, "POST", f"/v1/users/{username}/views", json=WHY | other)


def seen_by(crm: Counter, token: str, method: str, path: str, **more: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
    return crm.ask(None, method, path, headers=headers, **more)


def test_a_view_shows_what_the_user_sees_and_says_on_every_answer_whose_it_is(crm: Counter) -> None:
    opened(crm, 9501)
    token = view(crm, "rm-a").json()["access_token"]
    there = seen_by(crm, token, "GET", "/v1/customers/C009501")
    assert (there.status_code, there.headers["x-viewed-as"]) == (200, "rm-a; by=admin")
    assert there.json() == crm.ask("rm-a", "GET", "/v1/customers/C009501").json()
    assert "x-viewed-as" not in crm.ask("rm-a", "GET", "/v1/customers/C009501").headers
    changed = seen_by(
        crm, token, "PATCH", "/v1/customers/C009501", json={"occupation": "smith"}, headers={"If-Match": '"1"'}
    )
    assert changed.status_code == 200, changed.text

    trail = crm.ask("auditor", "GET", "/v1/audit?who=admin&limit=500").json()["items"]
    mine = [one for one in trail if one["subject"] in ("customers/C009501", "users/rm-a")]
    assert {one["action"] for one in mine} >= {"user.view_as", "customer.read", "record.update"}
    assert all(one["where"].endswith(" as rm-a") for one in mine if one["subject"].startswith("customers/"))
    begun = next(one for one in mine if one["action"] == "user.view_as")
    assert begun["after"] == WHY
    history = crm.ask("compliance", "GET", "/v1/customers/C009501/history").json()["items"]
    assert [one["who"] for one in history if one["field"] == "occupation"] == ["admin"]


def test_nothing_is_approved_unmasked_or_handed_out_in_a_view(crm: Counter) -> None:
    opened(crm, 9502)
    token = view(crm, "manager-a").json()["access_token"]
    unmasking = {"fields": ["mobile"], "reason": "to call the customer"}
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/v1/customers/C009502/unmask", {"json": unmasking}),
        ("POST", "/v1/approvals/A1/acts", {"json": {"act": "approve"}}),
        ("POST", "/v1/me/factor", {}),
        ("POST", "/v1/users/rm-a/views", {"json": WHY}),
    ]
    found = {path: seen_by(crm, token, method, path, **more).status_code for method, path, more in asked}
    assert found == dict.fromkeys(found, 403)


def test_a_view_is_the_administrators_for_a_reason_of_no_administrator_and_not_for_long(crm: Counter) -> None:
    assert view(crm, "rm-a", who="manager-a").status_code == 403
    assert view(crm, "rm-a", reason="short").status_code == 422
    assert view(crm, "rm-a", seconds=901).status_code == 422
    assert view(crm, "nobody").status_code == 404
    assert view(crm, "admin").status_code == 403


def test_a_view_ends_with_its_time_and_with_a_logout(crm: Counter, crm_database: str) -> None:
    first, second = (view(crm, "rm-a").json()["access_token"] for _ in range(2))
    assert seen_by(crm, first, "POST", "/v1/auth/logout").status_code == 204
    with psycopg.connect(crm_database) as connection:
        connection.execute("UPDATE sessions SET ends_at = now() - interval '1 second' WHERE viewer IS NOT NULL")
    crm.app.state.doorkeeper.forget()
    assert [seen_by(crm, token, "GET", "/v1/me").status_code for token in (first, second)] == [401, 401]
    assert crm.ask("rm-a", "GET", "/v1/me").status_code == 200
