"""Calendar: which hours the bank's service desk works, and how business time is added up."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
SATURDAY = 5
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """Opening hours in the bank's own zone, Monday to Friday, except holidays. Moments go in and come out UTC-aware."""

    holidays: frozenset[date]
    opens: time = time(9)
    closes: time = time(17)
    zone: ZoneInfo = SHANGHAI

    def day_of(self, moment: datetime) -> date:
        """Return the bank's calendar day on which a moment falls."""
        return moment.astimezone(self.zone).date()

    def is_working(self, day: date) -> bool:
        """Whether the desk opens on a day."""
        return not is_weekend(day) and day not in self.holidays

    def hours(self, day: date) -> tuple[datetime, datetime]:
        """Return when the desk opens and closes on a day, UTC; whether it opens at all is not asked here."""
        opening = datetime.combine(day, self.opens, self.zone).astimezone(UTC)
        return opening, datetime.combine(day, self.closes, self.zone).astimezone(UTC)

    def at(self, day: date, moment: time) -> datetime:
        """Return a local time of day as a moment, UTC."""
        return datetime.combine(day, moment, self.zone).astimezone(UTC)

    def stretches(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the desk's open stretches from a moment on, the first one cut at that moment."""
        day = self.day_of(start)
        while True:
            if self.is_working(day):
                opening, closing = self.hours(day)
                if closing > start:
                    yield max(opening, start), closing
            day += ONE_DAY

    def after(self, start: datetime, span: timedelta) -> datetime:
        """Return the first moment at which ``span`` of business time has passed since ``start``.

        A span that ends with the day ends at closing time, not at the next opening.
        """
        left = span
        if left <= timedelta(0):
            return start
        for opening, closing in self.stretches(start):
            if closing - opening >= left:
                return opening + left
            left -= closing - opening
        raise AssertionError("a calendar has no last day")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much business time lies between two moments; nothing if ``end`` is not after ``start``."""
        total = timedelta(0)
        for opening, closing in self.stretches(start):
            if opening >= end:
                break
            total += min(closing, end) - opening
        return total


def is_weekend(day: date) -> bool:
    """Whether a day is a Saturday or Sunday; made-up working weekends do not count as work (see holidays.toml)."""
    return day.weekday() >= SATURDAY


def next_allowed(calendar: WorkCalendar, moment: datetime, skip: frozenset[str]) -> datetime:
    """Return ``moment``, or the same time of day on the next day that is none of the days to skip.

    ``skip`` may name ``weekend`` and ``holiday``.
    """
    local = moment.astimezone(calendar.zone)
    while is_skipped(calendar, local.date(), skip):
        local += ONE_DAY
    return local.astimezone(UTC)


def is_skipped(calendar: WorkCalendar, day: date, skip: frozenset[str]) -> bool:
    """Whether a day is one of those to leave out."""
    return ("weekend" in skip and is_weekend(day)) or ("holiday" in skip and day in calendar.holidays)


def holidays_in(published: Mapping[str, object]) -> frozenset[date]:
    """Return every day of the published holiday stretches, by year; first and last day included."""
    days: set[date] = set()
    for year in published.values():
        assert isinstance(year, dict)
        for first, last in year["days"]:
            day, end = date.fromisoformat(first), date.fromisoformat(last)
            while day <= end:
                days.add(day)
                day += ONE_DAY
    return frozenset(days)


@cache
def bank_calendar() -> WorkCalendar:
    """Return the bank's hours (section ``sla`` of policy.toml) with the public holidays of mainland China on file."""
    room = files("poc.reference_crm")
    hours = tomllib.loads(room.joinpath("policy.toml").read_text("utf-8"))["sla"]
    published = tomllib.loads(room.joinpath("domain", "holidays.toml").read_text("utf-8"))
    return WorkCalendar(
        holidays=holidays_in(published),
        opens=time.fromisoformat(hours["opens"]),
        closes=time.fromisoformat(hours["closes"]),
        zone=ZoneInfo(hours["timezone"]),
    )
