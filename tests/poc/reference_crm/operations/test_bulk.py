"""Bulk: good rows are taken, bad ones named, a job is resumed without doubles and taken back without residue."""

from typing import Any

import orjson
import pytest

from poc.reference_crm.operations.inserts import MANY
from tests.poc.reference_crm.counter import Counter, customer, opened
from tests.poc.reference_crm.operations.test_merging import account, put

pytestmark = pytest.mark.pg


def load(crm: Counter, rows: list[dict[str, Any]], segment: str = "customers", **query: object) -> dict[str, Any]:
    told = crm.ask("integration", "POST", f"/v1/bulk/{segment}", json={"rows": rows}, params=query)
    assert told.status_code == 200, told.text
    return dict(told.json())


def revert(crm: Counter, job: str) -> Any:
    return crm.ask("integration", "POST", f"/v1/bulk/jobs/{job}/revert")


def on_file(crm: Counter, *serials: int) -> list[bool]:
    return [crm.ask("integration", "GET", f"/v1/customers/C{n:06d}").status_code == 200 for n in serials]


def test_good_rows_are_taken_and_bad_ones_named_with_field_and_reason(crm: Counter) -> None:
    wrong = [customer(101, mobile="12"), customer(103, national_id="1"), customer(104, colour="red")]
    rows = [customer(100), wrong[0], customer(102), *wrong[1:]]
    told = load(crm, rows, job="J100", offset=1000)
    assert (told["accepted"], told["state"], told["dry_run"]) == (2, "done", False)
    assert [(one["row"], one["field"]) for one in told["rejected"]] == [
        (1001, "mobile"), (1003, "national_id"), (1004, "colour"),
    ]  # fmt: skip
    assert on_file(crm, 100, 101, 102, 103, 104) == [True, False, True, False, False]
    assert crm.ask("integration", "GET", "/v1/bulk/jobs/J100").json() == told


def test_doubles_within_a_file_and_with_what_is_on_file_are_rejected(crm: Counter) -> None:
    load(crm, [customer(110)], job="J110")
    rows = [customer(110, mobile="15499999999"), customer(111), customer(111), customer(112, number="C000999") | {
        "national_id": customer(111)["national_id"]}]  # fmt: skip
    told = load(crm, rows, job="J111")
    places = [(one["row"], one["field"]) for one in told["rejected"]]
    assert places == [(0, "number"), (2, "number"), (3, "national_id")]


def test_a_double_among_many_is_the_only_one_refused(crm: Counter) -> None:
    load(crm, [customer(700)], job="J700")
    rows = [customer(serial) for serial in range(690, 690 + MANY + 5)] + [customer(695)]
    told = load(crm, rows, job="J701")
    assert [(one["row"], one["field"]) for one in told["rejected"]] == [(10, "number"), (len(rows) - 1, "number")]
    assert told["accepted"] == len(rows) - 2
    assert load(crm, rows, job="J701") == told, "asked for again, it tells the same"
    assert all(on_file(crm, 690, 695, 700, 690 + MANY + 4))


def test_calls_of_one_job_may_come_in_any_order_and_at_once(crm: Counter) -> None:
    parts = {offset: [customer(800 + offset + n) for n in range(3)] for offset in (6, 0, 3)}
    replies = crm.together(
        [
            crm.sending("integration", "POST", f"/v1/bulk/customers?job=J800&offset={offset}", json={"rows": rows})
            for offset, rows in parts.items()
        ],
        "integration",
    )
    assert [one.json()["accepted"] for one in replies] == [3, 3, 3]
    assert crm.ask("integration", "GET", "/v1/bulk/jobs/J800").json()["accepted"] == 9
    assert revert(crm, "J800").json()["accepted"] == 9


def test_no_half_relations_remain(crm: Counter) -> None:
    load(crm, [customer(120)], job="J120")
    rows = [account("A120", "C000120"), account("A121", "C000121"), account("A122", "C000120", "C000129")]
    told = load(crm, rows, "accounts", job="J121")
    assert [(one["row"], one["field"]) for one in told["rejected"]] == [(1, "customer"), (2, "joint_holders")]


def test_a_row_may_name_another_row_of_its_file(crm: Counter) -> None:
    told = load(crm, [customer(131, guardian="C000130"), customer(130)], job="J130")
    assert (told["accepted"], told["rejected"]) == (2, [])
    rows = [customer(132, guardian="C000133"), customer(133, mobile="12"), customer(134, guardian="C000135"),
            customer(135) | {"national_id": customer(130)["national_id"]}]  # fmt: skip
    assert {(one["row"], one["field"]) for one in load(crm, rows, job="J131")["rejected"]} == {
        (0, "guardian"), (1, "mobile"), (2, "guardian"), (3, "national_id"),
    }  # fmt: skip


def test_a_trial_run_tells_the_same_and_changes_nothing(crm: Counter) -> None:
    rows = [customer(140), customer(141, email="nobody")]
    trial = load(crm, rows, job="J140", dry_run=True)
    assert (trial["accepted"], trial["dry_run"], on_file(crm, 140)) == (1, True, [False])
    assert crm.ask("integration", "GET", "/v1/bulk/jobs/J140").status_code == 404
    assert load(crm, rows, job="J140") == trial | {"dry_run": False}


def test_a_resumed_job_loads_no_row_twice(crm: Counter) -> None:
    talks = [
        {"customer": "C000150", "channel": "app", "direction": "in", "at": f"2026-01-0{day}T00:00:00Z", "subject": "x",
         "text": "y", "staff": "S0001"}
        for day in (1, 2, 3, 4)
    ]  # fmt: skip
    load(crm, [customer(150)], job="J150")
    load(crm, talks[:2], "interactions", job="J151")
    told = load(crm, talks, "interactions", job="J151")
    assert told["accepted"] == 4
    assert len(crm.ask("integration", "GET", "/v1/interactions?customer=C000150").json()["items"]) == 4


def test_one_job_may_be_told_in_lines(crm: Counter) -> None:
    body = b"\n".join([orjson.dumps(customer(160)), b"{not json", orjson.dumps(customer(161)), b""])
    told = crm.ask("integration", "POST", "/v1/bulk/customers?job=J160", content=body,
                   headers={"Content-Type": "application/x-ndjson"}).json()  # fmt: skip
    assert (told["accepted"], [one["row"] for one in told["rejected"]]) == (2, [1])


def test_a_reverted_job_leaves_no_residue_and_may_not_go_on(crm: Counter) -> None:
    load(crm, [customer(170), customer(171)], job="J170")
    load(crm, [account("A170", "C000170")], "accounts", job="J171")
    refused = revert(crm, "J170")
    assert (refused.status_code, "accounts" in refused.json()["detail"]) == (409, True)
    assert revert(crm, "J171").json() == {
        "job": "J171", "accepted": 1, "rejected": [], "state": "reverted", "dry_run": False,
    }  # fmt: skip
    assert revert(crm, "J170").json()["accepted"] == 2
    assert on_file(crm, 170, 171) == [False, False]
    assert crm.ask("integration", "GET", f"/v1/customers?mobile={customer(170)['mobile']}").json()["items"] == []
    assert crm.ask("integration", "GET", "/v1/bulk/jobs/J170").json()["state"] == "reverted"
    again = crm.ask("integration", "POST", "/v1/bulk/customers?job=J170", json={"rows": [customer(170)]})
    assert again.status_code == 409
    assert load(crm, [customer(170)], job="J172")["accepted"] == 1


def test_a_job_id_belongs_to_one_kind(crm: Counter) -> None:
    opened(crm, 180)
    load(crm, [customer(181)], job="J180")
    taken = crm.ask("integration", "POST", "/v1/bulk/accounts?job=J180", json={"rows": [account("A180", "C000180")]})
    assert taken.status_code == 409


def test_loaded_tickets_know_when_they_are_due(crm: Counter) -> None:
    opened(crm, 190)
    row = {"number": "T190", "customer": "C000190", "category": "card", "severity": "critical", "subject": "x",
           "text": "y", "opened_at": "2026-10-26T02:00:00Z", "status": "open"}  # fmt: skip
    load(crm, [row], "tickets")
    assert crm.ask("integration", "GET", "/v1/tickets/T190").json()["due_at"] == "2026-10-26T06:00:00+00:00"


def test_loads_are_in_the_trail_row_by_row_and_as_a_whole(crm: Counter) -> None:
    load(crm, [customer(200)], job="J200")
    rows = crm.ask("auditor", "GET", "/v1/audit?subject=customers/C000200").json()["items"]
    whole = crm.ask("auditor", "GET", "/v1/audit?subject=bulk/J200").json()["items"]
    assert [one["action"] for one in rows] == ["record.create"]
    assert [one["action"] for one in whole] == ["bulk.load"]


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"rows": 1}', b'{"rows": [1]}', b'{"rows": [], "more": 1}'])
def test_a_body_that_is_no_list_of_rows_is_refused(crm: Counter, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    assert crm.ask("integration", "POST", "/v1/bulk/customers", content=body, headers=headers).status_code == 422


def test_only_the_core_system_loads_and_unknown_kinds_and_jobs_are_told(crm: Counter) -> None:
    rows = {"rows": [customer(210)]}
    assert crm.ask("manager-a", "POST", "/v1/bulk/customers", json=rows).status_code == 403
    assert crm.ask("integration", "POST", "/v1/bulk/dragons", json=rows).status_code in (404, 422)
    assert crm.ask("integration", "GET", "/v1/bulk/jobs/J999").status_code == 404
    assert revert(crm, "J999").status_code == 404


def test_an_export_is_what_was_loaded_a_record_a_line(crm: Counter) -> None:
    put(crm, "customers", customer(220))
    reply = crm.ask("integration", "GET", "/v1/exports/customers")
    assert reply.headers["content-type"].startswith("application/x-ndjson")
    records = {row["number"]: row for row in map(orjson.loads, reply.content.splitlines())}
    assert {name: records["C000220"][name] for name in customer(220)} == customer(220)
    assert list(records) == sorted(records)


def test_an_export_is_for_few_and_put_on_record(crm: Counter) -> None:
    assert crm.ask("rm-a", "GET", "/v1/exports/customers").status_code == 403
    assert crm.ask("compliance", "GET", "/v1/exports/tickets").status_code == 200
    trail = crm.ask("auditor", "GET", "/v1/audit?action=customer.export").json()["items"]
    assert ("compliance", "tickets") in {(one["who"], one["subject"]) for one in trail}
