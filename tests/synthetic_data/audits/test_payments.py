"""Payments are counted in local time, by day, hour, digit and burst."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from synthetic_data.audits.audit import count
from synthetic_data.audits.payments import digits, distance
from tests.synthetic_data.audits.village import CLOCK, found, payments, village

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)  # a Monday, noon in Beijing


def test_what_is_paid_is_split_by_way_and_means() -> None:
    rows = payments(
        ("C1", NOON, "purchase", "app", -30.0),
        ("C1", NOON, "purchase", "pos", -10.0),
        ("C2", NOON, "transfer_out", "web", -500.0),
        ("C2", NOON, "bill", "app", -60.0),
        ("C2", NOON, "cash_out", "atm", -100.0),
        ("C4", NOON, "purchase", "pos", -9.0),
        ("C1", NOON - timedelta(days=400), "purchase", "pos", -9.0),
    )
    seen = found(count(village(transactions=rows), CLOCK))
    assert seen["payments_each"] == pytest.approx(5 / 3)
    assert (seen["purchase_mean"], seen["purchase_online"], seen["transfer_mean"]) == (20, 0.5, 500)
    mix = [seen[f"mix_{means}"] for means in ("card", "transfer", "debit", "cash")]
    assert mix == pytest.approx([0.4, 0.2, 0.2, 0.2])
    assert seen["mobile_share"] == pytest.approx(2 / 3)


def test_weekday_and_hour_are_those_of_the_customers() -> None:
    late = NOON + timedelta(hours=10)  # ten in the evening in Beijing, still afternoon in UTC
    saturday = NOON + timedelta(days=5)
    rows = payments(*(("C1", at, "purchase", "pos", -5.0) for at in (NOON, late, saturday, saturday)))
    seen = found(count(village(transactions=rows), CLOCK))
    assert seen["evening"] == 0.25
    assert seen["weekend"] == pytest.approx((2 / 2) / (2 / 5))


def test_the_end_of_the_month_and_the_eleventh_of_november_stand_out() -> None:
    sale = datetime(2025, 11, 11, 4, tzinfo=UTC)
    days = [sale, sale, sale] + [sale - timedelta(days=back) for back in range(1, 11)]
    rows = payments(*(("C1", at, "purchase", "app", -5.0) for at in days))
    seen = found(count(village(transactions=rows), CLOCK))
    assert seen["eleventh"] == pytest.approx(3)
    assert seen["month_end"] == 0
    last = payments(("C1", datetime(2026, 2, 27, 4, tzinfo=UTC), "purchase", "pos", -5.0))
    assert found(count(village(transactions=last), CLOCK))["month_end"] == pytest.approx(365 / 36)


def test_salaries_are_paid_on_workdays() -> None:
    rows = payments(
        ("C1", NOON, "salary", "system", 8000.0), ("C1", NOON + timedelta(days=5), "salary", "system", 8000.0)
    )
    seen = found(count(village(transactions=rows), CLOCK))
    assert (seen["salary_workday"], seen["salaried"], seen["salary_peak"]) == (0.5, pytest.approx(1 / 3), 0.5)


def test_a_clock_is_no_burst_and_chance_is_in_between() -> None:
    regular = [NOON + timedelta(hours=n) for n in range(40)]
    chance = np.random.default_rng(1)
    gaps = np.cumsum(chance.exponential(10, 3_000))
    random = [NOON - timedelta(days=200) + timedelta(minutes=float(gap) * 6) for gap in gaps]

    def burstiness(moments: list[datetime]) -> float | None:
        rows = payments(*(("C1", at, "purchase", "pos", -5.0) for at in moments))
        return found(count(village(transactions=rows), CLOCK))["burstiness"]

    assert burstiness(regular) == pytest.approx(-1)
    assert burstiness(random) == pytest.approx(0, abs=0.05)
    assert burstiness(regular[:10]) is None, "a few events say nothing"


def test_first_digits_are_read_from_any_size() -> None:
    amounts = np.array([0.01, 0.1, 1, 9.99, 10, 99, 123456.78, 2.0, 0.02])
    assert digits(amounts).tolist() == [5, 2, 0, 0, 0, 0, 0, 0, 2]


def test_fibonacci_numbers_keep_to_benford_and_a_die_does_not() -> None:
    """The classic example (Brown and Duncan, Fibonacci Quarterly 8, 1970); Nigrini's close conformity is 0.006."""
    numbers = [1.0, 2.0]
    while len(numbers) < 1_000:
        numbers.append(numbers[-1] + numbers[-2])
    close, far = distance(digits(np.array(numbers[:300]))), distance(digits(np.arange(1.0, 10)))
    assert close is not None
    assert close < 0.006
    assert far == pytest.approx(np.abs(1 / 9 - np.log10(1 + 1 / np.arange(1, 10))).mean())
    assert distance(np.zeros(9)) is None
