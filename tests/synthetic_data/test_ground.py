"""What stands before the first customer."""

from datetime import date, timedelta
from itertools import pairwise

from synthetic_data.ground import lay_ground, number, years_before
from synthetic_data.profile import load_profile

PROFILE = load_profile("cn-digital-bank")


def test_the_ground_is_the_same_for_the_same_seed() -> None:
    assert lay_ground(7, PROFILE) == lay_ground(7, PROFILE)


def test_bankers_stand_in_their_branches_and_agents_answer_for_all() -> None:
    ground = lay_ground(7, PROFILE)
    assert ground.bankers.keys() == {b.number for b in ground.branches}
    assert all(len(bankers) == PROFILE.staff.rm.value for bankers in ground.bankers.values())
    assert len(ground.agents) == PROFILE.staff.agent.value


def test_there_is_a_campaign_in_each_month_of_the_year_before() -> None:
    ground = lay_ground(7, PROFILE)
    assert ground.year_began == date(2025, 7, 1)
    assert len(ground.campaigns) == 12
    assert all(ground.year_began <= c.starts < c.ends <= ground.as_of for c in ground.campaigns)
    assert all(b.starts - a.starts == timedelta(days=30) for a, b in pairwise(ground.campaigns))


def test_years_are_counted_over_leap_days() -> None:
    assert years_before(date(2024, 2, 29), 1) == date(2023, 2, 28)
    assert years_before(date(2024, 2, 29), -4) == date(2028, 2, 29)


def test_numbers_tell_customer_and_order() -> None:
    assert number("C", 0) == "C00000001"
    assert number("AC", 41, 2) == "AC0000004203"
