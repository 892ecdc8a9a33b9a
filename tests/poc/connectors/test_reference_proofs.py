"""Reference proofs: each verb of proof becomes the request that the interface wants."""

import orjson

from poc.connectors.reference import ReferenceConnector
from scenarios.port import Reply, Request, Steps, drive
from scenarios.sealed import AuditCopy, Tampering

CRM = ReferenceConnector()


def asked(steps: Steps[object], body: bytes) -> tuple[object, Request]:
    requests: list[Request] = []

    def send(request: Request) -> Reply:
        requests.append(request)
        return Reply(status=200, headers={}, body=body)

    return drive(steps, send, CRM.error_of), requests[0]


def test_a_copy_is_the_last_entries_up_to_one() -> None:
    copy, request = asked(CRM.audit_copy("50", 10), b'{"id": 41}\n{"id": 50}\n')
    assert copy == AuditCopy(ids=("41", "50"), lines=(b'{"id": 41}', b'{"id": 50}'))
    assert (request.path, dict(request.query)) == ("/v1/audit/export", {"first": "41", "last": "50"})


def test_lines_are_verified_as_the_copy_they_claim_to_be() -> None:
    copy = AuditCopy(ids=("41", "50"), lines=(b"a", b"b"))
    told = orjson.dumps({"sound": False, "findings": [{"kind": "truncated", "entry": 50, "detail": ""}]})
    proof, request = asked(CRM.verify_audit(copy, (b"a",)), told)
    assert getattr(proof, "findings") == (Tampering(kind="truncated", entry="50"),)  # noqa: B009
    assert request.body == b"a\n" and dict(request.query) == {"first": "41", "last": "50"}


def test_each_way_to_change_the_audit_is_a_request() -> None:
    ways = {act: asked(CRM.tamper("7", act), b"")[1] for act in ("alter", "delete", "backdate", "purge")}
    assert [one.method for one in ways.values()] == ["PATCH", "DELETE", "POST", "DELETE"]
    assert ways["delete"].path == "/v1/audit/7" and ways["purge"].path == "/v1/audit"


def test_the_stream_is_read_line_by_line() -> None:
    lines, request = asked(CRM.audit_stream(after="3", seconds=2.0), b"{}\n\n{}\n")
    assert lines == (b"{}", b"{}") and request.query["after"] == "3" and request.query["seconds"] == "2"
