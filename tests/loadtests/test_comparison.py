"""Sides of runs are compared by runs, and a target's runs are followed over time."""

from dataclasses import replace

import numpy as np
import pytest

from loadtests.comparison import ComparisonError, compare, trends
from tests.loadtests.test_judging import load, ran


def side(count, factor=1.0, *, seed=0, began=0.0, step=2.0, wobble=0.01):
    """Runs of 500 requests whose level wobbles from run to run."""
    chance = np.random.default_rng(seed)
    runs = []
    for number in range(count):
        made = chance.lognormal(3, 0.3, 500) * factor * np.exp(chance.normal(0, wobble))
        runs.append(replace(ran(load(seed=number + seed), made.tolist()), began=began + number * step))
    return runs


def test_a_slower_side_is_told_with_its_factor():
    told = compare(side(5), side(5, 1.3, seed=10, began=1))
    assert told.slower
    assert {one.verdict for one in told.quantiles} == {"slower"}
    assert told.quantiles[0].lower < 1.3 < told.quantiles[0].upper
    assert not told.paired
    assert told.notes == ()


def test_runs_with_the_same_arrivals_are_pairs():
    first = side(5)
    told = compare(first, [replace(one, began=one.began + 1) for one in side(5, 1.2)])
    assert told.paired
    assert told.quantiles[0].verdict == "slower"
    assert compare(first, [replace(one, began=one.began + 1) for one in first]).quantiles[0].verdict == "the same"


def test_the_share_that_breaks_a_promise_is_compared_by_subtraction():
    slow = [replace(one, workload=one.workload) for one in side(5, 8, seed=10, began=1)]
    (share,) = compare(side(5), slow).shares
    assert share.what == "read p99 < 200 ms: share that breaks it"
    assert (share.verdict, share.first) == ("more", 0)


def test_few_runs_are_indicative_and_say_so():
    told = compare(side(1), side(2, 2, seed=10))
    assert {one.verdict for one in (*told.quantiles, *told.shares)} == {"indicative"}
    assert not told.slower
    assert "fewer than 5 runs" in told.notes[0]


def test_one_side_wholly_before_the_other_is_told():
    told = compare(side(5), side(5, seed=10, began=1000))
    assert "wholly before the other" in told.notes[0]


def test_a_comparison_by_requests_is_refused_with_its_reason():
    with pytest.raises(ComparisonError, match="76 false alarms in 100"):
        compare(side(5), side(5), unit="requests")


def test_runs_that_were_pressed_differently_are_not_compared():
    with pytest.raises(ComparisonError, match=r"pressed differently \(rate\)"):
        compare(side(2), [ran(load(rate=55), [20.0] * 500)])


def test_a_side_without_answers_is_told():
    with pytest.raises(ComparisonError, match="no answered"):
        compare([ran(load(), [20.0] * 50, outcomes=["refused"] * 50)], side(1))


def test_a_target_that_gets_slower_from_run_to_run_is_found():
    runs = [run for n in range(8) for run in side(1, 1.1**n, seed=n, began=float(n))]
    (told,) = trends(runs)
    assert told.p50.verdict == "growing"
    assert len(told.runs) == 8


def test_each_workload_has_its_own_trend_and_void_runs_are_shown_but_not_judged():
    ill = [replace(one, generator={"cpu_p95_percent": 99.0}) for one in side(5)]
    other = [ran(load(name="other"), [20.0] * 100)]
    told = trends([*ill, *other])
    assert [len(one.runs) for one in told] == [5, 1]
    assert told[0].p50 is None
    assert told[0].runs[0]["valid"] == 0
