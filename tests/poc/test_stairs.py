"""Steps are pressed by a closed crowd without promises, and say nothing where the generator was at its end."""

import pytest

from loadtests.workload import workload
from poc.stairs import crowded, throughput
from tests.loadtests.pressed import HEALTHY, pressed


def test_a_step_is_a_closed_crowd_that_promises_nothing():
    step = crowded(workload("batch-window"), 6)
    assert (step.arrivals, step.users, step.batch, step.promises(), step.proves) == ("closed", 6, None, (), None)


def test_throughput_is_what_was_answered_well_after_the_warm_up():
    load = crowded(workload("growing-data"), 4)
    assert throughput(pressed(load, lambda at: (50, 20, 10))) == pytest.approx(50)
    told = throughput(pressed(load, lambda at: (50, 20, 0), generator={**HEALTHY, "cpu_p95_percent": 97.0}))
    assert told == "the generator was at its end (97 % of a processor)"
