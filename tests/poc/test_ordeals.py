"""The load beside a fault ends with the sitting: by itself, or at once when somebody breaks the sitting off."""

import time
from functools import partial

import pytest

from loadtests.workload import workload
from poc.loadrun import LoadError
from poc.ordeals import Pressed
from tests.loadtests.pressed import pressed


def pressing(log, *, progress, stop):
    """A pressing that goes on until it is told to stop, or for a moment."""
    progress({"second": 0})
    until = time.monotonic() + log["lasts"]
    while not stop() and time.monotonic() < until:
        time.sleep(0.005)
    log["ended"] = "stopped" if stop() else "by itself"
    return pressed(workload("growing-data"), lambda at: (1, 5.0, 0))


def test_a_sitting_that_is_broken_off_takes_its_load_with_it():
    log = {"lasts": 600}
    with pytest.raises(KeyboardInterrupt), Pressed(partial(pressing, log)):
        raise KeyboardInterrupt
    assert log["ended"] == "stopped"


def test_a_load_ends_by_itself_and_tells_what_it_measured():
    log = {"lasts": 0.02}
    with Pressed(partial(pressing, log)) as load:
        assert load.end().finished
    assert log["ended"] == "by itself"


def test_a_load_that_could_not_begin_says_why_before_anything_is_broken():
    def refused(*, progress, stop):
        raise LoadError("the target cannot be reached")

    with pytest.raises(LoadError, match="cannot be reached"), Pressed(partial(refused)):
        raise AssertionError("the block must not begin")
