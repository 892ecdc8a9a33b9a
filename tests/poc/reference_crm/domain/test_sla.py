"""Sla: due times to the second, through pauses, other severities, reopening and silence."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poc.reference_crm.domain import sla
from poc.reference_crm.domain.calendar import bank_calendar
from poc.reference_crm.domain.sla import ActRefused, Event, Opened, Standing

CALENDAR, POLICY = bank_calendar(), sla.bank_policy()
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


MONDAY = at("03-02T10:00:00")


def ticket(severity: str = "critical", *, complaint: bool = False, status: str = "open") -> Opened:
    return Opened(opened_at=MONDAY, severity=severity, complaint=complaint, status=status)


def standing(one: Opened, now: datetime, *events: Event) -> Standing:
    return sla.standing(one, events, now, POLICY, CALENDAR)


@pytest.mark.parametrize(
    ("severity", "due"),
    [
        ("critical", "03-02T14:00:00"),
        ("high", "03-03T10:00:00"),
        ("normal", "03-05T10:00:00"),
        ("low", "03-09T10:00:00"),
    ],
)
def test_a_ticket_is_due_after_its_severitys_business_hours(severity: str, due: str) -> None:
    assert standing(ticket(severity), MONDAY).due_at == at(due)


def test_a_complaint_is_due_fifteen_calendar_days_later_at_closing_time() -> None:
    assert standing(ticket("low", complaint=True), MONDAY).due_at == at("03-17T17:00:00")


def test_neither_pause_nor_severity_nor_reopening_moves_a_complaint() -> None:
    events = (
        Event(at=at("03-02T11:00:00"), act="pause", detail="waiting-for-customer"),
        Event(at=at("03-04T11:00:00"), act="resume"),
        Event(at=at("03-04T12:00:00"), act="severity", detail="critical"),
        Event(at=at("03-04T13:00:00"), act="resolve"),
        Event(at=at("03-05T13:00:00"), act="reopen"),
    )
    assert standing(ticket(complaint=True), at("03-05T14:00:00"), *events).due_at == at("03-17T17:00:00")


def test_paused_time_does_not_count() -> None:
    pause = Event(at=at("03-02T11:00:00"), act="pause", detail="waiting-for-customer")
    resume = Event(at=at("03-04T16:00:00"), act="resume")
    state = standing(ticket(), at("03-04T16:30:00"), pause, resume)
    assert state.due_at == at("03-05T11:00:00")
    assert state.paused_seconds == 53 * 3600
    assert not state.breached


def test_a_pause_outside_business_hours_changes_nothing() -> None:
    pause = Event(at=at("03-02T18:00:00"), act="pause", detail="waiting-for-customer")
    resume = Event(at=at("03-03T08:00:00"), act="resume")
    assert standing(ticket("high"), at("03-03T08:00:00"), pause, resume).due_at == at("03-03T10:00:00")


def test_a_paused_ticket_is_not_late_however_long_it_waits() -> None:
    pause = Event(at=at("03-02T11:00:00"), act="pause", detail="waiting-for-third-party")
    state = standing(ticket(), at("04-02T11:00:00"), pause)
    assert (state.status, state.breached) == ("paused", False)


def test_a_ticket_that_was_late_before_its_pause_stays_late() -> None:
    pause = Event(at=at("03-02T15:00:00"), act="pause", detail="waiting-for-customer")
    assert standing(ticket(), at("03-02T16:00:00"), pause).breached


def test_another_severity_counts_from_the_opening() -> None:
    graver = Event(at=at("03-02T12:00:00"), act="severity", detail="high")
    assert standing(ticket("low"), at("03-02T12:00:00"), graver).due_at == at("03-03T10:00:00")


def test_a_reopened_ticket_gets_half_its_span_from_then_on() -> None:
    events = (
        Event(at=at("03-02T11:00:00"), act="pause", detail="waiting-for-customer"),
        Event(at=at("03-02T12:00:00"), act="resolve", detail="card reader"),
        Event(at=at("03-04T16:00:00"), act="reopen"),
    )
    state = standing(ticket(), at("03-04T16:00:00"), *events)
    assert (state.due_at, state.status, state.root_cause) == (at("03-05T10:00:00"), "open", "card reader")


def test_a_ticket_is_late_only_after_its_due_moment() -> None:
    due = at("03-02T14:00:00")
    assert not standing(ticket(), due).breached
    assert standing(ticket(), due + timedelta(seconds=1)).breached
    resolved = Event(at=due, act="resolve")
    assert not standing(ticket(), at("05-01T10:00:00"), resolved).breached


def test_a_breach_is_escalated_once_at_the_due_moment() -> None:
    later = at("03-02T14:30:00")
    escalation = Event(at=at("03-02T14:00:00"), act="escalated", detail="breach")
    assert list(sla.expected(ticket(), [], later, POLICY, CALENDAR)) == [escalation]
    assert list(sla.expected(ticket(), [escalation], later, POLICY, CALENDAR)) == []
    assert standing(ticket(), later, escalation).escalated_at == escalation.at


def test_a_ticket_that_comes_late_to_our_files_was_not_escalated_before() -> None:
    filed = Opened(opened_at=MONDAY, severity="critical", filed_at=at("03-05T12:00:00"))
    moves = list(sla.expected(filed, [], at("03-06T13:00:00"), POLICY, CALENDAR))
    assert {(event.act, event.at) for event in moves} == {
        ("escalated", at("03-05T12:00:00")), ("reassigned", at("03-06T12:00:00")),
    }  # fmt: skip


def test_a_resolved_ticket_is_neither_escalated_nor_passed_on() -> None:
    resolved = Event(at=at("03-02T11:00:00"), act="resolve")
    assert list(sla.expected(ticket(), [resolved], at("06-02T11:00:00"), POLICY, CALENDAR)) == []


def test_a_paused_complaint_is_still_escalated() -> None:
    pause = Event(at=at("03-02T11:00:00"), act="pause", detail="waiting-for-customer")
    moves = list(sla.expected(ticket(complaint=True), [pause], at("04-02T11:00:00"), POLICY, CALENDAR))
    assert moves == [Event(at=at("03-17T17:00:00"), act="escalated", detail="breach")]


def test_a_silent_ticket_goes_to_somebody_else_once() -> None:
    now = at("03-03T10:00:01")
    silence = Event(at=at("03-03T10:00:00"), act="reassigned", detail="silence")
    assert list(sla.expected(ticket("low"), [], now, POLICY, CALENDAR)) == [silence]
    assert list(sla.expected(ticket("low"), [silence], at("03-06T10:00:00"), POLICY, CALENDAR)) == []


def test_the_next_move_of_the_clock_is_known_beforehand() -> None:
    assert sla.next_move(ticket(), [], POLICY, CALENDAR) == at("03-02T14:00:00")
    assert sla.next_move(ticket(status="resolved"), [], POLICY, CALENDAR) is None


@pytest.mark.parametrize(
    ("status", "act", "detail", "field"),
    [
        ("paused", "pause", "waiting-for-customer", "status"),
        ("open", "pause", "lunch", "reason"),
        ("open", "resume", "", "status"),
        ("open", "reopen", "", "status"),
        ("open", "close", "", "status"),
        ("open", "severity", "dire", "severity"),
        ("resolved", "resolve", "", "status"),
        ("open", "shred", "", "act"),
    ],
)
def test_an_act_out_of_place_is_refused_and_named(status: str, act: str, detail: str, field: str) -> None:
    with pytest.raises(ActRefused) as refused:
        sla.act_on(ticket(status=status), [], Event(at=MONDAY, act=act, detail=detail), POLICY)
    assert refused.value.field == field


def test_the_policy_on_file_states_hours_and_pause_reasons() -> None:
    assert {name: span / timedelta(hours=1) for name, span in POLICY.spans.items()} == {
        "critical": 4, "high": 8, "normal": 24, "low": 40,
    }  # fmt: skip
    assert POLICY.pause_reasons == ("waiting-for-customer", "waiting-for-third-party")


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 3 * 3600), st.integers(0, 5 * 86_400))
def test_a_pause_inside_the_span_moves_the_due_time_by_its_business_time(worked: int, waited: int) -> None:
    began = MONDAY + timedelta(seconds=worked)
    ended = began + timedelta(seconds=waited)
    events = (Event(at=began, act="pause", detail="waiting-for-customer"), Event(at=ended, act="resume"))
    due = standing(ticket(), ended, *events).due_at
    assert CALENDAR.between(MONDAY, due) - CALENDAR.between(began, ended) == timedelta(hours=4)
