"""Plans for a hundred customers at a time."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic_data.plan import MAKES, PLAIN, SIZE, plan
from synthetic_data.profile import ProfileError, load_profile

PROFILE = load_profile("cn-digital-bank")


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 5000))
def test_every_hundred_shows_each_make_and_points_only_backwards(seed: int, block: int) -> None:
    places = plan(seed, PROFILE, block)
    assert [p.index for p in places] == list(range(block * SIZE, (block + 1) * SIZE))
    assert {p.family for p in places} == {"", *MAKES}
    for place in places:
        links = [*place.kin, place.copies, place.owns_part_of, place.company_owner]
        assert all(link < place.index for link in links if link is not None)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_eight_of_a_hundred_are_second_files_of_eight_different_plain_people(seed: int) -> None:
    places = plan(seed, PROFILE, 0)
    owners = [places[p.copies] for p in places if p.copies is not None]
    assert len(owners) == len({o.index for o in owners}) == 8
    assert all(o.part in PLAIN and o.state == "active" for o in owners)


def test_states_are_planted_in_every_hundred() -> None:
    states = Counter(p.state for p in plan(7, PROFILE, 3))
    assert (states["closed_recently"], states["closed_long_ago"], states["dormant"], states["deceased"]) == (5, 5, 5, 1)


def test_a_plan_does_not_depend_on_other_plans() -> None:
    assert plan(7, PROFILE, 12) == plan(7, PROFILE, 12)
    assert plan(7, PROFILE, 12) != plan(8, PROFILE, 12)


def test_more_families_than_customers_are_refused() -> None:
    crowd = PROFILE.families.couple.model_copy(update={"value": 60})
    crowded = PROFILE.model_copy(update={"families": PROFILE.families.model_copy(update={"couple": crowd})})
    with pytest.raises(ProfileError, match="take 175 of 100 customers"):
        plan(7, crowded, 0)
