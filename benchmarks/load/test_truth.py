"""The generator against a stall of one second in ten whose latency is known for every single arrival."""

import math

import pytest

from benchmarks.load.conftest import Serve, plan, reads
from loadtests.arrivals import arrivals
from loadtests.judging import judge, loosely
from loadtests.result import LoadResult
from poc.loadrun import press
from tests.loadtests.stalled import truth

PERIOD, STALL, RATE, SECONDS = 10.0, 1.0, 400.0, 30.0
QUANTILES = (0.5, 0.95, 0.99, 0.999)


def pressed(serve: Serve, **change: object) -> LoadResult:
    url = serve("tests.loadtests.stalled", str(PERIOD), str(STALL))
    return press(plan(url, reads(RATE, SECONDS, objectives={"read": ["p99 < 200 ms"]}, **change)))


def known(result: LoadResult) -> list[float]:
    """The true latencies in ms at the quantiles, from the seeded schedule and the server's clock."""
    due = arrivals(result.workload.profile, "poisson", result.workload.seed)
    whole = sorted(truth(result.began + one.due, PERIOD, STALL) * 1000 for one in due)
    return [whole[math.ceil(q * len(whole)) - 1] for q in QUANTILES]


def told(name: str, result: LoadResult, true: list[float]) -> list[float]:
    seen = [(result.histogram().quantile(q) or 0) / 1000 for q in QUANTILES]
    rows = [
        f"p{q * 100:g} {s:.1f} of {t:.1f} ms ({s / t - 1:+.2%})" for q, s, t in zip(QUANTILES, seen, true, strict=True)
    ]
    print(f"\n{name}: {', '.join(rows)}; {dict(result.generator)}")
    return seen


def test_a1_a_known_stall_is_measured_as_it_was(serve: Serve) -> None:
    result = pressed(serve)
    true = known(result)
    seen = told("A1, 600 connections", result, true)
    assert result.histogram().n == result.released
    assert judge(result).judgements[0].verdict != "passed"
    if result.faults() or result.exhausted():
        pytest.skip(f"the machine was not quiet: {result.faults()} {result.exhausted()}")
    assert abs(seen[0] - true[0]) <= 1
    for place, tolerance in ((1, 0.05), (2, 0.02), (3, 0.02)):
        assert abs(seen[place] / true[place] - 1) <= tolerance


def test_a2_a_pool_too_small_is_told_and_hardly_changes_the_answer(serve: Serve) -> None:
    result = pressed(serve, users=20)
    true = known(result)
    seen = told("A2, 20 connections", result, true)
    assert any("too small" in note for note in judge(result).notes)
    if result.faults() or result.exhausted():
        pytest.skip(f"the machine was not quiet: {result.faults()} {result.exhausted()}")
    assert abs(seen[2] / true[2] - 1) <= 0.06


def test_a3_a_closed_crowd_of_ten_misses_the_stall_and_never_passes(serve: Serve) -> None:
    result = pressed(serve, arrivals="closed", users=10)
    seen = (result.histogram().quantile(0.99) or 0) / 1000
    print(f"\nA3, closed, 10 users: p99 {seen:.1f} ms of 905 ms; {judge(result).notes}")
    assert "closed model" in loosely(result.workload)
    assert judge(result).judgements[0].verdict == "inconclusive"
