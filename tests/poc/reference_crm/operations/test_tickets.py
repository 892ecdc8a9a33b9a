"""Tickets: their time over HTTPS is the bank's promise to the second, on a clock that the test moves."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.poc.reference_crm.counter import Counter, opened

pytestmark = pytest.mark.pg
#: A Monday two weeks after the last holiday of 2026, ten in the morning in Shanghai.
OPENED = "2026-10-26T02:00:00+00:00"


def ticket(number: str, **other: object) -> dict[str, Any]:
    return {
        "number": number, "customer": "C000001", "category": "card", "severity": "critical", "subject": "card kept",
        "text": "by the machine", "opened_at": OPENED, "status": "open",
    } | other  # fmt: skip


@pytest.fixture(scope="module")
def desk(crm: Counter) -> Counter:
    """A customer on file, and a clock that stands at the customer's first visit."""
    opened(crm, 1)
    return crm


def now(crm: Counter) -> datetime:
    return datetime.fromisoformat(crm.ask("integration", "GET", "/v1/clock").json()["now"])


def advance(crm: Counter, by: timedelta) -> datetime:
    moved = crm.ask("integration", "POST", "/v1/clock", json={"advance_seconds": by.total_seconds()})
    assert moved.status_code == 200, moved.text
    return datetime.fromisoformat(moved.json()["now"])


def clock(crm: Counter, number: str) -> dict[str, Any]:
    told = crm.ask("agent", "GET", f"/v1/tickets/{number}/clock")
    assert told.status_code == 200, told.text
    return dict(told.json())


def act(crm: Counter, number: str, what: str, **details: object) -> dict[str, Any]:
    told = crm.ask("agent", "POST", f"/v1/tickets/{number}/acts", json={"act": what, "details": details})
    assert told.status_code == 200, told.text
    return dict(told.json())


def filed(crm: Counter, number: str, **other: object) -> dict[str, Any]:
    told = crm.ask("agent", "POST", "/v1/tickets", json=ticket(number, **other))
    assert told.status_code == 201, told.text
    return dict(told.json())


def test_a_new_ticket_shows_when_it_is_due(desk: Counter) -> None:
    shown = filed(desk, "T1")
    assert shown["due_at"] == "2026-10-26T06:00:00+00:00"
    assert clock(desk, "T1")["due_at"] == "2026-10-26T06:00:00+00:00"


def test_a_complaint_is_due_by_the_regulators_calendar(desk: Counter) -> None:
    assert filed(desk, "T2", complaint=True)["due_at"] == "2026-11-10T09:00:00+00:00"


def test_a_resolved_ticket_keeps_its_root_cause_and_a_new_version(desk: Counter) -> None:
    before = filed(desk, "T3")
    resolved = act(desk, "T3", "resolve", root_cause="worn card reader")
    shown = desk.ask("agent", "GET", "/v1/tickets/T3").json()
    assert (resolved["status"], shown["status"], shown["root_cause"]) == ("resolved", "resolved", "worn card reader")
    assert shown["version"] == before["version"] + 1


def test_acts_stand_in_the_diary_the_history_and_the_trail(desk: Counter) -> None:
    filed(desk, "T4")
    act(desk, "T4", "pause", reason="waiting-for-customer")
    act(desk, "T4", "resume")
    diary = [line.split(" ")[0] for line in clock(desk, "T4")["events"]]
    changes = desk.ask("manager-a", "GET", "/v1/tickets/T4/history").json()["items"]
    trail = desk.ask("auditor", "GET", "/v1/audit?subject=tickets/T4&action=record.update").json()["items"]
    assert [word for word in diary if word in ("opened", "paused", "resumed")] == ["opened", "paused", "resumed"]
    assert {"paused", "open"} <= {one["after"] for one in changes if one["field"] == "status"}
    assert [one["after"]["act"] for one in trail] == ["pause", "resume"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"act": "pause", "details": {"reason": "lunch"}}, 422, "reason"),
        ({"act": "severity", "details": {"severity": "dire"}}, 422, "severity"),
        ({"act": "shred"}, 422, "act"),
        ({"act": "resume"}, 409, None),
    ],
)
def test_an_act_out_of_place_is_refused(desk: Counter, body: dict[str, Any], status: int, field: str | None) -> None:
    desk.ask("agent", "POST", "/v1/tickets", json=ticket("T5"))
    refused = desk.ask("agent", "POST", "/v1/tickets/T5/acts", json=body)
    assert refused.status_code == status, refused.text
    assert [error["field"] for error in refused.json().get("errors", [])] == ([field] if field else [])


def test_a_banker_may_not_act_on_tickets_and_another_branch_sees_none(desk: Counter) -> None:
    desk.ask("agent", "POST", "/v1/tickets", json=ticket("T5"))
    assert desk.ask("rm-a", "POST", "/v1/tickets/T5/acts", json={"act": "resolve"}).status_code == 403
    assert desk.ask("rm-b", "GET", "/v1/tickets/T5/clock").status_code == 404


def test_a_late_ticket_is_escalated_at_its_due_moment_and_passed_on_when_nobody_acts(desk: Counter) -> None:
    moment = now(desk).replace(microsecond=0)
    due = datetime.fromisoformat(filed(desk, "T6", opened_at=moment.isoformat(), severity="high")["due_at"])
    advance(desk, due - now(desk) + timedelta(minutes=5))
    late = clock(desk, "T6")
    assert (late["breached"], datetime.fromisoformat(late["escalated_at"])) == (True, due)
    shown = desk.ask("agent", "GET", "/v1/tickets/T6").json()
    assert (shown["breached"], datetime.fromisoformat(shown["escalated_at"])) == (True, due)
    (given,) = [line.split(" ")[1] for line in late["events"] if line.startswith("reassigned")]
    assert due <= datetime.fromisoformat(given) <= due + timedelta(minutes=5)
    trail = desk.ask("auditor", "GET", "/v1/audit?subject=tickets/T6&action=ticket.escalated").json()["items"]
    assert [one["who"] for one in trail] == ["clock"]


def test_a_second_sweep_finds_nothing_left_to_do(desk: Counter) -> None:
    advance(desk, timedelta(days=3))
    before = clock(desk, "T6")["events"]
    advance(desk, timedelta(seconds=1))
    assert clock(desk, "T6")["events"] == before


def test_status_and_severity_change_by_acts_only(desk: Counter) -> None:
    filed(desk, "T8")
    act(desk, "T8", "severity", severity="low")
    version = {"If-Match": f'"{desk.ask("agent", "GET", "/v1/tickets/T8").json()["version"]}"'}
    for field, value in (("status", "resolved"), ("severity", "high"), ("complaint", True)):
        patched = desk.ask("agent", "PATCH", "/v1/tickets/T8", json={field: value}, headers=version)
        assert patched.status_code == 422
    assert desk.ask("agent", "PATCH", "/v1/tickets/T8", json={"subject": "x"}, headers=version).status_code == 200
    changes = desk.ask("manager-a", "GET", "/v1/tickets/T8/history").json()["items"]
    severity = next(one for one in changes if one["field"] == "severity")
    restored = desk.ask("manager-a", "POST", f"/v1/tickets/T8/history/{severity['id']}/restore")
    assert restored.status_code == 409
    assert clock(desk, "T8")["severity"] == "low"


def test_the_promise_is_published_with_its_holidays(desk: Counter) -> None:
    promise = desk.ask("auditor", "GET", "/v1/policy").json()["sla"]
    assert (promise["hours"]["critical"], promise["opens"], promise["silence_hours"]) == (4, "09:00", 8)
    assert "2026-10-01" in promise["holidays"]
