"""Seats for a thousand customers, every hundred filled alike."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic_data.columns import CELL
from synthetic_data.profile import ProfileError, load_profile
from synthetic_data.seats import ACTIVE, DEFECTS, FAMILIES, HUNDRED, MAKES, PARTS, PLAIN, STATES, seats

PROFILE = load_profile("cn-digital-bank")
HUNDREDS = np.arange(CELL) // HUNDRED


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**40), st.integers(0, 99_999))
def test_every_hundred_shows_each_make_and_points_only_backwards(seed: int, cell: int) -> None:
    sat = seats(seed, PROFILE, cell)
    for hundred in range(CELL // HUNDRED):
        assert set(sat.family[hundred == HUNDREDS]) == {-1, *range(len(FAMILIES))}
    for links in (sat.first, sat.second, sat.last, sat.copies, sat.owns_part_of, sat.company_owner):
        tied = np.flatnonzero(links >= 0)
        assert (links[tied] < tied).all()
        assert (HUNDREDS[links[tied]] == HUNDREDS[tied]).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**40))
def test_eight_of_a_hundred_are_second_files_of_eight_different_plain_people(seed: int) -> None:
    sat = seats(seed, PROFILE, 0)
    copied = sat.copies[sat.copies >= 0]
    assert len(copied) == len(set(copied)) == 80
    assert set(sat.part[copied]) <= {PARTS.index(part) for part in PLAIN}
    assert (sat.state[copied] == ACTIVE).all()
    assert np.bincount(sat.defect[sat.copies >= 0]).tolist() == [10] * len(DEFECTS)
    assert (sat.english[sat.copies >= 0] == sat.english[copied]).all()


def test_the_parts_of_a_family_join_in_their_order() -> None:
    sat = seats(7, PROFILE, 3)
    for place in np.flatnonzero(sat.first >= 0):
        assert PARTS[sat.part[place]] == MAKES[FAMILIES[sat.family[place]]][sat.rank[place]]
        assert sat.rank[sat.last[place]] == sat.rank[place] - 1
        assert sat.rank[sat.first[place]] == 0
        assert sat.family[sat.first[place]] == sat.family[place]


def test_states_are_planted_in_every_hundred() -> None:
    sat = seats(7, PROFILE, 3)
    for hundred in range(CELL // HUNDRED):
        many = np.bincount(sat.state[hundred == HUNDREDS], minlength=len(STATES))
        assert many.tolist() == [84, 5, 1, 5, 5]


def test_founders_and_owners_are_able_and_own_companies_that_exist() -> None:
    sat = seats(7, PROFILE, 3)
    assert sat.founds.sum() == 50
    for owned in (sat.owns_part_of, sat.company_owner):
        assert sat.founds[owned[owned >= 0]].all()
    assert not (sat.founds & (sat.owns_part_of >= 0)).any()
    assert sat.founds[sat.company_owner >= 0].all()


def test_more_families_than_customers_are_refused() -> None:
    crowd = PROFILE.families.couple.model_copy(update={"value": 60})
    crowded = PROFILE.model_copy(update={"families": PROFILE.families.model_copy(update={"couple": crowd})})
    with pytest.raises(ProfileError, match="take 175 of 100 customers"):
        seats(7, crowded, 0)
