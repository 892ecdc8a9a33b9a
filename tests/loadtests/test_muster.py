"""Muster: what workers tell adds up to what one process would have told, and who is lost is waited for no more."""

from loadtests.histogram import Histogram
from loadtests.muster import Muster, together


def second(number, latencies_us=(), errors=0, loop_ms=1.0):
    seen = Histogram()
    for one in latencies_us:
        seen.record(one)
    p99 = seen.quantile(0.99)
    return {
        "second": number, "requests": seen.n + errors, "errors": errors, "p99_ms": None if p99 is None else p99 / 1000,
        "cells": seen.coarse(), "released": seen.n, "finished": seen.n, "loop_ms": loop_ms,
    }  # fmt: skip


def test_a_second_is_told_when_all_have_told_it():
    told = []
    muster = Muster(["a", "b"], told.append)
    muster.line("a", second(0, [1000] * 60, loop_ms=3.0))
    muster.line("a", second(1))
    assert told == []
    muster.line("b", second(0, [9000] * 39, errors=2))
    assert [(one["second"], one["requests"], one["errors"], one["loop_ms"]) for one in told] == [(0, 101, 2, 3.0)]
    assert 9.0 <= told[0]["p99_ms"] <= 9.0 * 2 ** (1 / 16)


def test_cells_that_went_over_the_wire_as_words_add_up_to_those_of_one_process():
    told = []
    muster = Muster(["a", "b"], told.append)
    first, other = second(0, [100, 5000, 70]), second(0, [5000, 800_000])
    muster.line("a", {**first, "cells": {str(at): n for at, n in first["cells"].items()}})
    muster.line("b", other)
    assert told[0]["cells"] == second(0, [100, 5000, 70, 5000, 800_000])["cells"]


def test_settled_seconds_add_up_promise_by_promise():
    told = []
    muster = Muster(["a", "b"], told.append)
    muster.line("a", {"settled": 4, "tally": {"read p99 < 200 ms": [50, 1]}})
    muster.line("b", {"settled": 4, "tally": {"read p99 < 200 ms": [49, 2]}})
    assert told == [{"settled": 4, "tally": {"read p99 < 200 ms": (99, 3)}}]
    assert muster.heard == {"a": 4, "b": 4}


def test_who_is_lost_is_waited_for_no_more_and_what_it_told_counts():
    told = []
    muster = Muster(["a", "b"], told.append)
    muster.line("b", second(0, [1000]))
    muster.line("b", {"settled": 0, "tally": {}})
    for number in (0, 1):
        muster.line("a", second(number, [1000]))
    muster.without("b")
    assert [(one["second"], one["requests"]) for one in told if "second" in one] == [(0, 2), (1, 1)]
    assert muster.heard["b"] == 0


def part(**change):
    base = {
        "began": 5.0, "released": 10, "finished": 9, "dropped": 0, "stopped_early": False, "batch": {},
        "generator": {"cpu_p95_percent": 20.0, "cpu_seconds": 1.5, "loop_lag_p99_ms": None},
        "lags": {"dispatch": {"7": 10}}, "errors": {"read: gone": 1},
    }  # fmt: skip
    return {**base, **change}


def test_figures_add_up_and_of_the_generators_the_worst_counts():
    worse = {"cpu_p95_percent": 90.0, "cpu_seconds": 2.0, "loop_lag_p99_ms": 4.0}
    busy = part(began=5.1, generator=worse, lags={"dispatch": {7: 1, 9: 2}, "loop": {1: 1}}, batch={"done": 3.0})
    whole = together({"a": part(), "b": busy}, [{"name": "a"}, {"name": "b"}])
    assert (whole["began"], whole["released"], whole["finished"], whole["batch"]) == (5.0, 20, 18, {"done": 3.0})
    assert whole["generator"] == {"cpu_p95_percent": 90.0, "cpu_seconds": 3.5, "loop_lag_p99_ms": 4.0}
    assert whole["lags"] == {"dispatch": {7: 11, 9: 2}, "loop": {1: 1}}
    assert whole["errors"] == {"read: gone": 2}
