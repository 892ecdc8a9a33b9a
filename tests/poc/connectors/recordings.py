"""Recordings: what a product once answered, told again in the same order: its connector is tested without it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import html

from scenarios.crm import Exchange, Handshake
from scenarios.port import BenchFault, Reply, Request

#: Where what was recorded lies.
FOLDER = Path(__file__).parent / "recorded"
#: Of the headers only those that connectors read.
HEADERS = ("location", "content-type", "content-disposition", "retry-after", "x-content-type-options")
#: What is read of the elements of a page, and which parts of it are not read.
READ_OF_ELEMENTS = frozenset(
    {
        "name",
        "value",
        "type",
        "selected",
        "checked",
        "multiple",
        "for",
        "id",
        "class",
        "data-column-key",
        "data-total-count",
    }
)
UNREAD = ("lv-actions", "lv-cell-action", "header-actions-list", "lv-search-header", "choices", "inner-selector-model")
#: The classes that are read.
READ_CLASSES = frozenset({"listview", "lv-sort-toggle-title", "lv-cell-content", "lv-cell-value", "errorlist"})


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
        return slim(body) if b"<html" in body or b"<table" in body else body.decode("utf-8", "replace")


def slim(page: bytes) -> str:
    """Return of a page what connectors read: its list or its largest form, without what is there for the eye."""
    whole = html.fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    forms = sorted(whole.iter("form"), key=lambda one: len(list(one.iter("input", "select", "textarea"))))
    kept = next(iter(whole.find_class("listview")), None)
    kept = kept if kept is not None else forms[-1] if forms else whole
    for one in [
        *kept.iter("script", "img", "svg", "style", "tfoot", "h4"),
        *(x for name in UNREAD for x in kept.find_class(name)),
    ]:
        if one.getparent() is not None:
            one.drop_tree()
    for one in kept.iter():
        for name in set(one.attrib) - READ_OF_ELEMENTS:
            del one.attrib[name]
        if "class" in one.attrib and not READ_CLASSES.intersection(one.get("class").split()):
            del one.attrib["class"]
        if one.tag != "textarea":
            one.text = " ".join((one.text or "").split())
        one.tail = " ".join((one.tail or "").split())
    return html.tostring(kept, encoding="unicode")


def _without(told: Any, names: frozenset[str]) -> Any:
    if isinstance(told, dict):
        return {name: _without(one, names) for name, one in told.items() if name not in names}
    return [_without(one, names) for one in told] if isinstance(told, list) else told
