"""Age, gender and names are those of who is a customer today."""

from datetime import date

import pytest

from synthetic_data.audits.audit import count
from tests.synthetic_data.audits.village import CLOCK, found, village


def test_who_has_left_is_not_counted() -> None:
    seen = found(count(village(), CLOCK))
    assert seen["male"] == pytest.approx(2 / 3)
    assert seen["age_0_14"] == pytest.approx(1 / 3)
    assert (seen["age_15_59"], seen["age_60_up"]) == (0.5, 0.5)
    assert seen["age_mean"] == pytest.approx((40 + 62 + 10) / 3)
    assert seen["age_median"] == 40
    assert seen["dormant"] == 0.25


def test_surnames_are_the_first_character_or_the_last_word() -> None:
    assert count(village(), CLOCK).words["surname"] == {"王": 2, "Smith": 1}


def test_who_left_within_a_year_churned() -> None:
    seen = found(count(village(), CLOCK))
    assert seen["churn_year"] == pytest.approx(1 / 3)
    assert seen["new_year"] == pytest.approx(1 / 3)


def test_households_count_families_as_they_are_today() -> None:
    households = {"number": ["H1", "H2"], "kind": ["family", "trust"]}
    memberships = {
        "household": ["H1", "H1", "H1", "H2"],
        "since": [date(2010, 1, 1)] * 4,
        "until": [None, None, date(2020, 1, 1), None],
    }
    seen = found(count(village(households=households, memberships=memberships), CLOCK))
    assert (seen["household_size"], seen["household_of_two"]) == (2, 1)


def test_companies_are_counted_by_size_and_owner() -> None:
    companies = {"size": ["micro", "large"]}
    relations = {"role": ["owner", "owner", "owner", "spouse"], "until": [None, None, date(2020, 1, 1), None]}
    seen = found(count(village(companies=companies, relations=relations), CLOCK))
    assert (seen["company_not_large"], seen["company_owners"]) == (0.5, 1)
