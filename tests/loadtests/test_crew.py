"""Crew: workers share the schedule and the connections without rest, and what is wrong with a crew is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.crew import CrewError, Share, ahead, crew, lost, place


@given(st.integers(1, 500), st.integers(1, 16))
def test_all_connections_are_somebodys(users, workers):
    shares = [Share(worker, workers).users(users) for worker in range(workers)]
    assert sum(shares) == users
    assert max(shares) - min(shares) <= 1


def test_a_crew_gets_a_token_that_nobody_guesses():
    one, other = crew(2), crew(2, 1, "10.0.0.1:5557")
    assert one.token != other.token
    assert len(one.token) == 24
    assert (other.size, other.host, other.port) == (3, "10.0.0.1", 5557)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"here": 0}, "presses nobody"),
        ({"here": 1, "token": "secret"}, "has 6 characters: take 20 at least"),
        ({"here": 1, "bind": "5557"}, "is no address: write it as HOST:PORT"),
        ({"here": 1, "bind": "host:99999"}, "is no address"),
    ],
)
def test_what_makes_no_crew_is_told(given, told):
    with pytest.raises(CrewError, match=told):
        crew(**given)


def test_an_address_of_six_has_brackets():
    assert place("[::1]:5557") == ("::1", 5557)


@given(st.floats(-3600, 3600), st.lists(st.tuples(st.floats(0, 0.2), st.floats(0, 0.2)), min_size=1, max_size=9))
def test_the_offset_of_two_clocks_is_found_to_half_the_quickest_round_trip(offset, ways):
    pings = [(at + offset, at + there, at + offset + there + back) for at, (there, back) in enumerate(ways)]
    found, trip = ahead(pings)
    assert trip == pytest.approx(min(there + back for there, back in ways), abs=1e-9)
    assert abs(found - offset) <= trip / 2 + 1e-9


def test_a_lost_worker_is_named_with_what_it_did_not_do():
    told = lost({"name": "2@oak", "heard": 11}, 30)
    assert told == "worker 2@oak was lost after second 12: its part of 18 s is missing"
