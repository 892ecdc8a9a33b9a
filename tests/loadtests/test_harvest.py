"""A load result becomes evidence that claims no more than its sample proves."""

from loadtests.harvest import CLAIM_FROM, harvest
from loadtests.histogram import Histogram
from loadtests.result import LoadResult, Row, load
from loadtests.workload import workload
from scenarios.evidence import Outcome

HEALTHY = {
    "dispatch_lag_p99_ms": 0.4,
    "dispatch_lag_p999_ms": 0.9,
    "loop_lag_p99_ms": 1.0,
    "cpu_p95_percent": 20.0,
    "machine_p50_percent": 60.0,
    "gc_pause_max_ms": 1.0,
}


def result(
    reads=12_000,
    slow=0,
    refused=0,
    slow_ms=900,
    generator=HEALTHY,
    writes=12_000,
    finished=None,
    users=176,
    served_ms=None,
):
    rows = []
    for kind, step, fast in (("read", "overview", reads), ("write", "open_ticket", writes)):
        for milliseconds, count, outcome in ((20, fast, "ok"), (slow_ms, slow, "ok"), (5, refused, "refused")):
            for metric in ("response", "service"):
                histogram = Histogram()
                histogram.record((served_ms or milliseconds if metric == "service" else milliseconds) * 1000)
                rows += [Row(5, step, kind, metric, outcome, next(iter(histogram.counts)), count)] if count else []
    return LoadResult(
        target="crm",
        workload=workload("bank-peak").with_users(users),
        began=1_790_000_000.0,
        released=24_000,
        finished=24_000 if finished is None else finished,
        stopped_early=False,
        generator=generator,
        errors={},
        rows=tuple(rows),
    )


def outcomes(made):
    return {piece.check: piece.outcome for piece in harvest(made, run="r")}


def test_a_quick_target_passes_all_four():
    assert set(outcomes(result()).values()) == {Outcome.PASSED}


def test_a_slow_hundredth_fails_the_reads_though_most_were_quick():
    assert outcomes(result(slow=400))["reads_are_quick_enough"] is Outcome.FAILED


def test_too_few_samples_are_not_claimed():
    seen = outcomes(result(reads=CLAIM_FROM - 1))
    assert seen["reads_are_quick_enough"] is Outcome.UNSCORED
    assert seen["writes_are_quick_enough"] is Outcome.PASSED


def test_a_failure_of_an_exhausted_generator_is_ours():
    ill = {**HEALTHY, "cpu_p95_percent": 99.0}
    assert outcomes(result(slow=400, generator=ill))["reads_are_quick_enough"] is Outcome.BLOCKED


def test_a_failure_on_a_saturated_machine_is_nobodys_and_says_what_to_do():
    ill = {**HEALTHY, "machine_p50_percent": 99.0}
    seen = harvest(result(slow=400, refused=100, generator=ill), run="r")
    assert {piece.outcome for piece in seen} == {Outcome.BLOCKED, Outcome.PASSED}
    assert "lower the rate" in next(p.note for p in seen if p.check == "reads_are_quick_enough")


def test_a_failure_that_the_generators_own_delay_explains_is_ours():
    ill = {**HEALTHY, "dispatch_lag_p999_ms": 30.0, "loop_lag_p99_ms": 20.0}
    assert outcomes(result(slow=400, slow_ms=240, generator=ill))["reads_are_quick_enough"] is Outcome.BLOCKED


def test_a_late_generator_excuses_no_more_than_its_own_delay():
    ill = {**HEALTHY, "dispatch_lag_p999_ms": 30.0, "loop_lag_p99_ms": 20.0}
    assert outcomes(result(slow=400, slow_ms=900, generator=ill))["reads_are_quick_enough"] is Outcome.FAILED


def test_a_pass_stands_though_the_generator_lagged():
    ill = {**HEALTHY, "cpu_p95_percent": 99.0}
    assert outcomes(result(generator=ill))["reads_are_quick_enough"] is Outcome.PASSED


def test_refusals_are_errors():
    assert outcomes(result(refused=100))["errors_are_rare"] is Outcome.FAILED


def test_arrivals_that_never_ended_count_against_the_target():
    assert outcomes(result(finished=20_000))["the_offered_rate_is_achieved"] is Outcome.FAILED


def test_no_answer_at_all_is_no_verdict():
    assert outcomes(result(reads=0, writes=0))["errors_are_rare"] is Outcome.BLOCKED


def test_the_bound_is_a_measure_for_the_rubric():
    reads = next(p for p in harvest(result(), run="r") if p.check == "reads_are_quick_enough")
    assert 20 <= reads.measures["p99_upper_ms"] <= 20.1


def test_a_stored_result_reads_back_the_same(tmp_path):
    kept = result(slow=3)
    kept.write(tmp_path)
    assert load(tmp_path) == kept


def test_waiting_for_a_connection_of_too_small_a_pool_is_ours_and_its_passes_are_nobodys():
    # 420 requests a second x 200 ms are 84 connections
    seen = harvest(result(slow=400, users=20, served_ms=15), run="r")
    assert {piece.outcome for piece in seen} == {Outcome.BLOCKED}
    assert "raise users to 84" in seen[0].note
    assert "raise users to 168" in seen[1].note


def test_a_limit_that_is_broken_even_counted_from_sending_is_the_targets_whatever_the_pool():
    seen = outcomes(result(slow=400, users=20, served_ms=700))
    assert seen["reads_are_quick_enough"] is Outcome.FAILED


def test_a_pool_that_holds_what_the_limit_lets_be_under_way_excuses_nothing():
    assert outcomes(result(slow=400, served_ms=15))["reads_are_quick_enough"] is Outcome.FAILED
