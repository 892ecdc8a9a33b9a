"""Subjects: who asks for their data gets all of it; who asks to be forgotten is, unless the law says otherwise."""

from datetime import date, datetime
from typing import Any

import asyncpg
import orjson
import pytest

from tests.poc.reference_crm.counter import Counter, customer, opened
from tests.poc.reference_crm.operations.test_merging import CHILDREN, account, everything, hang, merge, put

pytestmark = pytest.mark.pg
LONG_AGO, LATELY = "2010-03-31", "2024-03-31"
SEVEN = ("A7", "P7", "I7", "T7", "N7", "F7", "R7")
ENDED = {"opened": "2005-01-01", "closed": LONG_AGO}


def ask(crm: Counter, number: str, request: str, **details: object) -> dict[str, Any]:
    body = {"request": request, "details": details}
    told = crm.ask("compliance", "POST", f"/v1/customers/{number}/subject-requests", json=body)
    assert told.status_code == 200, told.text
    return dict(told.json())


def gone(crm: Counter, number: str) -> bool:
    return crm.ask("compliance", "GET", f"/v1/customers/{number}").status_code == 404


@pytest.fixture(scope="module")
def bank(crm: Counter) -> Counter:
    """C000009 shares accounts with others; C000001 is a customer with everything."""
    opened(crm, 9)
    opened(crm, 1)
    hang(crm, "C000001", "1")
    return crm


def test_access_gives_everything_on_file_in_clear(bank: Counter) -> None:
    data = ask(bank, "C000001", "access")["data"]
    record = customer(1)
    assert {name: data["customer"][name] for name in record} == record
    for segment in (*CHILDREN, "holdings", "relations"):
        assert {row["number"][1:] for row in data[segment]} == {"1"}, segment
    assert {"at", "action", "role"} == set(data["processing"][0])


def test_portability_gives_the_same_facts(bank: Counter) -> None:
    assert ask(bank, "C000001", "portability")["data"]["customer"]["national_id"] == customer(1)["national_id"]


def test_rectify_corrects_and_remembers(bank: Counter) -> None:
    assert ask(bank, "C000001", "rectify", occupation="Lighthouse keeper")["status"] == "done"
    assert bank.ask("rm-a", "GET", "/v1/customers/C000001").json()["occupation"] == "Lighthouse keeper"
    changes = bank.ask("compliance", "GET", "/v1/customers/C000001/history").json()["items"]
    assert changes[-1]["source"] == "data-subject request"


@pytest.mark.parametrize("wrong", [{"mobile": "12"}, {"aml_rating": "low"}, {"number": "C2"}, {}])
def test_rectify_takes_no_wrong_values(bank: Counter, wrong: dict[str, object]) -> None:
    body = {"request": "rectify", "details": wrong}
    assert bank.ask("compliance", "POST", "/v1/customers/C000001/subject-requests", json=body).status_code == 422


def test_objection_is_the_last_word_on_every_channel(bank: Counter) -> None:
    assert ask(bank, "C000001", "object")["data"] == {"withdrawn": ["app"]}
    words = bank.ask("rm-a", "GET", "/v1/consents?customer=C000001").json()["items"]
    last = max(words, key=lambda word: datetime.fromisoformat(word["at"]))
    assert (last["purpose"], last["granted"]) == ("marketing", False)
    assert ask(bank, "C000001", "object")["data"] == {"withdrawn": []}


def test_restriction_hides_from_ordinary_use_and_can_be_lifted(bank: Counter) -> None:
    opened(bank, 20)
    assert ask(bank, "C000020", "restrict")["status"] == "done"
    staff = ("rm-a", "marketing", "compliance")
    assert [bank.ask(who, "GET", "/v1/customers/C000020").status_code for who in staff] == [404, 404, 200]
    ask(bank, "C000020", "restrict", lift=True)
    assert bank.ask("rm-a", "GET", "/v1/customers/C000020").status_code == 200


def test_who_left_long_ago_leaves_nothing_behind_but_a_number_in_the_trail(bank: Counter) -> None:
    opened(bank, 30, state="closed", closed_on=LONG_AGO, name="Zebulon Quill", latin_name="Zebulon Quill")
    opened(bank, 31)
    hang(bank, "C000030", "7")
    for number in ("A7", "J7"):
        bank.ask("integration", "PATCH", f"/v1/accounts/{number}", json=ENDED, headers={"If-Match": '"1"'})
    put(bank, "accounts", account("A30", "C000030", "C000031") | ENDED)
    headers = {"Idempotency-Key": "again"}
    bank.ask("integration", "POST", "/v1/customers", json=customer(32, guardian="C000030"), headers=headers)

    assert ask(bank, "C000030", "erase")["status"] == "done"
    assert gone(bank, "C000030")
    for segment in (*CHILDREN, "holdings", "relations"):
        left = bank.ask("integration", "GET", f"/v1/{segment}?limit=200").json()["items"]
        assert not [row for row in left if row["number"] in (*SEVEN, "A30") and row.get("customer") != "C000031"]
    assert bank.ask("integration", "GET", "/v1/accounts/A30").json()["customer"] == "C000031"
    assert bank.ask("integration", "GET", "/v1/customers/C000032").json()["guardian"] is None
    everywhere = bank.wait(_dump(bank))
    assert b"Zebulon" not in everywhere
    trail = bank.ask("auditor", "GET", "/v1/audit?subject=customers/C000030").json()["items"]
    assert {"record.create", "customer.subject_request"} <= {one["action"] for one in trail}


async def _dump(crm: Counter) -> bytes:
    """Everything that is in every table, as a superuser sees it."""
    connection = await asyncpg.connect(crm.desk.settings.database_url)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [one["tablename"] for one in tables]
        rows = [await connection.fetch(f"SELECT to_jsonb(t)::text AS row FROM {name} AS t") for name in names]
        return "\n".join(row["row"] for table in rows for row in table).encode()
    finally:
        await connection.close()


def test_replies_kept_for_repeated_requests_are_forgotten_too(bank: Counter) -> None:
    body = customer(33, state="closed", closed_on=LONG_AGO)
    headers = {"Idempotency-Key": "first"}
    assert bank.ask("integration", "POST", "/v1/customers", json=body, headers=headers).status_code == 201
    ask(bank, "C000033", "erase")
    again = bank.ask("integration", "POST", "/v1/customers", json=body, headers=headers)
    assert (again.status_code, again.headers.get("Idempotent-Replay")) == (201, None)


@pytest.mark.parametrize(
    ("serial", "other", "word", "until"),
    [
        (40, {"state": "closed", "closed_on": LATELY}, "art. 34", "2034-03-31"),
        (41, {"state": "closed", "closed_on": LONG_AGO, "legal_hold": True}, "legal hold", None),
        (42, {"state": "deceased"}, "art. 34", None),
    ],
)
def test_who_must_be_kept_is_restricted_with_basis_and_date(
    bank: Counter, serial: int, other: dict[str, object], word: str, until: str | None
) -> None:
    opened(bank, serial, **other)
    answer = ask(bank, f"C0000{serial}", "erase")
    assert answer["status"] == "restricted"
    assert word in answer["basis"]
    assert date.fromisoformat(answer["until"]) > date(2026, 1, 1)
    assert until in (None, answer["until"])
    assert not gone(bank, f"C0000{serial}")
    assert bank.ask("rm-a", "GET", f"/v1/customers/C0000{serial}").status_code == 404


def test_a_running_contract_of_a_joint_holder_keeps_them_on_file(bank: Counter) -> None:
    opened(bank, 50, state="closed", closed_on=LONG_AGO)
    put(bank, "accounts", account("A50", "C000009", "C000050"))
    answer = ask(bank, "C000050", "erase")
    assert (answer["status"], "contract" in answer["basis"]) == ("restricted", True)


def test_what_was_merged_into_the_forgotten_is_forgotten_with_them(bank: Counter) -> None:
    opened(bank, 60, state="closed", closed_on=LONG_AGO)
    opened(bank, 61, state="closed", closed_on=LONG_AGO, name="Philippa Vane")
    assert merge(bank, "C000060", "C000061").status_code == 200
    assert ask(bank, "C000060", "erase")["status"] == "done"
    assert b"Philippa" not in bank.wait(_dump(bank))


def test_only_compliance_answers_requests(bank: Counter) -> None:
    body = {"request": "access", "details": {}}
    refused = [bank.ask(who, "POST", "/v1/customers/C000001/subject-requests", json=body) for who in ("rm-a", "admin")]
    assert [reply.status_code for reply in refused] == [403, 403]
    assert orjson.loads(refused[0].content)["type"].endswith("forbidden")
    assert everything(bank, "C000001")["customer"]["number"] == "C000001"
