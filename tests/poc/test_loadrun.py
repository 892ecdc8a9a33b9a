"""The load agent measures a known stall truly, keeps out of our process, and stops when told."""

import json
import subprocess
import sys
import time

import psutil
import pytest

from loadtests.arrivals import arrivals
from loadtests.judging import INVALID, judge
from loadtests.plan import Plan, PlanError
from loadtests.steps import Person
from loadtests.watching import Watch
from loadtests.workload import parse
from poc.lab.authority import identity
from poc.loadrun import LoadError, press
from scenarios.actors import Actor, Credential
from tests.loadtests.stalled import truth


def load(**change):
    base = {
        "name": "t",
        "because": "test",
        "arrivals": "poisson",
        "rate": 100,
        "seconds": 8,
        "warm_up": 0,
        "users": 60,
        "seed": 3,
        "mix": {"read": 1},
    }
    return parse({**base, **change})


def plan(url, workload):
    return Plan(
        target="stalled",
        url=url,
        authority=None,
        connector="tests.loadtests.stalled:Stalled",
        credentials={Actor.AGENT: Credential(token="t")},
        people=(Person("1", "Ann"),),
        workload=workload,
        mark="m",
    )


@pytest.fixture
def stalled():
    server = subprocess.Popen([sys.executable, "-m", "tests.loadtests.stalled"], stdout=subprocess.PIPE, text=True)
    yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
    server.kill()
    server.wait()
    server.stdout.close()


@pytest.mark.slow
def test_a_known_stall_is_measured_as_it_was(stalled):
    told = []
    result = press(plan(stalled, load()), progress=told.append)
    expected = sorted(truth(result.began + a.due) * 1000 for a in arrivals(result.workload.profile, "poisson", 3))
    reads = result.histogram(kind="read")
    assert reads.n == len(expected) == result.finished
    assert result.error_share == 0
    if result.faults():
        pytest.skip(f"the machine was too busy to be exact: {result.faults()}")
    true_p95 = expected[int(0.95 * len(expected))]
    assert reads.quantile(0.95) / 1000 == pytest.approx(true_p95, rel=0.15)
    assert result.histogram(metric="service").n == reads.n
    assert len(told) >= 6


@pytest.mark.slow
def test_the_parent_process_never_meets_gevent(stalled):
    press(plan(stalled, load(seconds=1)))
    assert "gevent" not in sys.modules
    assert "locust" not in sys.modules


@pytest.mark.slow
def test_a_stop_ends_the_agent_leaves_no_process_and_the_result_says_so(stalled):
    told = []
    result = press(plan(stalled, load(seconds=60)), progress=told.append, stop=lambda: len(told) > 1)
    assert result.stopped_early
    assert result.faults()
    assert not [one for one in psutil.Process().children(recursive=True) if "loadtests.agent" in one.cmdline()]


def test_nothing_beyond_this_machine_is_pressed():
    with pytest.raises(PlanError, match="is not this machine, and nobody signed a permission"):
        press(plan("https://203.0.113.7", load()))


@pytest.mark.slow
def test_a_target_that_is_not_there_is_our_problem_and_said_in_one_line():
    with pytest.raises(LoadError, match="stalled was not made") as told:
        press(plan("http://127.0.0.1:9", load(users=2)))
    assert "\n" not in str(told.value)


@pytest.mark.slow
def test_journeys_think_between_their_steps_and_a_batch_works_beside_them(stalled):
    visit = ["read", {"think": [0.5, 0.6]}, "read"]
    beside = {"begins": 1, "hands": 2, "items": 20, "mix": {"read": 1}}
    asked = load(rate=20, seconds=4, mix={"visit": 1}, journeys={"visit": visit}, batch=beside, seed=5)
    tallied = []
    result = press(plan(stalled, asked), progress=tallied.append)
    begun = [one.due for one in arrivals(asked.profile, "poisson", 5)]
    assert len(begun) < result.released == result.finished <= 2 * len(begun)
    assert result.histogram(kind="read").n == result.finished
    assert result.histogram(kind="batch").n == 20 == result.batch["done"]
    assert result.batch["seconds"] < 3.5
    assert sum(result.outcomes().values()) == result.finished


@pytest.mark.slow
def test_a_closed_crowd_asks_again_only_when_it_was_answered(stalled):
    result = press(plan(stalled, load(arrivals="closed", users=4, seconds=2)))
    assert 4 < result.finished <= 4 * 2 / 0.005 + 4
    assert result.released == result.finished


@pytest.mark.slow
def test_the_agent_trusts_the_authority_of_the_target_alone(tmp_path):
    authority = identity(tmp_path).authority
    told = subprocess.run([sys.executable, "-c", TRUSTED, str(authority)], capture_output=True, text=True, check=True)
    assert json.loads(told.stdout) == {"x509": 1, "crl": 0, "x509_ca": 1}


TRUSTED = """
import json, sys
from geventhttpclient.connectionpool import SSLConnectionPool
from loadtests.agent.users import Job
from tests.poc.test_loadrun import load, plan
from dataclasses import replace
job = Job(replace(plan("https://127.0.0.1", load()), authority=sys.argv[1]), None)
pool = SSLConnectionPool("127.0.0.1", 443, "127.0.0.1", 443, ssl_context_factory=job.tls)
print(json.dumps(pool.ssl_context.cert_store_stats()))
"""


@pytest.mark.slow
def test_a_run_whose_promise_is_refuted_ends_early_and_failed(stalled):
    asked = load(seconds=60, objectives={"read": ["p90 < 1 ms"]})
    began = time.monotonic()
    result = press(plan(stalled, asked), watch=Watch(asked))
    assert time.monotonic() - began < 45
    assert result.refuted["objective"] == "read p90 < 1 ms"
    sheet = judge(result)
    assert (sheet.judgements[0].verdict, sheet.code) == ("failed", 99)


@pytest.mark.slow
def test_arrivals_that_wait_for_the_only_connection_make_a_run_invalid(stalled):
    # in 0.4 s of a stall 40 arrivals wait for one connection, of which the target sees but one
    result = press(plan(stalled, load(users=1, seconds=5, objectives={"read": ["p90 < 50 ms"]})))
    sheet = judge(result)
    assert (sheet.judgements[0].verdict, sheet.code) == ("invalid", INVALID)
    assert "the pool of 1 connections was too small" in sheet.judgements[0].note
