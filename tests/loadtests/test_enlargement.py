"""A series over sizes: a proven slope passes or fails, a short series passes nothing, a query out of time harms."""

import random
from dataclasses import replace

import pytest

from loadtests.enlargement import SeriesError, enlargement, fitted, processor_ms
from loadtests.vitals import Vital
from loadtests.workload import workload
from scenarios.evidence import Outcome
from tests.loadtests.pressed import HEALTHY, pressed

LOAD = workload("growing-data")
SIZES = (1_000, 10_000, 100_000, 1_000_000)


def series(exponent, sizes=SIZES, times=3, base=10.0, **change):
    chance = random.Random(4)

    def run(size, number):
        p99 = base * (size / 1000) ** exponent * chance.uniform(0.95, 1.05)
        return pressed(LOAD.at(seed=number + 1), lambda at: (40, p99, 0), **change)

    return {size: [run(size, number) for number in range(times)] for size in sizes}


def findings(runs):
    return {one.check: one for one in enlargement(runs)}


def test_a_target_that_hardly_grows_passes_with_the_upper_end_of_its_exponent():
    seen = findings(series(0.05))
    slope = seen["answers_hardly_slow_down_with_data"]
    assert {one.outcome for one in seen.values()} == {Outcome.PASSED}
    assert 0.05 < slope.measures["growth_exponent"] < 0.1
    assert 10 < seen["a_million_is_quick_enough"].measures["p99_at_million_ms"] < 20


def test_a_target_that_reads_all_it_has_fails_though_only_small_sizes_were_pressed():
    seen = findings(series(0.9, sizes=SIZES[:3]))
    slope = seen["answers_hardly_slow_down_with_data"]
    assert slope.outcome is Outcome.FAILED
    assert 0.85 < slope.measures["growth_exponent"] < 0.92
    assert seen["a_million_is_quick_enough"].outcome is Outcome.UNSCORED


def test_small_sizes_pass_nothing():
    seen = findings(series(0.0, sizes=SIZES[:3]))
    assert {one.outcome for one in seen.values()} == {Outcome.UNSCORED}
    assert "PER-07 asks for 1,000 to 1,000,000" in seen["queries_do_not_time_out"].note


def test_too_few_sizes_and_an_interval_that_is_too_wide_decide_nothing():
    assert fitted(series(0.5, sizes=SIZES[:2])) is None
    assert findings(series(0.5, sizes=SIZES[:2]))["answers_hardly_slow_down_with_data"].outcome is Outcome.UNSCORED
    wide = findings(series(0.2))["answers_hardly_slow_down_with_data"]
    assert wide.outcome is Outcome.UNSCORED
    assert "--times" in wide.note


def test_a_slow_million_fails_and_a_saturated_machine_is_ours():
    slow = findings(series(0.5))["a_million_is_quick_enough"]
    assert slow.outcome is Outcome.FAILED
    ill = findings(series(0.5, generator={**HEALTHY, "machine_p50_percent": 99.0}))
    assert ill["a_million_is_quick_enough"].outcome is Outcome.BLOCKED
    assert ill["answers_hardly_slow_down_with_data"].outcome is Outcome.BLOCKED


def test_a_busy_machine_excuses_no_target_whose_work_grows_as_well():
    busy = {**HEALTHY, "machine_p50_percent": 99.0}

    def used(percent):
        return tuple(Vital(float(at), "database", "cpu_percent", percent) for at in range(33))

    runs = series(0.9, sizes=SIZES[:3], generator=busy)
    working = {size: [replace(one, vitals=used(size / 1000)) for one in each] for size, each in runs.items()}
    seen = findings(working)["answers_hardly_slow_down_with_data"]
    assert seen.outcome is Outcome.FAILED
    assert seen.measures["growth_exponent"] < 0.92
    waiting = {size: [replace(one, vitals=used(5.0)) for one in each] for size, each in runs.items()}
    assert findings(waiting)["answers_hardly_slow_down_with_data"].outcome is Outcome.BLOCKED


def test_a_query_that_runs_out_of_time_is_a_harm():
    late = findings(series(0.0, errors={"search: fault: TimeoutError: no answer within 30 s": 3}))
    assert late["queries_do_not_time_out"].outcome is Outcome.FAILED
    assert late["queries_do_not_time_out"].harm


def test_the_processor_time_of_a_request_is_told_where_it_can_be_seen():
    used = [
        Vital(float(at), part, "cpu_percent", 10.0) for at in range(33) for part in ("server", "database", "machine")
    ]
    seen = pressed(LOAD, lambda at: (40, 20, 0), vitals=tuple(used))
    assert processor_ms(seen) == pytest.approx(2 * 100 / 40)  # 10 % each is 100 ms a second, of 40 requests
    assert processor_ms(pressed(LOAD, lambda at: (40, 20, 0))) is None


def test_runs_that_asked_differently_make_no_series():
    mixed = series(0.0) | {500: [pressed(workload("bank-peak"), lambda at: (10, 5, 0))]}
    with pytest.raises(SeriesError, match="pressed differently"):
        findings(mixed)


def test_who_still_waits_when_a_run_ends_may_have_run_out_of_time():
    seen = findings(series(0.05, finished=10))["queries_do_not_time_out"]
    assert seen.outcome is Outcome.UNSCORED
    assert "still waited when the run ended: press for longer" in seen.note
