"""Calendar: business time is exact over nights, weekends and public holidays."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poc.reference_crm.domain.calendar import WorkCalendar, bank_calendar, next_allowed

CALENDAR = bank_calendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")

moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 30), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.timedeltas(timedelta(seconds=1), timedelta(hours=60))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-02T10:00:00", 4, "2026-03-02T14:00:00"),  # inside one Monday
        ("2026-03-02T15:30:15", 4, "2026-03-03T11:30:15"),  # over a night, to the second
        ("2026-03-06T16:00:00", 8, "2026-03-09T16:00:00"),  # over a weekend
        ("2026-03-07T03:00:00", 4, "2026-03-09T13:00:00"),  # opened on a Saturday
        ("2026-03-02T08:00:00", 8, "2026-03-02T17:00:00"),  # a whole day ends when the desk closes
        ("2026-02-13T16:00:00", 4, "2026-02-24T12:00:00"),  # over Spring Festival 2026
        ("2026-09-30T16:00:00", 24, "2026-10-12T16:00:00"),  # over National Day; the made-up Saturday is no work
    ],
)
def test_business_time_is_added_to_the_second(start: str, hours: int, end: str) -> None:
    assert CALENDAR.after(local(start), timedelta(hours=hours)) == local(end)


def test_the_years_holidays_are_those_of_the_notice() -> None:
    days = sorted(day for day in CALENDAR.holidays if day.year == 2026)
    assert len(days) == 3 + 9 + 3 + 5 + 3 + 3 + 7
    assert date(2026, 2, 23) in days
    assert date(2026, 2, 24) not in days


@settings(max_examples=60, deadline=None)
@given(moments, spans)
def test_time_added_is_the_time_between(start: datetime, span: timedelta) -> None:
    assert CALENDAR.between(start, CALENDAR.after(start, span)) == span


@settings(max_examples=60, deadline=None)
@given(moments, spans, spans)
def test_two_spans_are_as_long_as_their_sum(start: datetime, first: timedelta, second: timedelta) -> None:
    assert CALENDAR.after(CALENDAR.after(start, first), second) == CALENDAR.after(start, first + second)


@settings(max_examples=60, deadline=None)
@given(moments, spans)
def test_work_ends_while_the_desk_is_open(start: datetime, span: timedelta) -> None:
    end = CALENDAR.after(start, span)
    opening, closing = CALENDAR.hours(CALENDAR.day_of(end))
    assert CALENDAR.is_working(CALENDAR.day_of(end))
    assert opening < end <= closing


def test_no_time_at_all_ends_at_once() -> None:
    midnight = local("2026-03-02T00:00:00")
    assert CALENDAR.after(midnight, timedelta(0)) == midnight


def test_nothing_lies_between_a_moment_and_an_earlier_one() -> None:
    assert CALENDAR.between(local("2026-03-03T12:00:00"), local("2026-03-02T12:00:00")) == timedelta(0)


@pytest.mark.parametrize(
    ("moment", "skip", "moved"),
    [
        ("2026-03-07T10:00:00", {"weekend"}, "2026-03-09T10:00:00"),
        ("2026-03-07T10:00:00", {"holiday"}, "2026-03-07T10:00:00"),
        ("2026-05-01T10:00:00", {"holiday"}, "2026-05-06T10:00:00"),
        ("2026-05-01T10:00:00", {"weekend"}, "2026-05-01T10:00:00"),
        ("2026-02-14T23:30:00", {"weekend", "holiday"}, "2026-02-24T23:30:00"),
        ("2026-03-07T10:00:00", set(), "2026-03-07T10:00:00"),
    ],
)
def test_days_to_skip_move_to_the_same_time_of_the_next_allowed_day(moment: str, skip: set[str], moved: str) -> None:
    assert next_allowed(CALENDAR, local(moment), frozenset(skip)) == local(moved)


def test_a_bank_elsewhere_keeps_its_own_hours() -> None:
    frankfurt = WorkCalendar(holidays=frozenset(), zone=ZoneInfo("Europe/Berlin"))
    friday_before_summer_time = datetime(2026, 3, 27, 15, tzinfo=UTC)
    assert frankfurt.after(friday_before_summer_time, timedelta(hours=2)) == datetime(2026, 3, 30, 8, tzinfo=UTC)
