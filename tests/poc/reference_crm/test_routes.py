"""Routes: what a client of the reference CRM relies on over HTTP, role by role."""

import pytest

from tests.poc.reference_crm.counter import PASSWORD, STAFF, Counter, customer, national_id, opened

pytestmark = pytest.mark.pg

RESTRICTED = ("national_id", "mobile", "email", "address", "birth_date", "card_number", "monthly_income")


def test_what_is_put_on_file_is_read_back_unchanged(crm: Counter) -> None:
    opened(crm, 1)
    shown = crm.ask("integration", "GET", "/v1/customers/C000001").json()
    assert {name: shown[name] for name in customer(1)} == customer(1)
    assert shown["version"] == 1


def test_every_reply_carries_trace_and_safety(crm: Counter) -> None:
    reply = crm.ask("rm-a", "GET", "/v1/me", headers={"X-Trace-Id": "abc-1"})
    assert reply.headers["x-trace-id"] == "abc-1"
    assert reply.headers["strict-transport-security"].startswith("max-age=31536000")
    assert reply.headers["cache-control"] == "no-store"


def test_another_branch_is_not_there_on_any_path(crm: Counter) -> None:
    opened(crm, 2)
    assert crm.ask("rm-b", "GET", "/v1/customers/C000002").status_code == 404
    for path in ("/v1/customers", "/v1/customers/search?q=张伟", f"/v1/customers?national_id={national_id(2)}"):
        assert crm.ask("rm-b", "GET", path).json()["items"] == []
    assert crm.ask("rm-b", "GET", "/v1/customers/C000002/history").status_code == 404
    changed = crm.ask("rm-b", "PATCH", "/v1/customers/C000002", json={"tier": "private"}, headers={"If-Match": '"1"'})
    assert changed.status_code == 404
    interaction = {
        "customer": "C000002", "channel": "app", "direction": "in", "at": "2026-01-05T09:00:00+08:00",
        "subject": "s", "text": "t", "staff": "S1",
    }  # fmt: skip
    assert crm.ask("rm-b", "POST", "/v1/interactions", json=interaction).status_code == 422


@pytest.mark.parametrize("who", ["teller-a", "rm-a", "manager-a", "agent", "compliance", "auditor"])
def test_restricted_fields_are_masked_for_everyone_else_on_get_and_list(crm: Counter, who: str) -> None:
    crm.ask("integration", "POST", "/v1/customers", json=customer(3))
    clear = customer(3)
    one = crm.ask(who, "GET", "/v1/customers/C000003")
    page = crm.ask(who, "GET", "/v1/customers?limit=200")
    for name in RESTRICTED:
        assert one.json()[name] != clear[name]
        assert str(clear[name]) not in one.text + page.text
    assert one.json()["national_id"] == clear["national_id"][:3] + "*" * 11 + clear["national_id"][-4:]
    assert one.json()["card_number"] == "622000******" + clear["card_number"][-4:]
    assert one.json()["birth_date"] == "1980-**-**"


def test_marketing_sees_no_more_than_it_needs(crm: Counter) -> None:
    crm.ask("integration", "POST", "/v1/customers", json=customer(4))
    shown = crm.ask("marketing", "GET", "/v1/customers/C000004").json()
    seen = {name for name, value in shown.items() if value is not None}
    assert seen <= {"number", "name", "tier", "branch", "state", "language", "gender", "risk_level", "version"}


def test_the_administrator_sees_no_customer(crm: Counter) -> None:
    assert crm.ask("admin", "GET", "/v1/customers").status_code == 403
    assert crm.ask("admin", "GET", "/v1/customers/C000001").status_code == 403


@pytest.mark.parametrize("name", ["national_id__gt", "monthly_income__lt", "birth_date", "address", "aml_rating"])
def test_filters_on_restricted_fields_are_no_oracle(crm: Counter, name: str) -> None:
    for who in STAFF:
        assert crm.ask(who, "GET", f"/v1/customers?{name}=1").status_code in (403, 422)
    assert crm.ask("rm-a", "GET", f"/v1/customers?sort={name.partition('__')[0]}").status_code == 403


def test_exact_lookup_finds_by_blind_index_only_for_those_who_may(crm: Counter) -> None:
    opened(crm, 5)
    for by in ("national_id", "mobile", "email", "card_number"):
        found = crm.ask("rm-a", "GET", "/v1/customers", params={by: customer(5)[by]}).json()["items"]
        assert [one["number"] for one in found] == ["C000005"]
    assert crm.ask("marketing", "GET", f"/v1/customers?national_id={national_id(5)}").status_code == 403


def test_the_same_number_or_identity_is_refused_and_named(crm: Counter) -> None:
    opened(crm, 6)
    same_number = crm.ask("rm-a", "POST", "/v1/customers", json=customer(7, number="C000006"))
    same_person = crm.ask("rm-a", "POST", "/v1/customers", json=customer(7, national_id=national_id(6)))
    for reply, field in ((same_number, "number"), (same_person, "national_id")):
        assert reply.status_code == 409
        assert reply.json()["type"].endswith("duplicate")
        assert reply.json()["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("national_id", "910000198001010011"),
        ("birth_date", "1981-01-01"),
        ("birth_date", "2999-01-01"),
        ("mobile", "25400000001"),
        ("email", "nobody"),
        ("card_number", "6220000000000002"),
        ("monthly_income", "-1"),
        ("monthly_income", "NaN"),
        ("gender", "X"),
        ("name", "   "),
        ("name", "a\u0000b"),
        ("tier", None),
        ("surprise", 1),
        ("guardian", "C-nobody"),
    ],
)
def test_an_invalid_value_is_refused_by_the_name_of_its_field(crm: Counter, field: str, value: object) -> None:
    reply = crm.ask("rm-a", "POST", "/v1/customers", json=customer(8) | {field: value})
    assert reply.status_code == 422, reply.text
    assert field in [error["field"] for error in reply.json()["errors"]]
    assert reply.headers["content-type"] == "application/problem+json"


def test_an_error_repeats_no_restricted_value_in_clear(crm: Counter) -> None:
    wrong = national_id(9)[:-1] + ("0" if national_id(9)[-1] != "0" else "1")
    reply = crm.ask("rm-a", "POST", "/v1/customers", json=customer(9, national_id=wrong))
    assert wrong not in reply.text
    assert reply.json()["errors"][0]["value"].startswith(wrong[:3] + "*")


def test_a_stale_version_is_refused_and_a_missing_one_asked_for(crm: Counter) -> None:
    opened(crm, 10)
    path = "/v1/customers/C000010"
    first = crm.ask("rm-a", "PATCH", path, json={"tier": "private"}, headers={"If-Match": '"1"'})
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    assert crm.ask("rm-a", "PATCH", path, json={"tier": "mass"}, headers={"If-Match": '"1"'}).status_code == 412
    assert crm.ask("rm-a", "PATCH", path, json={"tier": "mass"}).status_code == 428


@pytest.mark.parametrize("field", ["version", "number", "created_at", "branch", "legal_hold", "sealed"])
def test_what_may_not_be_written_along_is_refused(crm: Counter, field: str) -> None:
    crm.ask("integration", "POST", "/v1/customers", json=customer(11))
    value = {"branch": "BR02", "legal_hold": True}.get(field, 5)
    reply = crm.ask("rm-a", "PATCH", "/v1/customers/C000011", json={field: value}, headers={"If-Match": '"1"'})
    assert reply.status_code == 422


def test_a_customer_handed_over_leaves_with_all_that_is_theirs(crm: Counter) -> None:
    opened(crm, 12)
    account = {
        "number": "A12",
        "customer": "C000012",
        "product": "current",
        "currency": "CNY",
        "balance": "1",
        "opened": "2020-01-01",
    }
    assert crm.ask("integration", "POST", "/v1/accounts", json=account).status_code == 201
    moved = crm.ask("manager-a", "PATCH", "/v1/customers/C000012", json={"branch": "BR02"}, headers={"If-Match": '"1"'})
    assert moved.status_code == 200, moved.text
    assert crm.ask("rm-a", "GET", "/v1/accounts/A12").status_code == 404
    assert crm.ask("rm-b", "GET", "/v1/accounts/A12").json()["balance"] == "1.00"


def test_included_records_obey_the_policy_of_their_kind(crm: Counter) -> None:
    opened(crm, 13)
    assert crm.ask("rm-a", "GET", "/v1/customers/C000013?include=accounts,consents").json()["included"] == {
        "accounts": [],
        "consents": [],
    }
    assert crm.ask("agent", "GET", "/v1/customers/C000013?include=opportunities").status_code == 403


def test_pages_hold_each_record_once_while_others_are_inserted(crm: Counter) -> None:
    for serial in range(20, 27):
        opened(crm, serial, branch="BR07", tier="affluent")
    seen: list[str] = []
    query: dict[str, object] = {"branch": "BR07", "limit": 2, "sort": "-since"}
    while "cursor" not in query or query["cursor"] is not None:
        page = crm.ask("agent", "GET", "/v1/customers", params=query).json()
        seen += [one["number"] for one in page["items"]]
        query["cursor"] = page["next"]
        if len(seen) == 4:
            opened(crm, 27, branch="BR07", since="2025-01-01")
    assert sorted(seen) == [f"C0000{serial}" for serial in range(20, 27)]


@pytest.mark.parametrize("cursor", ["abc", "", "W10=", "/////", "eyJhIjoxfQ=="])
def test_a_cursor_of_elsewhere_is_refused(crm: Counter, cursor: str) -> None:
    assert crm.ask("agent", "GET", "/v1/customers", params={"cursor": cursor}).status_code == 422


def test_unmasking_needs_a_reason_and_is_rationed(crm: Counter) -> None:
    opened(crm, 30)
    path, wanted = (
        "/v1/customers/C000030/unmask",
        {"fields": ["national_id"], "reason": "identity check at the counter"},
    )
    shown = crm.ask("rm-a", "POST", path, json=wanted).json()
    assert shown["national_id"] == national_id(30)
    assert shown["mobile"] != customer(30)["mobile"]
    assert crm.ask("rm-a", "POST", path, json={"fields": ["national_id"], "reason": "short"}).status_code == 422
    assert crm.ask("teller-a", "POST", path, json=wanted).status_code == 403
    replies = [crm.ask("manager-a", "POST", path, json=wanted) for _ in range(51)]
    assert [reply.status_code for reply in replies] == [200] * 50 + [429]
    assert int(replies[-1].headers["retry-after"]) > 0


def test_history_tells_every_change_and_the_past_can_be_read_and_restored(crm: Counter) -> None:
    opened(crm, 31)
    path = "/v1/customers/C000031"
    before = crm.desk.clock.now().isoformat()
    crm.ask("rm-a", "PATCH", path, json={"tier": "private", "mobile": "15499999999"}, headers={"If-Match": '"1"'})
    changes = crm.ask("manager-a", "GET", path + "/history").json()["items"]
    told = {change["field"]: (change["before"], change["after"], change["who"], change["source"]) for change in changes}
    assert told == {"tier": ("mass", "private", "rm-a", "api"), "mobile": ("154****0031", "154****9999", "rm-a", "api")}
    past = crm.ask("integration", "GET", path, params={"as_of": before})
    assert past.status_code == 403
    assert crm.ask("compliance", "GET", path, params={"as_of": before}).json()["tier"] == "mass"
    change = next(change["id"] for change in changes if change["field"] == "mobile")
    assert crm.ask("manager-a", "POST", f"{path}/history/{change}/restore").status_code == 200
    assert crm.ask("integration", "GET", path).json()["mobile"] == customer(31)["mobile"]


def test_reports_count_what_is_in_reach_and_nothing_restricted(crm: Counter) -> None:
    groups = crm.ask("compliance", "GET", "/v1/reports/customers?by=branch").json()["groups"]
    assert set(groups) >= {"BR01", "BR07"}
    assert set(crm.ask("manager-a", "GET", "/v1/reports/customers?by=branch").json()["groups"]) == {"BR01"}
    assert crm.ask("compliance", "GET", "/v1/reports/customers?by=aml_rating").status_code == 403


def test_a_customer_is_deleted_only_while_nothing_keeps_them(crm: Counter) -> None:
    opened(crm, 32)
    opened(crm, 33, legal_hold=True)
    assert crm.ask("rm-a", "DELETE", "/v1/customers/C000032").status_code == 403
    assert crm.ask("compliance", "DELETE", "/v1/customers/C000032").status_code == 204
    assert crm.ask("compliance", "GET", "/v1/customers/C000032").status_code == 404
    assert crm.ask("compliance", "DELETE", "/v1/customers/C000033").status_code == 409


def test_the_audit_tells_reads_writes_and_refusals_without_a_clear_value(crm: Counter) -> None:
    opened(crm, 34)
    crm.ask("rm-a", "GET", "/v1/customers/C000034")
    crm.ask("marketing", "DELETE", "/v1/customers/C000034")
    reply = crm.ask("auditor", "GET", "/v1/audit", params={"subject": "C000034", "limit": 500})
    told = [(entry["who"], entry["action"], entry["result"]) for entry in reply.json()["items"]]
    assert told[:2] == [("integration", "record.create", "ok"), ("rm-a", "customer.read", "ok")]
    assert ("marketing", "access.denied", "denied") in told
    everything = crm.ask("auditor", "GET", "/v1/audit?limit=500").text
    assert PASSWORD not in everything
    for name in ("national_id", "mobile", "email", "address", "card_number"):
        assert customer(34)[name] not in everything
    assert crm.ask("rm-a", "GET", "/v1/audit").status_code == 403


def test_only_a_trial_clock_moves_and_only_for_those_who_may(crm: Counter) -> None:
    before = crm.ask("integration", "GET", "/v1/clock").json()["now"]
    assert crm.ask("rm-a", "POST", "/v1/clock", json={"advance_seconds": 60}).status_code == 403
    after = crm.ask("integration", "POST", "/v1/clock", json={"advance_seconds": 3600}).json()["now"]
    assert after > before
    assert crm.ask("integration", "POST", "/v1/clock", json={"advance_seconds": -1}).status_code == 422
