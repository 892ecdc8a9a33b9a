"""Reference papers: each verb becomes one request, and a download keeps the headers that say what to do with it."""

import base64

import pytest

from poc.connectors.reference import ReferenceConnector
from scenarios.papers import Attachment, Paper
from scenarios.port import Reply, Request, Unsupported
from synthetic_data.records import Account, Customer, Ticket
from tests.poc.connectors.test_reference import asked, one

CRM = ReferenceConnector()


def test_documents_are_handed_in_listed_and_taken_off_by_one_request_each() -> None:
    number, (request,) = asked(
        CRM.attach(Ticket, "T1", name="a.pdf", media_type="application/pdf", content=b"x"), {"number": "D1"}
    )
    body = {"name": "a.pdf", "content": base64.b64encode(b"x").decode()}
    assert (number, one(request)) == ("D1", ("POST", "/v1/tickets/T1/attachments", {}, body))
    row = {"number": "D1", "name": "a.pdf", "media_type": "application/pdf", "size": 3}
    listed, (request,) = asked(CRM.attachments(Customer, "C1"), {"items": [row]})
    assert listed == (Attachment(**row),)  # type: ignore[arg-type]
    assert one(request) == ("GET", "/v1/customers/C1/attachments", {}, None)
    _, (request,) = asked(CRM.detach("D1"), None)
    assert one(request) == ("DELETE", "/v1/attachments/D1", {}, None)


def test_a_download_tells_a_reason_if_there_is_one_and_keeps_its_headers() -> None:
    steps = CRM.read_attachment("D1", "the customer asked")
    request: Request = next(steps)
    assert one(request) == ("GET", "/v1/attachments/D1/content", {"reason": "the customer asked"}, None)
    headers = {"content-type": "text/plain", "content-disposition": "attachment", "x-content-type-options": "nosniff"}
    with pytest.raises(StopIteration) as end:
        steps.send(Reply(status=200, headers=headers, body=b"x"))
    assert end.value.value == Paper(content=b"x", media_type="text/plain", disposition="attachment", sniffing="nosniff")


def test_other_records_carry_no_documents() -> None:
    with pytest.raises(Unsupported, match="Account"):
        next(CRM.attachments(Account, "A1"))
