"""Steps are pressed by a closed crowd without promises; a law needs four that say something of the target."""

import math

import pytest

from loadtests.workload import workload
from poc.stairs import crowded, law, throughput
from tests.loadtests.pressed import HEALTHY, pressed


def test_a_step_is_a_closed_crowd_that_promises_nothing():
    step = crowded(workload("batch-window"), 6)
    assert (step.arrivals, step.users, step.batch, step.promises(), step.proves) == ("closed", 6, None, (), None)


def test_throughput_is_what_was_answered_well_after_the_warm_up():
    load = crowded(workload("growing-data"), 4)
    assert throughput(pressed(load, lambda at: (50, 20, 10))) == pytest.approx(50)
    told = throughput(pressed(load, lambda at: (50, 20, 0), generator={**HEALTHY, "cpu_p95_percent": 97.0}))
    assert told == "the generator was at its end (97 % of a processor)"


def test_the_law_is_found_again_and_void_steps_are_left_out():
    steps = {n: 100 * n / (1 + 0.1 * (n - 1) + 0.01 * n * (n - 1)) for n in (1, 2, 4, 8, 16)}
    found = law({**steps, 32: "the generator was at its end"})
    assert found is not None
    assert found.fit.gamma == pytest.approx(100, rel=0.01)
    assert found.fit.peak == pytest.approx(math.sqrt(0.9 / 0.01), rel=0.02)
    assert law({1: 100.0, 2: 180.0, 4: 300.0, 8: "void"}) is None
