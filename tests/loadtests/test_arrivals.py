"""Arrivals are exact, seeded and the same for any number of workers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests.arrivals import Profile, Stage, arrivals, pick


@settings(max_examples=30)
@given(st.integers(0, 1000), st.integers(1, 8), st.sampled_from(["constant", "poisson"]))
def test_all_workers_together_make_the_single_workers_schedule(seed, workers, kind):
    profile = Profile((Stage(2, 10, 40), Stage(3, 40, 40)))
    alone = list(arrivals(profile, kind, seed))
    shared = [a for w in range(workers) for a in arrivals(profile, kind, seed, worker=w, workers=workers)]
    assert sorted(shared) == alone


def test_a_constant_rate_sends_exactly_that_many():
    due = [a.due for a in arrivals(Profile.steady(400, 30), "constant", 1)]
    assert len(due) == 12_000
    assert due == sorted(due)
    assert 0 < due[0] < due[-1] < 30


def test_a_ramp_sends_the_area_under_its_line():
    assert len(list(arrivals(Profile((Stage(10, 0, 100),)), "constant", 1))) == 500


def test_poisson_arrivals_are_as_many_as_expected_within_chance():
    count = len(list(arrivals(Profile.steady(400, 30), "poisson", 7)))
    assert abs(count - 12_000) < 4 * 12_000**0.5


def test_an_unknown_kind_of_arrivals_is_named():
    with pytest.raises(ValueError, match="'bursty'"):
        next(arrivals(Profile.steady(1, 1), "bursty", 1))


def test_names_are_picked_by_weight():
    weights = [("a", 1.0), ("b", 3.0)]
    picked = [pick(k / 1000, weights) for k in range(1000)]
    assert picked.count("a") == 250
