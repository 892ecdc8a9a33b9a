"""Limits: the requests of a workload are known beforehand, and what a contract lets through is counted exactly."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests.limits import DAY, Limit, breaches, busiest, fitting, peak, schedule
from loadtests.workload import parse


def load(**change):
    base = {
        "name": "t", "because": "test", "arrivals": "constant", "rate": 10, "seconds": 10, "warm_up": 0, "users": 4,
        "seed": 3, "mix": {"read": 1},
    }  # fmt: skip
    return parse({**base, **change})


def test_a_window_takes_what_lies_less_than_its_length_after_its_first():
    assert busiest([0, 1, 2, 3], 1) == 1
    assert busiest([0, 1, 2, 3], 1.5) == 2
    assert busiest([0.0, 0.1, 0.2, 5.0, 5.05, 5.1, 5.2], 1) == 4
    assert busiest([], 1) == 0


@settings(max_examples=50)
@given(st.lists(st.integers(0, 60), max_size=40), st.integers(1, 20))
def test_the_busiest_window_is_the_one_found_by_trying_all(moments, seconds):
    moments.sort()
    tried = max((sum(at <= other < at + seconds for other in moments) for at in moments), default=0)
    assert busiest(moments, seconds) == tried


def test_ten_a_second_fit_ten_and_break_nine():
    assert breaches(load(), [Limit(10, 1)]) == ()
    (told,) = breaches(load(), [Limit(9, 1)])
    assert told == "10 requests would fall into one window, 9 in 1 s are declared"


def test_a_day_counts_what_was_sent_before():
    assert breaches(load(), [Limit(150, DAY)], spent=50) == ()
    (told,) = breaches(load(), [Limit(150, DAY)], spent=51)
    assert told == "100 requests after 51 of today would fall into one window, 150 in a day are declared"


def test_an_interface_has_a_window_of_its_own():
    halves = load(mix={"read": 1, "page": 1})
    most = max(sum(one.interface == name for one in schedule(halves)) for name in ("read", "page"))
    assert breaches(halves, [Limit(most, 20, "interface")]) == ()
    assert breaches(halves, [Limit(most - 1, 20, "interface")])
    assert breaches(halves, [Limit(most, 20)])


def test_a_user_has_a_window_of_its_own():
    two = load(mix={"read": 1, "count_by_tier": 1})
    assert not breaches(two, [Limit(90, 20, "user")])
    assert breaches(two, [Limit(90, 20)])


def test_a_step_of_two_requests_counts_twice_and_a_journey_in_full():
    assert peak(load(mix={"update_customer": 1})) == 20
    visit = load(mix={"visit": 1}, journeys={"visit": ["search", {"think": [1, 1]}, "overview", "log_interaction"]})
    assert peak(visit) == 30
    moments = [one.moment for one in schedule(visit) if one.interface == "overview"]
    assert moments[0] == pytest.approx(0.05 + 1)


def test_connections_are_what_is_at_once():
    assert breaches(load(), [Limit(4, 0)]) == ()
    assert breaches(load(), [Limit(3, 0)]) == ("4 connections, 3 at once are declared: users = 3",)


@pytest.mark.parametrize(
    "change", [{"arrivals": "closed"}, {"batch": {"begins": 1, "hands": 1, "items": 5, "mix": {"read": 1}}}]
)
def test_what_nobody_knows_beforehand_is_no_breach_of_none_and_one_of_any(change):
    assert breaches(load(**change), []) == ()
    assert "nobody can say beforehand" in breaches(load(**change), [Limit(10_000, 1)])[0]


def test_pacing_finds_the_highest_rate_that_keeps_to_everything():
    slower = fitting(load(arrivals="poisson", rate=100), [Limit(20, 1), Limit(2, 0)])
    assert slower.users == 2
    assert not breaches(slower, [Limit(20, 1)])
    assert breaches(slower.at(rate=slower.rate * 1.25), [Limit(20, 1)])
    assert slower.claimed_rate == 100


def test_pacing_leaves_alone_what_fits_and_says_when_nothing_does():
    assert fitting(load(), [Limit(10, 1)]).rate == 10
    assert fitting(load(rate=1000), [Limit(1, DAY)], spent=1) is None
