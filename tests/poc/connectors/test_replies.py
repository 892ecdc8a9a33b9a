"""Replies: JSON objects, moments, and pages that are read to the end."""

from datetime import UTC, datetime

import orjson
import pytest

from poc.connectors.replies import every_item, fields_of, moment
from scenarios.port import Reply, Request, drive


def reply(told: object) -> Reply:
    return Reply(status=200, headers={}, body=orjson.dumps(told))


def test_a_reply_that_holds_no_object_is_told_from_one_that_does() -> None:
    assert fields_of(reply({"a": 1})) == {"a": 1}
    with pytest.raises(ValueError, match="a JSON object was expected, not list"):
        fields_of(reply([]))


def test_a_moment_without_an_offset_is_universal_time() -> None:
    assert moment("2026-06-30T08:00:00") == datetime(2026, 6, 30, 8, tzinfo=UTC)
    assert moment("2026-06-30T16:00:00+08:00") == datetime(2026, 6, 30, 8, tzinfo=UTC)


def test_pages_are_read_to_the_end() -> None:
    pages = {None: {"items": [{"n": 1}], "next": "b"}, "b": {"items": [{"n": 2}], "next": None}}
    asked: list[dict[str, str]] = []

    def send(request: Request) -> Reply:
        asked.append(dict(request.query))
        return reply(pages[request.query.get("cursor")])

    found = drive(every_item("/x", {"limit": "1"}), send, lambda _: None)
    assert found == [{"n": 1}, {"n": 2}]
    assert asked == [{"limit": "1"}, {"limit": "1", "cursor": "b"}]
