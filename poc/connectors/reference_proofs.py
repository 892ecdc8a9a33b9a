"""Reference proofs: how the reference CRM is asked to prove its audit trail, to stream it, and to let it be changed."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from poc.connectors.replies import fields_of, moment
from scenarios.port import Connector, Request, Steps, Unsupported
from scenarios.sealed import AuditCopy, AuditProof, AuditSeal, Tampering

#: The ways by which a trail could be changed, if there were any: method, path and body.
WAYS: Mapping[str, tuple[str, str, object]] = {
    "alter": ("PATCH", "/v1/audit/{entry}", {"who": "nobody"}),
    "delete": ("DELETE", "/v1/audit/{entry}", None),
    "backdate": ("POST", "/v1/audit", {"at": "2001-01-01T00:00:00Z", "who": "nobody", "action": "record.read"}),
    "purge": ("DELETE", "/v1/audit", None),
}
LINES = {"Content-Type": "application/x-ndjson"}


class ReferenceProofs(Connector):
    """The verbs of proof."""

    def audit_stream(self, *, after: str, seconds: float) -> Steps[tuple[bytes, ...]]:
        """Follow the audit as documents of the Elastic Common Schema."""
        query = {"after": after, "seconds": f"{seconds:g}", "form": "ecs"}
        reply = yield Request(method="GET", path="/v1/audit/stream", query=query)
        return tuple(line for line in reply.body.splitlines() if line)

    def audit_seals(self) -> Steps[tuple[AuditSeal, ...]]:
        """Read all checkpoints, page after page."""
        found: list[AuditSeal] = []
        while True:
            query = {"after": str(found[-1].number if found else 0), "limit": "500"}
            told = fields_of((yield Request(method="GET", path="/v1/audit/checkpoints", query=query)))
            found += [_seal(one, told["kept"]) for one in told["items"]]
            if len(told["items"]) < 500:
                return tuple(found)

    def audit_copy(self, upto: str, entries: int) -> Steps[AuditCopy]:
        """Export the entries by their numbers; numbers that were never used up leave fewer lines."""
        query = {"first": str(max(1, int(upto) - entries + 1)), "last": upto}
        reply = yield Request(method="GET", path="/v1/audit/export", query=query)
        lines = tuple(line for line in reply.body.splitlines() if line)
        return AuditCopy(ids=tuple(str(orjson.loads(line)["id"]) for line in lines), lines=lines)

    def verify_audit(self, copy: AuditCopy, lines: Sequence[bytes]) -> Steps[AuditProof]:
        """Have lines held against the checkpoints, as a copy from the first to the last entry."""
        query = {"first": copy.ids[0], "last": copy.ids[-1]}
        body = b"".join(line + b"\n" for line in lines)
        reply = yield Request(method="POST", path="/v1/audit/verification", query=query, content=body, headers=LINES)
        told = fields_of(reply)
        found = tuple(Tampering(kind=one["kind"], entry=str(one["entry"])) for one in told["findings"])
        return AuditProof(sound=told["sound"], findings=found)

    def tamper(self, entry: str, act: str) -> Steps[None]:
        """Go one of the ways."""
        if act not in WAYS:
            raise Unsupported(f"the product has no way to {act} its audit")
        method, path, body = WAYS[act]
        yield Request(method=method, path=path.format(entry=entry), json=body)


def _seal(told: Mapping[str, Any], kept: str) -> AuditSeal:
    return AuditSeal(
        number=told["number"],
        at=moment(told["at"]),
        last=str(told["last"]),
        statement=told["statement"].encode(),
        signature=bytes.fromhex(told["signature"]),
        key=bytes.fromhex(told["key"]),
        algorithm="Ed25519",
        kept=kept,
    )
