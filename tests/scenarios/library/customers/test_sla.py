"""Sla: business time by hand: nights, weekends, holidays, pauses, complaints; the reckoning agrees with itself."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.library.customers.sla import promise
from tests.scenarios.library.answering import at

RULE = promise()


@pytest.mark.parametrize(
    ("opened", "severity", "due"),
    [
        (at(10), "critical", at(14)),  # Wednesday 11 March 2026
        (at(15), "critical", at(11, day=12)),  # over night
        (at(15, day=13), "critical", at(11, day=16)),  # over the weekend
        (at(9), "high", at(17)),  # ends with the day
        (at(9), "normal", at(17, day=13)),  # three days
        (at(10), "low", at(10, day=18)),  # five days
        (at(18), "critical", at(13, day=12)),  # in the evening
        (at(8), "critical", at(13)),  # before opening
        (at(15, day=30, month=4), "critical", at(11, day=6, month=5)),  # Labour Day 1 to 5 May
        (at(15, day=13, month=2), "critical", at(11, day=24, month=2)),  # Spring Festival 15 to 23 February
        (at(15, day=30, month=9), "high", at(15, day=8, month=10)),  # National Day 1 to 7 October
        (at(15, day=18, month=9), "high", at(15, day=21, month=9)),  # Sunday 20 September is worked elsewhere
    ],
)
def test_due_times_by_hand(opened: datetime, severity: str, due: datetime) -> None:
    assert RULE.due(opened, severity) == due


def test_complaints_run_by_the_calendar() -> None:
    assert RULE.complaint_due(at(10)) == at(17, day=26)
    assert RULE.complaint_due(datetime(2026, 3, 11, 17, tzinfo=UTC)) == at(17, day=27)  # past midnight in Shanghai


def test_a_pause_stands_still() -> None:
    assert RULE.due_after_pause(at(10), "high", at(11), at(12)) == at(11, day=12)
    assert RULE.due_after_pause(at(10), "high", at(16), at(9, day=13)) == at(11, day=13)


MOMENTS = st.integers(0, 330 * 86_400).map(lambda s: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=s))


@settings(max_examples=60, deadline=None)
@given(MOMENTS, st.sampled_from(sorted(RULE.spans)))
def test_between_opening_and_due_time_lies_exactly_the_span(opened: datetime, severity: str) -> None:
    due = RULE.due(opened, severity)
    assert RULE.worked(opened, due) == RULE.spans[severity]
    assert RULE.worked(opened, due - timedelta(seconds=1)) == RULE.spans[severity] - timedelta(seconds=1)


@settings(max_examples=40, deadline=None)
@given(MOMENTS, st.integers(0, 3600), st.integers(0, 500_000))
def test_a_pause_never_makes_a_ticket_due_earlier(opened: datetime, run: int, pause: int) -> None:
    paused = opened + timedelta(seconds=run)
    resumed = paused + timedelta(seconds=pause)
    due = RULE.due_after_pause(opened, "high", paused, resumed)
    assert due >= RULE.due(opened, "high")
    assert due >= resumed


def test_plain_days_are_working_days_far_from_holidays() -> None:
    assert RULE.next_plain_days(at(12, day=30, month=4), 2) == date(2026, 5, 6)
    assert RULE.next_plain_days(at(12, day=29, month=12), 2) == date(2026, 12, 30)
    unknown_year = RULE.next_plain_days(datetime(2028, 1, 20, tzinfo=UTC), 2)
    assert unknown_year.month == 3  # the Spring Festival of a year not on file is not bet upon


def test_holidays_on_working_days_are_seen_between_two_moments() -> None:
    assert RULE.crosses_holiday(at(15, day=30, month=4), at(11, day=6, month=5))
    assert not RULE.crosses_holiday(at(15, day=13), at(11, day=16))
