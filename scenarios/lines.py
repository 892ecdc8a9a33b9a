"""Lines: evidence and exchanges as they are written down, and read back as they were."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any

from scenarios.crm import Exchange
from scenarios.evidence import Evidence, Grade, Outcome
from scenarios.port import Reply, Request
from scenarios.redaction import PLACEHOLDER

#: In a line, a body longer than this keeps its head; length and sha256 tell what the rest was.
LONGEST_BODY = 256 * 1024


_NUMBERED = re.compile(r"x\d{6,}")
_SPAN = re.compile(r"x\d{6,}-x\d{6,}")


def plain(value: object) -> object:
    """Return a value as JSON can hold it: moments in ISO form, decimals as text, sets sorted, dataclasses as maps."""
    match value:
        case None | bool() | int() | float() if not isinstance(value, Enum):
            return value
        case str():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Enum():
            return plain(value.value)
        case bytes():
            return value.decode("utf-8", "replace")
        case Mapping():
            return {str(name): plain(part) for name, part in value.items()}
        case set() | frozenset():
            return sorted((plain(part) for part in value), key=str)
        case list() | tuple():
            return [plain(part) for part in value]
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    return str(value)


def evidence_line(piece: Evidence) -> dict[str, Any]:
    """Return a piece of evidence as an object of a line."""
    told = {"facts": plain(piece.facts)} if piece.facts else {}
    return {
        **told,
        "run": piece.run,
        "target": piece.target,
        "criterion": piece.criterion,
        "scenario": piece.scenario,
        "check": piece.check,
        "sentence": piece.sentence,
        "outcome": piece.outcome.value,
        "grade": piece.grade.value,
        "harm": piece.harm,
        "observed": plain(piece.observed),
        "expected": plain(piece.expected),
        "note": piece.note,
        "measures": dict(piece.measures),
        "exchanges": spans(piece.exchanges),
        "started": piece.started.isoformat(),
        "seconds": piece.seconds,
        "supersedes": piece.supersedes,
    }


def evidence_of(line: Mapping[str, Any]) -> Evidence:
    """Return the evidence that a line holds; raises KeyError or ValueError when it holds none."""
    return Evidence(
        run=line["run"],
        target=line["target"],
        criterion=line["criterion"],
        scenario=line["scenario"],
        check=line["check"],
        sentence=line["sentence"],
        outcome=Outcome(line["outcome"]),
        grade=Grade(line["grade"]),
        harm=line["harm"],
        observed=line["observed"],
        expected=line["expected"],
        note=line["note"],
        measures=line["measures"],
        exchanges=tuple(unspanned(line["exchanges"])),
        started=datetime.fromisoformat(line["started"]),
        seconds=line["seconds"],
        facts=line.get("facts", {}),
        supersedes=line["supersedes"],
    )


def exchange_line(exchange: Exchange, scenario: str) -> dict[str, Any]:
    """Return an exchange, from which secrets were taken already, as an object of a line."""
    request, reply = exchange.request, exchange.reply
    return {
        "id": exchange.id,
        "scenario": scenario,
        "actor": exchange.actor,
        "verb": exchange.verb,
        "digest": digest_of(request),
        "request": {
            "method": request.method,
            "path": request.path,
            "query": dict(request.query),
            "headers": dict(request.headers),
            "step": request.step,
            "body": _kept(request.body),
        },
        "reply": None
        if reply is None
        else {
            "status": reply.status,
            "headers": dict(reply.headers),
            "seconds": reply.seconds,
            "body": _kept(reply.body),
        },
        "at": exchange.at.isoformat(),
        "fault": exchange.fault,
    }


def exchange_of(line: Mapping[str, Any]) -> Exchange:
    """Return the exchange that a line holds; a body that was cut comes back as its head."""
    request, reply = line["request"], line["reply"]
    return Exchange(
        id=line["id"],
        actor=line["actor"],
        verb=line["verb"],
        request=Request(
            method=request["method"],
            path=request["path"],
            query=request["query"],
            headers=request["headers"],
            content=_body(request["body"]),
            step=request["step"],
        ),
        reply=None
        if reply is None
        else Reply(
            status=reply["status"], headers=reply["headers"], body=_body(reply["body"]), seconds=reply["seconds"]
        ),
        at=datetime.fromisoformat(line["at"]),
        fault=line["fault"],
    )


def spans(ids: Iterable[str]) -> list[str]:
    """Return ids with runs of neighbours (``x000001``, ``x000002``, ...) as ``x000001-x000009``; others as they are."""
    told: list[list[str]] = []
    for name in ids:
        if told and _NUMBERED.fullmatch(told[-1][-1]) and name == _after(told[-1][-1]):
            told[-1] = [told[-1][0], name]
        else:
            told.append([name])
    return ["-".join(span) for span in told]


def unspanned(told: Iterable[str]) -> Iterator[str]:
    """Walk over the ids that ``spans`` told."""
    for span in told:
        name, _, last = span.partition("-") if _SPAN.fullmatch(span) else (span, "", "")
        yield name
        while last and name != last:
            name = _after(name)
            yield name


def _after(name: str) -> str:
    return f"x{int(name[1:]) + 1:06d}"


def digest_of(request: Request) -> str:
    """Return what a request is found by again: method, path, query and body, whatever the secrets in it."""
    query = "&".join(f"{name}={value}" for name, value in sorted(request.query.items()))
    told = f"{request.method} {request.path}?{query}\n".encode() + request.body
    return sha256(PLACEHOLDER.sub(b"[secret]", told)).hexdigest()


def _kept(body: bytes) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    if len(body) > LONGEST_BODY:
        kept = {"truncated": True, "length": len(body), "sha256": sha256(body).hexdigest()}
        body = body[:LONGEST_BODY]
    try:
        return {"text": body.decode("utf-8"), **kept}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii"), **kept}


def _body(kept: Mapping[str, Any]) -> bytes:
    return kept["text"].encode("utf-8") if "text" in kept else base64.b64decode(kept["base64"])
