"""Reminders: too often, too late, at the wrong people or on the wrong day fails; the calendar is reckoned by hand."""

from datetime import date, datetime, timedelta

import pytest

from scenarios.answers import Fired
from scenarios.library.customers.sla import promise
from scenarios.library.intelligence import reminders as r
from scenarios.verdict import NotTestable
from tests.scenarios.library.answering import at

FRIDAY = at(10, day=13)
RULE = promise()
WAITS = {recipe.name: timedelta(seconds=recipe.wait_seconds) for recipe in r.RECIPES} | {"papers-missing": 3 * r.DAY}


def fired(*moments: datetime) -> tuple[Fired, ...]:
    return tuple(Fired(recipe="1", customer="C", action="remind", at=moment) for moment in moments)


def week(**other: tuple[datetime, ...]) -> r.Week:
    """A good week; ``event__who`` gives the moments at which something else was done."""
    started = tuple(r.Started(event, who, FRIDAY, FRIDAY) for event, who in r.BEGINNING)
    quiet = {("birthday", r.SILENT), ("offer-viewed", r.CROSS)}
    done = {(event, who): fired(FRIDAY + WAITS[event]) for event, who in r.BEGINNING if (event, who) not in quiet}
    done["lead-taken", r.PATIENT] = fired(*(FRIDAY + i * r.DAY for i in (1, 2, 3)))
    for name, moments in other.items():
        event, who = name.split("__")
        done[event.replace("_", "-"), int(who)] = fired(*moments)
    return r.Week(started, done)


CHECKS = {check.name: check.judge for check in r.a_week_goes_by.checks}


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_good_week_passes(name: str) -> None:
    assert CHECKS[name](week()).passed


LATE = FRIDAY + 5 * r.DAY


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("a_maturity_starts_a_reminder", {"deposit_matures__0": ()}),
        ("a_maturity_starts_a_reminder", {"deposit_matures__0": (FRIDAY,)}),
        ("a_large_inflow_starts_a_task", {"large_inflow__1": (LATE,)}),
        ("a_birthday_starts_a_greeting", {"birthday__2": ()}),
        ("a_birthday_starts_a_greeting", {"birthday__3": (FRIDAY + r.HOUR,)}),
        ("a_complaint_stops_marketing", {"offer_viewed__4": (FRIDAY + r.DAY,)}),
        ("a_complaint_stops_marketing", {"offer_viewed__5": ()}),
        ("no_answer_starts_a_follow_up", {"message_sent__6": ()}),
        ("a_reply_stops_the_sequence", {"lead_taken__7": (FRIDAY + r.DAY, FRIDAY + 2 * r.DAY)}),
        ("a_reply_stops_the_sequence", {"lead_taken__8": (FRIDAY + r.DAY,)}),
        ("weekends_are_skipped", {"papers_missing__9": (FRIDAY + r.DAY,)}),
        ("a_trigger_fires_once", {"card_blocked__0": (FRIDAY + 6 * r.HOUR, FRIDAY + 6 * r.HOUR)}),
        ("timers_are_on_time", {"large_inflow__1": (FRIDAY + 17 * r.MINUTE,)}),
        ("timers_are_on_time", {"large_inflow__1": ()}),
    ],
)
def test_a_bad_week_fails(name: str, bad: dict[str, tuple[datetime, ...]]) -> None:
    assert not CHECKS[name](week(**bad)).passed


def test_the_minute_that_a_timer_may_be_off_counts_from_what_the_calls_took() -> None:
    assert r.outside(at(10), at(10), at(11)) == 0
    assert r.outside(at(9), at(10), at(11)) == 3600
    assert r.outside(at(12), at(10), at(11)) == 3600


@pytest.mark.parametrize(
    ("moment", "passed"), [(at(11, day=16), True), (at(11, day=13), False), (at(11, day=16) + 2 * r.MINUTE, False)]
)
def test_a_reminder_on_a_holiday_waits_for_the_next_working_day(moment: datetime, passed: bool) -> None:
    due = at(11, day=16)
    assert r.holidays_are_skipped_by_reminders(r.Holiday(date(2026, 3, 13), due, due, fired(moment))).passed is passed
    assert not r.holidays_are_skipped_by_reminders(r.Holiday(date(2026, 3, 13), due, due, ())).passed


def test_fridays_mondays_and_holidays_by_hand() -> None:
    assert r.friday_before_plain_monday(RULE, at(12)) == date(2026, 3, 13)
    assert r.friday_before_plain_monday(RULE, at(12, day=20, month=4)) == date(2026, 5, 8)  # not before Labour Day
    assert r.next_holiday(RULE, at(12, day=20, month=4)) == date(2026, 5, 1)
    assert r.next_working_day(RULE, date(2026, 5, 1)) == date(2026, 5, 6)
    assert r.next_holiday(RULE, at(12, day=23, month=11)) == date(2027, 1, 1)


def test_without_a_holiday_on_file_nothing_can_be_tested() -> None:
    with pytest.raises(NotTestable, match="no public holiday"):
        r.next_holiday(RULE, at(12).replace(year=2031))


def test_ten_things_happen_and_everybody_in_them_is_known() -> None:
    assert len({event for event, _ in r.BEGINNING}) == len(r.RECIPES)
    assert {who for _, who in r.BEGINNING} == set(range(10))
