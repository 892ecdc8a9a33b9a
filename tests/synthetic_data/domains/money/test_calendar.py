"""Days and hours on which people pay."""

from datetime import date

import numpy as np
import pytest

from synthetic_data.chance import Chance
from synthetic_data.days import of_date
from synthetic_data.domains.money.calendar import Calendar, month_of, months_before, payday
from synthetic_data.profile import load_profile

BEGINS, ENDS = of_date(date(2024, 7, 1)), of_date(date(2026, 6, 30))
N = 40_000


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar(load_profile("cn-digital-bank").money.calendar, BEGINS, ENDS)


def drawn(calendar: Calendar, where: str) -> np.ndarray:
    return calendar.days(Chance(1, 0, where), where, np.full(N, BEGINS), np.full(N, ENDS))


def near(days: np.ndarray, day: date, around: int = 1) -> float:
    return float((np.abs(days - of_date(day)) <= around).mean() / (2 * around + 1) * (ENDS - BEGINS + 1))


def test_singles_day_is_felt_online_and_not_in_shops(calendar: Calendar) -> None:
    assert near(drawn(calendar, "online"), date(2025, 11, 10)) > 1.5
    assert near(drawn(calendar, "shop"), date(2025, 11, 10)) < 1.3


def test_shops_fill_before_the_spring_festival_and_empty_in_it(calendar: Calendar) -> None:
    days = drawn(calendar, "shop")
    assert near(days, date(2026, 2, 10), 3) > 1.2
    assert near(days, date(2026, 2, 19)) < 0.8


def test_red_envelopes_are_sent_at_the_spring_festival(calendar: Calendar) -> None:
    assert near(drawn(calendar, "transfer"), date(2026, 2, 17)) > 3


def test_counters_are_nearly_closed_on_sundays(calendar: Calendar) -> None:
    assert ((drawn(calendar, "office") + 3) % 7 == 6).mean() < 0.03


def test_month_ends_are_busier(calendar: Calendar) -> None:
    day = drawn(calendar, "online").astype("M8[D]")
    left = ((day.astype("M8[M]") + 1).astype("M8[D]") - day).astype(int)
    assert (left <= 3).mean() > 3 / 30.4 * 1.1


def test_days_stay_between_their_bounds(calendar: Calendar) -> None:
    first = Chance(1, 0, "first").whole(BEGINS, ENDS, N)
    last = np.minimum(first + 3, ENDS)
    found = calendar.days(Chance(1, 0, "between"), "shop", first, last)
    assert ((found >= first) & (found <= last)).all()


def test_few_pay_in_shops_at_night_and_moments_come_back_to_their_days(calendar: Calendar) -> None:
    seconds = calendar.seconds(Chance(1, 0, "seconds"), "shop", N)
    assert ((seconds // 3600) < 5).mean() < 0.02
    assert ((seconds // 3600) == 12).mean() > 1.5 / 24
    days = drawn(calendar, "shop")
    assert np.array_equal(calendar.local_days(calendar.moments(days, seconds)), days)


def test_a_payday_is_the_last_working_day_by_its_date() -> None:
    months = np.arange(600, 680)
    for day in (5, 10, 15, 28, 31):
        found = payday(months, np.full(len(months), day))
        assert ((found + 3) % 7 < 5).all()
        assert np.array_equal(month_of(found), months)


@pytest.mark.parametrize(
    ("day", "months", "first"),
    [
        (date(2026, 6, 30), 24, date(2024, 7, 1)),
        (date(2026, 6, 15), 1, date(2026, 5, 16)),
        (date(2026, 3, 31), 1, date(2026, 3, 1)),
    ],
)
def test_a_window_of_whole_months_ends_with_its_day(day: date, months: int, first: date) -> None:
    assert months_before(day, months) == of_date(first)
