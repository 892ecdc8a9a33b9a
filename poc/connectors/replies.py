"""Replies: what the JSON of several vendors has in common: objects, moments, pages that end with a cursor."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from scenarios.port import Reply, Request, Steps


def fields_of(reply: Reply) -> dict[str, Any]:
    """Return the JSON object of a reply; raises ValueError when it holds none."""
    told = reply.json
    if not isinstance(told, dict):
        raise ValueError(f"a JSON object was expected, not {type(told).__name__}")
    return told


def moment(text: str) -> datetime:
    """Return a moment from its ISO form; one without an offset is taken as UTC."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def every_item(path: str, query: Mapping[str, str]) -> Steps[list[dict[str, Any]]]:
    """Read ``items`` page after page until ``next`` is null."""
    found: list[dict[str, Any]] = []
    asked = dict(query)
    while True:
        told = fields_of((yield Request(method="GET", path=path, query=asked)))
        found += told["items"]
        if not told.get("next"):
            return found
        asked["cursor"] = str(told["next"])
