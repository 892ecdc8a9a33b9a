"""A batch that is felt fails PER-08 however short it was; one that is not passes only as a whole."""

from loadtests.nightwork import WHOLE, nightwork
from loadtests.workload import workload
from scenarios.evidence import Outcome
from tests.loadtests.pressed import pressed

LOAD = workload("batch-window")


def night(slowed, done=WHOLE, seconds=1500.0):
    batch = {"items": float(WHOLE), "done": float(done), "failed": 0.0, "worked": 120.0}
    result = pressed(
        LOAD,
        lambda at: (100, 50 if at < 130 else 50 * slowed, 0),
        batch={**batch, "seconds": seconds if done == WHOLE else None},
    )
    return {one.check: one for one in nightwork(result)}


def test_a_whole_batch_that_nobody_feels_passes():
    seen = night(1.02)
    assert {one.outcome for one in seen.values()} == {Outcome.PASSED}
    assert 0 <= seen["online_work_hardly_feels_the_batch"].measures["online_p99_growth_share"] <= 0.2


def test_a_batch_that_is_felt_fails_though_only_a_part_of_it_ran():
    seen = night(2.0, done=40)
    felt = seen["online_work_hardly_feels_the_batch"]
    assert felt.outcome is Outcome.FAILED
    assert felt.measures["online_p99_growth_share"] > 0.5
    assert seen["the_batch_is_done_in_time"].outcome is Outcome.UNSCORED


def test_a_part_of_a_batch_passes_nothing():
    seen = night(1.0, done=40)["online_work_hardly_feels_the_batch"]
    assert seen.outcome is Outcome.UNSCORED
    assert seen.note == "40 items were worked off, a whole batch has 2000"


def test_a_batch_that_is_not_done_within_an_hour_fails():
    assert night(1.0, seconds=4000.0)["the_batch_is_done_in_time"].outcome is Outcome.FAILED


def test_a_batch_that_was_watched_for_longer_than_its_hour_and_is_not_done_fails():
    result = pressed(LOAD, lambda at: (100, 50, 0), batch={"items": 2000.0, "done": 700.0, "worked": 3700.0})
    assert {one.check: one for one in nightwork(result)}["the_batch_is_done_in_time"].outcome is Outcome.FAILED


def test_a_workload_that_promises_nothing_of_its_batch_says_so():
    load = workload("bank-peak")
    seen = next(nightwork(pressed(load, lambda at: (100, 50, 0))))
    assert seen.outcome is Outcome.BLOCKED
    assert "add it to its objectives" in seen.note
