"""Tests of the forms of SIEM: what monitoring reads is what the trail says."""

from datetime import UTC, datetime
from typing import Any

import orjson

from poc.reference_crm.siem import cef, ecs
from scenarios.library.security.following import event_of

ENTRY: dict[str, Any] = {
    "id": 41, "at": datetime(2026, 11, 23, 8, 0, tzinfo=UTC), "who": "rm=a", "role": "rm", "action": "login.failed",
    "subject": "users/rm|a\nb", "origin": "127.0.0.1 POST /v1/auth/token", "before": None, "after": {"x": 1},
    "result": "denied", "trace": "t1",
}  # fmt: skip


def test_both_forms_name_the_same_event() -> None:
    told = {"id": "41", "action": "login.failed", "who": "rm=a"}
    assert event_of(ecs(ENTRY)) == event_of(cef(ENTRY)) == told


def test_ecs_says_outcome_category_and_origin() -> None:
    document = orjson.loads(ecs(ENTRY))
    assert document["event"]["outcome"] == "failure" and document["event"]["category"] == ["authentication"]
    assert document["source"] == {"address": "127.0.0.1"} and document["url"] == {"path": "/v1/auth/token"}
    assert document["@timestamp"] == "2026-11-23T08:00:00+00:00" and document["trace"] == {"id": "t1"}


def test_cef_is_one_line_in_a_syslog_frame_with_its_marks_escaped() -> None:
    line = cef(ENTRY).decode()
    assert line.startswith("<108>1 2026-11-23T08:00:00.000+00:00 reference-crm audit - audit - CEF:0|Touchstone|")
    assert "\n" not in line and r"suser=rm\=a" in line and r"cs1=users/rm|a\nb" in line


def test_what_is_in_no_form_is_no_event() -> None:
    assert event_of(b"rm-a read something") is None and event_of(b'{"who": "rm-a"}') is None
    ocsf = {"class_uid": 3005, "metadata": {"uid": "9"}, "activity_name": "read", "actor": {"user": {"name": "rm"}}}
    assert event_of(orjson.dumps(ocsf)) == {"id": "9", "action": "read", "who": "rm"}
