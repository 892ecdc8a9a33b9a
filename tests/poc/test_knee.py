"""A search presses with trials that end when they are decided, and counts who was never answered."""

import pytest

from loadtests.arithmetic.search import Block, Length
from loadtests.objectives import objective
from loadtests.workload import WorkloadError, workload
from poc.knee import MOST_USERS, Counted, shaped

PROMISE = objective("read", "p99 < 200 ms")
LENGTH = Length(3, 2, 2, 4)
TRIAL = shaped(workload("batch-window"), PROMISE, 150, LENGTH, 9)


def counted(*bad, requests=1000, first=3):
    seen = Counted(PROMISE, TRIAL, LENGTH)
    for second, each in enumerate(bad, first):
        seen.see(second, {PROMISE.name: (requests, each)})
    return seen


def test_a_trial_is_steady_at_its_rate_and_promises_what_is_searched():
    assert (TRIAL.rate, TRIAL.claimed_rate, TRIAL.warm_up, TRIAL.seconds, TRIAL.seed) == (150, 150, 3, 8, 9)
    assert TRIAL.batch is None
    assert [one.name for one in TRIAL.promises()] == ["read p99 < 200 ms"]


def test_a_closed_crowd_has_no_rate_to_search():
    closed = workload("bank-peak").model_copy(update={"arrivals": "closed"})
    with pytest.raises(WorkloadError, match="open arrivals only"):
        shaped(closed, PROMISE, 10, LENGTH, 1)


def test_seconds_become_blocks_and_the_settling_time_does_not_count():
    assert counted(1, 2, 3).blocks == (Block(2000, 3),)
    assert counted(500, 500, 0, 0, first=1).blocks == (Block(2000, 0),)


def test_a_trial_is_over_when_its_blocks_decide_it():
    assert not counted(0, 0, 0).over
    assert not counted(0, 0, 0, 0).over  # two blocks tell little of their spread
    assert counted(*[0] * 6).over
    assert not counted(10, 9, 10, 9).over
    assert counted(*[10, 9] * 4).over


def test_who_was_never_answered_broke_the_promise():
    assert counted(0, 0).blocks_with(7) == (Block(2000, 0), Block(7, 7))
    assert counted(0, 0).blocks_with(0) == (Block(2000, 0),)


def test_a_trial_has_as_many_connections_as_its_promise_lets_be_under_way():
    asked = workload("batch-window")
    assert asked.users == 64
    assert shaped(asked, PROMISE, 100, LENGTH, 1).users == 64
    assert shaped(asked, PROMISE, 1000, LENGTH, 1).users == 220
    assert shaped(asked, objective("all", "p99 < 10 s"), 3000, LENGTH, 1).users == MOST_USERS
