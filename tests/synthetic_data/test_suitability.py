"""The rules of suitability, on and beside their edges."""

from dataclasses import replace

import numpy as np
import pytest

from synthetic_data.profile import load_profile
from synthetic_data.suitability import LEVELS, NOT_COUNTED, NOT_TAKEN, RATINGS, Asked, counted, judged

RULES = load_profile("cn-digital-bank").lives.suitability
DAY = 86_400


def reasons(*at: int) -> list[str]:
    return [NOT_COUNTED[code] for code in counted(RULES, np.zeros(len(at), dtype=np.int64), np.array(at))]


def order(**other: object) -> Asked:
    plain: dict[str, object] = {
        "customer": True, "level": 3, "rating": 3, "professional": False, "professionals_only": False, "age": 40,
        "branch": False, "acknowledged": True, "recorded": True, "amount": 100, "assets": 1000,
    }  # fmt: skip
    return Asked(**{name: np.array([value]) for name, value in (plain | other).items()})  # type: ignore[arg-type]


def verdict(**other: object) -> str:
    return NOT_TAKEN[judged(RULES, order(**other))[0]]


def test_the_third_assessment_of_a_day_does_not_count() -> None:
    assert reasons(10, 20, 30) == ["none", "none", "third_of_the_day"]
    assert reasons(10, 20, DAY + 10) == ["none", "none", "none"]


def test_the_ninth_assessment_in_twelve_months_does_not_count() -> None:
    monthly = [30 * DAY * nth for nth in range(9)]
    assert reasons(*monthly) == ["none"] * 8 + ["ninth_in_twelve_months"]


def test_twelve_months_end_on_the_same_day_of_the_next_year() -> None:
    """Days are counted from 1970: the 366th day is 1971-01-01 + 1, a year and a day after the first."""
    eight = [DAY * nth for nth in range(8)]
    assert reasons(*eight, 364 * DAY)[-1] == "ninth_in_twelve_months"
    assert reasons(*eight, 365 * DAY)[-1] == "none"


def test_what_does_not_count_fills_no_cap() -> None:
    """Three on the first day are two; six more in the year make eight, all of which count."""
    attempts = [10, 20, 30, *(30 * DAY * nth for nth in range(1, 8))]
    assert reasons(*attempts) == ["none", "none", "third_of_the_day", *["none"] * 6, "ninth_in_twelve_months"]


def test_owners_do_not_share_their_caps() -> None:
    owner = np.array([0, 0, 1, 1, 1])
    assert counted(RULES, owner, np.array([1, 2, 1, 2, 3])).tolist() == [0, 0, 0, 0, 1]


@pytest.mark.parametrize("level", range(1, 6))
@pytest.mark.parametrize("rating", range(1, 6))
def test_nobody_buys_above_their_level(level: int, rating: int) -> None:
    expected = "none" if rating <= level else "above_level"
    assert verdict(level=level, rating=rating) == expected, f"{LEVELS[level]} {RATINGS[rating]}"


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({"customer": False}, "not_a_customer"),
        ({"level": 0, "rating": 1}, "no_valid_assessment"),
        ({"level": 0, "rating": 5, "professional": True, "acknowledged": False}, "none"),
        ({"level": 5, "rating": 5, "professionals_only": True}, "professionals_only"),
        ({"level": 5, "rating": 5, "professionals_only": True, "professional": True}, "none"),
        ({"age": 65, "acknowledged": False}, "elder_unwarned"),
        ({"age": 65, "recorded": False}, "elder_unrecorded"),
        ({"age": 64, "acknowledged": False, "recorded": False}, "none"),
        ({"age": 80, "rating": 2, "acknowledged": False}, "none"),
        ({"level": 4, "rating": 4, "acknowledged": False}, "unwarned"),
        ({"branch": True, "recorded": False}, "unrecorded"),
        ({"level": 4, "rating": 4, "amount": 500}, "none"),
        ({"level": 4, "rating": 4, "amount": 501}, "too_concentrated"),
        ({"amount": 1000}, "none"),
    ],
)
def test_each_edge_has_its_reason(case: dict[str, object], expected: str) -> None:
    assert verdict(**case) == expected


def test_orders_are_judged_one_by_one() -> None:
    both = order()
    twice = replace(both, **{name: np.repeat(getattr(both, name), 2) for name in both.__slots__})
    assert judged(RULES, twice).tolist() == [0, 0]
