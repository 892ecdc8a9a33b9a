"""A run is ended when a promise is refuted, and only then."""

from loadtests.watching import Watch
from tests.loadtests.test_judging import load

NAME = "read p99 < 200 ms"


def seen(watch, *shares, first=2):
    for second, bad in enumerate(shares, first):
        watch.see(second, {NAME: (100, bad)})
    return watch.refuted


def test_a_target_that_keeps_its_promise_is_pressed_to_the_end():
    assert not seen(Watch(load()), *[0, 1, 1, 2, 0] * 20)


def test_one_that_breaks_it_is_told_with_the_second():
    told = seen(Watch(load()), *[60] * 20)
    assert told["objective"] == NAME
    assert 2 <= told["second"] <= 12
    assert told["capital"] >= 100


def test_the_warm_up_does_not_count():
    watch = Watch(load(warm_up=50))
    assert not seen(watch, *[100] * 40)


def test_a_second_without_requests_says_nothing():
    watch = Watch(load())
    for second in range(2, 60):
        watch.see(second, {NAME: (0, 0)})
    assert not watch.over


def test_a_workload_that_proves_nothing_is_not_ended_either():
    assert not seen(Watch(load(arrivals="closed")), *[100] * 40)
