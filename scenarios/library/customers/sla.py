"""Sla: the bank's service promise, read from data and reckoned by ourselves to judge a target's due times."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

DAY, NONE = timedelta(days=1), timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Within how much business time a ticket is answered. Moments go in and come out UTC-aware."""

    zone: ZoneInfo
    opens: time
    closes: time
    spans: Mapping[str, timedelta]
    complaint_days: int
    reopened_share: float
    silence: timedelta
    pause_reason: str
    holidays: frozenset[date]

    def works_on(self, day: date) -> bool:
        """Whether the desk is open on a day."""
        return day.weekday() < 5 and day not in self.holidays

    def local(self, moment: datetime) -> datetime:
        """Return a moment on the bank's clock."""
        return moment.astimezone(self.zone)

    def at(self, day: date, hour: time) -> datetime:
        """Return an hour of the bank's clock as a moment, UTC."""
        return datetime.combine(day, hour, self.zone).astimezone(UTC)

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Return the business time between two moments."""
        day, last, total = self.local(start).date(), self.local(end).date(), NONE
        while day <= last:
            if self.works_on(day):
                total += max(NONE, min(end, self.at(day, self.closes)) - max(start, self.at(day, self.opens)))
            day += DAY
        return total

    def after(self, start: datetime, span: timedelta) -> datetime:
        """Return when a span of business time that began at ``start`` is used up."""
        day, left = self.local(start).date(), span
        while True:
            if self.works_on(day):
                began, ends = max(start, self.at(day, self.opens)), self.at(day, self.closes)
                if ends - began >= left:
                    return began + left
                left -= max(NONE, ends - began)
            day += DAY

    def due(self, opened: datetime, severity: str, *, share: float = 1.0) -> datetime:
        """Return when a ticket of a severity that runs from ``opened`` is due."""
        return self.after(opened, self.spans[severity] * share)

    def due_after_pause(self, opened: datetime, severity: str, paused: datetime, resumed: datetime) -> datetime:
        """Return when a ticket is due whose clock stood still between two moments."""
        return self.after(resumed, self.spans[severity] - self.worked(opened, paused))

    def complaint_due(self, opened: datetime) -> datetime:
        """Return when a complaint is due: so many calendar days later, at closing time."""
        return self.at(self.local(opened).date() + self.complaint_days * DAY, self.closes)

    def crosses_holiday(self, start: datetime, end: datetime) -> bool:
        """Whether a public holiday that is no Saturday or Sunday lies between two moments."""
        first, last = self.local(start).date(), self.local(end).date()
        return any(first <= day <= last and day.weekday() < 5 for day in self.holidays)

    def next_plain_days(self, moment: datetime, count: int) -> date:
        """Return the first of ``count`` working days in a row, after ``moment`` and in one week, far from holidays.

        Years whose holidays are not on file yet are served by keeping away from the usual dates (festival months).
        """
        day = self.local(moment).date() + DAY
        while not all(self._is_plain(day + i * DAY) for i in range(count)):
            day += DAY
        return day

    def _is_plain(self, day: date) -> bool:
        unsure = sum(known.year == day.year for known in self.holidays) < _FULL_YEAR
        festive = (day.month, day.day) in _FESTIVE or day.month in (1, 2) or (day.month == 10 and day.day <= 8)
        return self.works_on(day) and not (unsure and festive)


#: A year with fewer holidays on file than this has only those that are fixed by date.
_FULL_YEAR = 20

#: Days around which mainland China's moveable holidays fall, for years that the file does not hold yet.
_FESTIVE = frozenset({(month, day) for month, days in ((4, (3, 4, 5, 6)), (5, (1, 2, 3, 4, 5))) for day in days})


@cache
def promise() -> Promise:
    """Return the bank's promise as it stands in ``sla.toml`` beside this file."""
    told = tomllib.loads(files("scenarios.library.customers").joinpath("sla.toml").read_text("utf-8"))
    days = {day for year in told["holidays"].values() for first, last in year for day in _between(first, last)}
    return Promise(
        zone=ZoneInfo(told["zone"]),
        opens=time.fromisoformat(told["opens"]),
        closes=time.fromisoformat(told["closes"]),
        spans={grade: timedelta(hours=hours) for grade, hours in told["hours"].items()},
        complaint_days=told["complaint_days"],
        reopened_share=told["reopened_share"],
        silence=timedelta(hours=told["silence_hours"]),
        pause_reason=told["pause_reason"],
        holidays=frozenset(days),
    )


def _between(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + i * DAY for i in range((end - start).days + 1)]
