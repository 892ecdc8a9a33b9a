"""Attachments: documents rest encrypted, go with their record, and are opened by those who may and for a reason."""

import base64
from collections.abc import Iterator

import httpx
import pytest

from poc.reference_crm.operations.reencrypting import EVERYTHING
from tests.poc.reference_crm.counter import Counter, counter, opened

pytestmark = pytest.mark.pg
TEXT = "身份证 91000019800101000X".encode()
REASON = {"reason": "the customer asked about this paper"}
TICKET = {
    "category": "card", "severity": "normal", "subject": "s", "text": "t", "opened_at": "2026-01-05T01:00:00Z",
    "status": "open",
}  # fmt: skip


@pytest.fixture(scope="module")
def crm(crm_database: str) -> Iterator[Counter]:
    with counter(crm_database, largest_attachment=4096) as desk:
        yield desk


def handed_in(crm: Counter, path: str, who: str = "integration", **other: object) -> httpx.Response:
    body = {"name": "paper.txt", "content": base64.b64encode(TEXT).decode(), **other}
    return crm.ask(who, "POST", f"/v1/{path}/attachments", json=body)


def downloaded(crm: Counter, who: str, number: str, **query: str) -> httpx.Response:
    return crm.ask(who, "GET", f"/v1/attachments/{number}/content", params=query)


def test_a_document_rests_encrypted_and_comes_back_as_a_download(crm: Counter) -> None:
    opened(crm, 9101)
    made = handed_in(crm, "customers/C009101", name="../../身份证.html")
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["name"], told["media_type"], told["size"]) == ("身份证.html.txt", "text/plain", len(TEXT))

    async def resting() -> bytes:
        async with crm.desk.database.connection(EVERYTHING) as connection:
            row = await connection.fetchrow("SELECT name, body FROM attachments WHERE number = $1", told["number"])
            return bytes(row["name"] + row["body"])

    rests = crm.wait(resting())
    assert TEXT not in rests
    assert "身份证".encode() not in rests
    came = downloaded(crm, "integration", told["number"])
    assert (came.content, came.headers["content-type"]) == (TEXT, "text/plain; charset=utf-8")
    assert came.headers["content-disposition"].startswith('attachment; filename="___.html.txt"')
    assert came.headers["x-content-type-options"] == "nosniff"


def test_who_does_not_reach_the_record_reaches_no_document_of_it(crm: Counter) -> None:
    opened(crm, 9102)
    number = handed_in(crm, "customers/C009102").json()["number"]
    for who in ("rm-b", "admin", "marketing"):
        assert downloaded(crm, who, number, **REASON).status_code == 404
    for who in ("rm-b", "marketing"):
        assert crm.ask(who, "GET", "/v1/customers/C009102/attachments").status_code == 404
    assert handed_in(crm, "customers/C009102", who="rm-b").status_code == 404
    assert handed_in(crm, "customers/C009102", who="agent").status_code == 403
    assert [one["name"] for one in crm.ask("rm-a", "GET", "/v1/customers/C009102/attachments").json()["items"]] == [
        "paper.txt"
    ]


def test_a_document_of_class_c3_is_opened_for_a_reason_and_one_of_c2_without(crm: Counter) -> None:
    opened(crm, 9103)
    whole = handed_in(crm, "customers/C009103").json()["number"]
    note = handed_in(crm, "customers/C009103", data_class="C2").json()["number"]
    assert downloaded(crm, "rm-a", whole).status_code == 422
    assert downloaded(crm, "rm-a", whole, **REASON).content == TEXT
    assert downloaded(crm, "teller-a", whole, **REASON).status_code == 403
    assert downloaded(crm, "teller-a", note).content == TEXT
    trail = crm.ask("auditor", "GET", "/v1/audit?subject=customers/C009103&limit=200").json()["items"]
    reads = [one for one in trail if one["action"] == "attachment.read"]
    assert [(one["who"], one["after"]["attachment"]) for one in reads] == [("rm-a", whole), ("teller-a", note)]
    assert reads[0]["after"]["reason"] == REASON["reason"]
    assert "paper.txt" not in str(trail)


def test_openings_count_with_unmaskings(crm_database: str) -> None:
    with counter(crm_database, unmask_per_hour=2) as crm:
        opened(crm, 9104)
        number = handed_in(crm, "customers/C009104").json()["number"]
        codes = [downloaded(crm, "manager-a", number, **REASON).status_code for _ in range(3)]
        assert codes == [200, 200, 429]


def test_what_is_too_large_or_not_what_it_says_is_refused_and_told_why(crm: Counter) -> None:
    opened(crm, 9105)
    large = handed_in(crm, "customers/C009105", content=base64.b64encode(b"x" * 4097).decode())
    assert (large.status_code, "4,096 bytes" in large.json()["detail"]) == (413, True)
    page = handed_in(crm, "customers/C009105", name="a.pdf", content=base64.b64encode(b"<html>x</html>").decode())
    assert (page.status_code, page.json()["errors"][0]["field"]) == (422, "content")
    assert handed_in(crm, "customers/C009105", content="====").status_code == 422
    assert handed_in(crm, "customers/C009105", data_class="C1").status_code == 422


def test_documents_of_a_ticket_go_with_it_and_with_its_customer_through_a_merge_and_back(crm: Counter) -> None:
    opened(crm, 9106), opened(crm, 9107)
    ticket = crm.ask("integration", "POST", "/v1/tickets", json={**TICKET, "customer": "C009107"}).json()["number"]
    number = handed_in(crm, f"tickets/{ticket}", data_class="C2").json()["number"]
    for path, kept in (("merge", "C009106"), ("unmerge", "C009107")):
        done = crm.ask("compliance", "POST", f"/v1/customers/C009106/{path}", json={"drop": "C009107"})
        assert done.status_code in (200, 204), done.text
        assert downloaded(crm, "agent", number).content == TEXT
        data = crm.ask("compliance", "POST", f"/v1/customers/{kept}/subject-requests", json={"request": "access"})
        assert number in data.text
    assert crm.ask("compliance", "DELETE", f"/v1/tickets/{ticket}").status_code == 204
    assert downloaded(crm, "agent", number).status_code == 404


def test_documents_are_taken_off_by_those_who_may_unless_a_hold_keeps_the_record(crm: Counter) -> None:
    opened(crm, 9108), opened(crm, 9109, legal_hold=True)
    free, held = (handed_in(crm, f"customers/C00910{n}").json()["number"] for n in (8, 9))
    assert crm.ask("rm-a", "DELETE", f"/v1/attachments/{free}").status_code == 403
    assert crm.ask("compliance", "DELETE", f"/v1/attachments/{free}").status_code == 204
    assert crm.ask("compliance", "DELETE", f"/v1/attachments/{held}").status_code == 409
    assert downloaded(crm, "integration", held).content == TEXT
