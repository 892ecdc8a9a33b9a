"""What the generator costs: a sample, a request beside wrk's, its own lateness, its memory, and how it fails."""

import re
import resource
import shutil
import subprocess
import sys

import pytest

from benchmarks.load.conftest import Serve, plan, reads
from loadtests.judging import INVALID, judge
from poc.loadrun import press

NULL = "benchmarks.load.null"
SAMPLES = """
import time
from loadtests.agent.recorder import Recorder
def spent(recorder, requests=200_000):
    began = time.process_time()
    for number in range(requests):
        recorder.keep(3, "read", "read", "ok", 0.0123 + number * 1e-7, 0.0121)
    return (time.process_time() - began) / (2 * requests) * 1e6
print(min(spent(Recorder()) for _ in range(7)))
"""


def test_b1_a_sample_is_kept_in_a_microsecond() -> None:
    done = subprocess.run([sys.executable, "-c", SAMPLES], capture_output=True, text=True, check=True)
    print(f"\nB1: {float(done.stdout):.2f} us of processor time a sample, 1 allowed")
    assert float(done.stdout) <= 1


def test_b2_requests_a_second_of_processor_beside_wrk(serve: Serve) -> None:
    if not (wrk := shutil.which("wrk")):
        pytest.skip("wrk is not installed: apt-get install wrk")
    url = serve(NULL)
    result = press(plan(url, reads(1500, 10, users=64)))
    ours = result.finished / float(result.generator["cpu_seconds"] or 1)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([wrk, "-t1", "-c32", "-d8s", url], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = re.search(r"(\d+) requests in", done.stdout)
    assert found
    theirs = int(found[1]) / spent
    print(f"\nB2: {ours:,.0f} requests a processor second, wrk {theirs:,.0f}: 1 to {theirs / ours:.0f}")
    assert theirs / ours <= 40


def test_b3_arrivals_are_released_when_they_are_due(serve: Serve) -> None:
    result = press(plan(serve(NULL), reads(1000, 10, users=64)))
    lag = result.generator["dispatch_lag_p99_ms"]
    print(f"\nB3: dispatch lag p99 {lag} ms at 1000/s; {dict(result.generator)}")
    if (result.generator.get("machine_p50_percent") or 0) > 80:
        pytest.skip("the machine was not quiet")
    assert lag is not None
    assert lag <= 0.5


def test_d2_a_generator_that_is_asked_for_too_much_never_passes(serve: Serve) -> None:
    promise = {"read": ["p99 < 50 ms"], "all": ["achieved >= 99 %"]}
    result = press(plan(serve(NULL), reads(12_000, 11, users=64, objectives=promise)))
    sheet = judge(result)
    print(f"\nD2: 12000/s asked, {result.finished / 11:.0f}/s made: {sheet.void}; code {sheet.code}")
    assert sheet.code == INVALID


def test_d4_memory_stays_flat(serve: Serve) -> None:
    url = serve(NULL)
    sizes = [press(plan(url, reads(100, s, users=16))).generator["memory_mb"] or 0.0 for s in (10, 70)]
    print(
        f"\nD4: {sizes[0]:.1f} MiB after 10 s, {sizes[1]:.1f} after 70 s: {(sizes[1] - sizes[0]) * 60:.0f} MiB an hour"
    )
    assert sizes[1] - sizes[0] < 2
