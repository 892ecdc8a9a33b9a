"""A soak tells of drifts by intervals: a leak and a slowing target fail, a short soak says nothing, hours pass."""

import random
from dataclasses import replace

from loadtests.endurance import endurance
from loadtests.histogram import Histogram
from loadtests.result import Row
from loadtests.vitals import Vital
from loadtests.workload import workload
from scenarios.evidence import Outcome
from tests.loadtests.pressed import pressed

#: The soak of four hours, of which each 30th second is enough for a test.
HOURS = workload("soak")
LEAST = HOURS.at(seconds=1200)


def memory(load, grows=0.0):
    """MiB of a server second by second: it fills its caches for a while, then grows by a share an hour, with noise."""
    chance = random.Random(1)
    return tuple(
        Vital(
            float(at), "server", "memory_mb", 200 + min(at, 100) / 10 + 200 * grows * at / 3600 + chance.gauss(0, 0.5)
        )
        for at in range(round(load.profile.seconds))
    )


def soak(load=HOURS, slows=0.0, grows=0.0, dies=None, **change):
    chance = random.Random(2)

    def second(at):
        dead = dies is not None and at >= dies
        return (0, 1.0, 4) if dead else (4, 50 * (1 + slows * at / 3600) * chance.uniform(0.97, 1.03), 0)

    facts = {"vitals": memory(load, grows), **change}
    return {one.check: one for one in endurance(pressed(load, second, **facts))}


def test_four_steady_hours_pass_and_the_slope_is_the_upper_end_of_its_interval():
    seen = soak()
    slope = seen["latency_does_not_drift"]
    assert {seen[name].outcome for name in seen if name != "soak_corrupts_nothing"} == {Outcome.PASSED}
    assert 0 < slope.measures["p99_slope_share_per_h"] < 0.01
    assert slope.observed["growth_share_per_h"] < slope.measures["p99_slope_share_per_h"]
    assert seen["soak_corrupts_nothing"].outcome is Outcome.UNSCORED


def test_a_target_that_slows_by_a_third_an_hour_fails_within_twenty_minutes():
    seen = soak(LEAST, slows=1.0)["latency_does_not_drift"]
    assert seen.outcome is Outcome.FAILED
    assert seen.measures["p99_slope_share_per_h"] > 0.05


def test_a_leak_fails_and_full_caches_do_not():
    assert soak(LEAST, grows=0.8)["memory_does_not_only_grow"].outcome is Outcome.FAILED
    assert soak(grows=0.02)["memory_does_not_only_grow"].outcome is Outcome.PASSED


def test_a_busy_machine_excuses_a_slowing_target_and_no_leak():
    seen = soak(LEAST, slows=1.0, grows=0.8, generator={"machine_p50_percent": 100.0})
    assert seen["latency_does_not_drift"].outcome is Outcome.BLOCKED
    assert seen["memory_does_not_only_grow"].outcome is Outcome.FAILED


def test_a_busy_machine_excuses_who_does_not_answer_but_not_who_turns_all_away_at_once():
    busy = {"machine_p50_percent": 100.0}
    assert soak(LEAST, dies=1100, generator=busy)["the_service_survives"].outcome is Outcome.BLOCKED
    silent = pressed(LEAST, lambda at: (4, 50, 0) if at < 1100 else (0, 1, 4), generator=busy)

    def told(microseconds, served=0):
        took = Histogram()
        took.record(microseconds)
        (place,) = took.counts
        ends = {"refused": 4, "ok": served}
        late = [
            Row(at, "read", "read", "service", end, place, n) for at in range(1100, 1200) for end, n in ends.items()
        ]
        return {one.check: one for one in endurance(replace(silent, rows=(*silent.rows, *late)))}

    assert told(5_000)["the_service_survives"].outcome is Outcome.FAILED
    assert told(5_000_000)["the_service_survives"].outcome is Outcome.BLOCKED
    assert told(5_000, served=1)["the_service_survives"].outcome is Outcome.BLOCKED


def test_a_leak_is_excused_where_the_machine_was_busy_and_work_piled_up():
    seen = soak(LEAST, grows=0.8, dies=300, generator={"machine_p50_percent": 100.0})
    assert seen["memory_does_not_only_grow"].outcome is Outcome.BLOCKED


def test_a_target_that_dies_before_the_end_does_not_survive():
    assert soak(LEAST, dies=1100)["the_service_survives"].outcome is Outcome.FAILED


def test_a_soak_that_is_too_short_passes_nothing_and_speaks_of_no_drift():
    seen = soak(LEAST)
    assert {one.outcome for one in seen.values()} == {Outcome.UNSCORED}
    assert "of the 14400 s" in seen["the_service_survives"].note
    minutes = soak(HOURS.at(seconds=120), slows=50, grows=50)
    assert {one.outcome for one in minutes.values()} == {Outcome.UNSCORED}
    assert "600 s at least" in minutes["latency_does_not_drift"].note


def test_memory_that_nobody_can_see_is_unknown():
    assert soak(LEAST, vitals=())["memory_does_not_only_grow"].outcome is Outcome.NOT_TESTABLE
