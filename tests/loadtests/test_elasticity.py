"""A spike is forgiven within two minutes; what was not watched for so long, or was no spike, proves nothing."""

import pytest

from loadtests.elasticity import NOT_PRESSED, elasticity, spike
from loadtests.workload import workload
from scenarios.evidence import Outcome
from tests.loadtests.pressed import HEALTHY, pressed

WHOLE = workload("ten-times")


def after(delay, load=WHOLE, **change):
    """The finding about a target that is slow from the begin of the spike until so many seconds after its end."""
    peak = spike(load)
    slow = range(round(peak.begins), round(peak.ends) + delay)
    found = {
        one.check: one for one in elasticity(pressed(load, lambda at: (40, 900 if at in slow else 20, 0), **change))
    }
    assert set(found) == {"it_recovers_from_a_spike", *NOT_PRESSED}
    assert {found[name].outcome for name in NOT_PRESSED} == {Outcome.UNSCORED}
    return found["it_recovers_from_a_spike"]


def test_the_shipped_workload_is_a_spike_of_ten_times_for_a_minute():
    peak = spike(WHOLE)
    assert (peak.begins, peak.ends) == (149, 221)
    assert peak.times == pytest.approx(10)
    assert spike(workload("bank-peak")) is None


def test_who_recovers_soon_passes_with_the_seconds_it_took():
    seen = after(20)
    assert seen.outcome is Outcome.PASSED
    assert seen.measures["recovery_s"] == 20


def test_who_takes_longer_than_two_minutes_fails():
    seen = after(130)
    assert seen.outcome is Outcome.FAILED
    assert seen.measures["recovery_s"] == 130


def test_who_never_recovers_fails_and_no_time_is_made_up():
    seen = after(1000)
    assert seen.outcome is Outcome.FAILED
    assert seen.measures == {}


def test_a_short_run_passes_nobody_and_blames_nobody_for_what_it_did_not_watch():
    short = WHOLE.at(seconds=60)
    assert after(2, short).outcome is Outcome.UNSCORED
    assert "12 s of the 60 s" in after(2, short).note
    assert after(1000, short).outcome is Outcome.UNSCORED


def test_a_failure_on_a_saturated_machine_is_ours():
    assert after(1000, generator={**HEALTHY, "machine_p50_percent": 99.0}).outcome is Outcome.BLOCKED


def test_a_workload_without_a_spike_says_so():
    seen = next(elasticity(pressed(workload("bank-peak"), lambda at: (40, 20, 0))))
    assert seen.outcome is Outcome.BLOCKED
    assert "no spike" in seen.note
