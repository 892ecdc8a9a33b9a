"""Recordings: what a product once answered, told again in the same order: its connector is tested without it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenarios.crm import Exchange, Handshake
from scenarios.port import BenchFault, Reply, Request

#: Where what was recorded lies.
FOLDER = Path(__file__).parent / "recorded"
#: Of the headers only those that connectors read.
HEADERS = ("content-type", "content-disposition", "retry-after", "x-content-type-options")


@dataclass(slots=True)
class Recorded:
    """A wire that answers as was recorded; a request that differs from the one of then is our own fault."""

    lines: list[Mapping[str, Any]]

    @classmethod
    def of(cls, name: str) -> "Recorded":
        """Read a recording by name."""
        text = (FOLDER / f"{name}.jsonl").read_text("utf-8")
        return cls([json.loads(line) for line in text.splitlines()])

    def send(self, request: Request) -> Reply:
        """Answer the next request."""
        if not self.lines:
            raise BenchFault(f"{request.method} {request.path} was not recorded")
        line = self.lines.pop(0)
        if _asked(request) != line["request"]:
            raise BenchFault(f"recorded was {line['request']}, asked is {_asked(request)}")
        told = line["reply"]
        return Reply(status=told["status"], headers=told["headers"], body=told["body"].encode())

    def handshake(self, version: str, *, suites: str | None = None, verify: bool = False) -> Handshake:
        """Know nothing of transport."""
        raise BenchFault("a recording has no transport")

    def plain(self, path: str) -> Reply | None:
        """Know nothing of transport."""
        raise BenchFault("a recording has no transport")


def write(name: str, exchanges: Iterable[Exchange], without: Sequence[str]) -> None:
    """Keep exchanges, from which secrets were taken already, without some names of JSON objects that nobody reads."""
    lines = []
    for one in exchanges:
        assert one.reply is not None
        headers = {header: one.reply.headers[header] for header in HEADERS if header in one.reply.headers}
        body = _trimmed(one.reply.body, frozenset(without))
        lines.append(
            {"request": _asked(one.request), "reply": {"status": one.reply.status, "headers": headers, "body": body}}
        )
    FOLDER.mkdir(exist_ok=True)
    text = "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in lines)
    (FOLDER / f"{name}.jsonl").write_text(text, "utf-8")


def _asked(request: Request) -> dict[str, Any]:
    return {
        "method": request.method,
        "path": request.path,
        "query": dict(request.query),
        "body": request.body.decode("utf-8", "replace"),
    }


def _trimmed(body: bytes, without: frozenset[str]) -> str:
    try:
        return json.dumps(_without(json.loads(body), without), ensure_ascii=False)
    except ValueError:
        return body.decode("utf-8", "replace")


def _without(told: Any, names: frozenset[str]) -> Any:
    if isinstance(told, dict):
        return {name: _without(one, names) for name, one in told.items() if name not in names}
    return [_without(one, names) for one in told] if isinstance(told, list) else told
