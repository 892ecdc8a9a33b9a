"""A crew of workers presses as one process would, and whoever of them is lost is named; more in benchmarks/load."""

import os
import signal
import time
from collections import Counter
from dataclasses import replace

import psutil
import pytest

from loadtests.arrivals import arrivals
from loadtests.crew import crew
from loadtests.judging import INVALID, judge
from loadtests.plan import PlanError
from poc.loadrun import press
from tests.poc.test_loadrun import load, plan, stalled  # noqa: F401 a fixture is known by its name


def agents():
    """Processes of load agents that this test began; one that has ended and waits to be buried is none."""
    alive = [one for one in psutil.Process().children(recursive=True) if one.status() != psutil.STATUS_ZOMBIE]
    return [one for one in alive if "loadtests.agent" in one.cmdline()]


@pytest.mark.slow
def test_a_worker_that_is_killed_is_named_and_the_other_one_presses_on_for_nothing(stalled):  # noqa: F811
    killed = []

    def kill(line):
        if line.get("second") == 1 and not killed:
            killed.append(next(one for one in agents() if "--join" in one.cmdline()))
            os.kill(killed[0].pid, signal.SIGKILL)

    asked = load(seconds=6, users=8, objectives={"read": ["p99 < 5 s"]})
    result = press(replace(plan(stalled, asked), crew=crew(2)), progress=kill)
    (gone,) = [worker for worker in result.workers if worker["lost"]]
    (left,) = [worker for worker in result.workers if not worker["lost"]]
    sheet = judge(result)
    assert sheet.code == INVALID
    assert f"worker {gone['name']} was lost after second {gone['heard'] + 1}: its part of" in sheet.void
    mine = int(left["name"][0]) - 1
    due = Counter(int(one.due) for one in arrivals(asked.profile, "poisson", 3, worker=mine, workers=2))
    assert left["released"] == due.total()
    for second, (n, _, _) in result.by_second().items():
        assert n >= due[second] if second <= gone["heard"] else n == due[second]
    assert agents() == []


@pytest.mark.slow
def test_a_crew_that_is_stopped_ends_soon_and_leaves_no_process(stalled):  # noqa: F811
    asked, told = replace(plan(stalled, load(seconds=120, users=8)), crew=crew(2)), []
    result = press(asked, progress=told.append, stop=lambda: any("second" in line for line in told))
    assert result.stopped_early
    assert agents() == []
    # seconds, not minutes: how long it takes is printed by benchmarks/load/test_stop.py
    assert time.time() - result.began < 60


def test_a_crew_from_elsewhere_has_another_loopback():
    with pytest.raises(PlanError, match="is another machine to workers from elsewhere"):
        press(replace(plan("http://127.0.0.1:9", load()), crew=crew(1, 1)))


def test_a_crew_larger_than_its_connections_is_refused():
    with pytest.raises(PlanError, match="3 workers share 2 connections: give users = 3"):
        press(replace(plan("http://127.0.0.1:9", load(users=2)), crew=crew(3)))
