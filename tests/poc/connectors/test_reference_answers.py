"""Reference answers: refusals by their problem document, and what is missing read as nothing."""

import orjson
import pytest

from poc.connectors.reference import ReferenceConnector
from poc.connectors.reference_answers import clock, entry, place
from scenarios.port import Refused, Reply, Unsupported
from synthetic_data.records import Branch, KycFile


def reply(told: object = None, *, status: int = 200) -> Reply:
    return Reply(status=status, headers={}, body=b"" if told is None else orjson.dumps(told))


@pytest.mark.parametrize(
    ("status", "told", "reason", "fields"),
    [
        (422, {"type": "https://x/problems/invalid", "errors": [{"field": "mobile"}]}, "invalid", ("mobile",)),
        (409, {"type": "urn:problem:duplicate", "detail": "national id"}, "duplicate", ()),
        (403, {"type": "about:blank"}, "forbidden", ()),
        (503, None, "server-error", ()),
        (418, [], "refused", ()),
    ],
)
def test_a_refusal_is_told_by_its_problem_document(
    status: int, told: object, reason: str, fields: tuple[str, ...]
) -> None:
    no = ReferenceConnector().error_of(reply(told, status=status))
    assert isinstance(no, Refused)
    assert (no.reason, no.status, no.fields) == (reason, status, fields)


def test_a_yes_is_no_refusal() -> None:
    assert ReferenceConnector().error_of(reply({"items": []})) is None


def test_a_clock_without_a_due_time_says_so() -> None:
    told = clock({"number": "T1", "due_at": None, "status": "open"})
    assert (told.due_at, told.breached, told.escalated_at, told.events) == (None, False, None, ())


def test_an_entry_with_missing_parts_leaves_them_empty() -> None:
    told = entry({"id": 1, "at": "2026-06-30T08:00:00Z", "action": "login.ok"})
    assert (told.id, told.who, told.subject, told.before) == ("1", "", "", None)


def test_kinds_have_their_places() -> None:
    assert place(KycFile) == "kyc-files"
    with pytest.raises(Unsupported):
        place(Branch)
