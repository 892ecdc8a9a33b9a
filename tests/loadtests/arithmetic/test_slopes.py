"""Drift is found under noise, and a few wild points are not mistaken for one."""

import numpy as np
import pytest
from scipy.stats import theilslopes

from loadtests.arithmetic.slopes import drift, recovery, soaked, theil_sen


@pytest.mark.parametrize("seed", range(4))
def test_slope_and_interval_are_those_of_sen(seed: int) -> None:
    chance = np.random.default_rng(seed)
    x, y = np.arange(25.0), chance.normal(0, 1, 25).round(seed % 2 or 6) + 0.1 * np.arange(25)
    theirs = theilslopes(y, x, 0.95)
    assert theil_sen(x.tolist(), y.tolist()) == pytest.approx((theirs[0], theirs[2], theirs[3]))


def test_one_wild_run_is_no_trend() -> None:
    assert theil_sen(range(10), [5.0] * 9 + [500.0]).seen == 0


def test_a_slope_needs_two_moments() -> None:
    with pytest.raises(ValueError, match="two different moments"):
        theil_sen([1, 1], [1, 2])


def minutes(slope: float, hours: float = 4, seed: int = 1, warm: float = 80) -> tuple[list[float], list[float]]:
    """p99 by minute with 5 % noise that grows by a share an hour, after a warm-up of half an hour."""
    seconds = np.arange(0, hours * 3600, 60.0)
    chance = np.random.default_rng(seed)
    level = 100 * (1 + slope * seconds / 3600) + warm * np.exp(-seconds / 900)
    return seconds.tolist(), (level * np.exp(chance.normal(0, 0.05, len(seconds)))).tolist()


def test_a_steady_soak_passes_though_it_warmed_up() -> None:
    seen = soaked(*minutes(0.0))
    assert seen is not None
    assert seen.verdict == "steady"


def test_a_leak_of_a_fifth_an_hour_is_found_and_measured() -> None:
    seen = soaked(*minutes(0.3))
    assert seen is not None
    assert seen.verdict == "growing"
    assert seen.lower < 0.3 / 1.9 < seen.upper  # of the level in the middle of the second half


def test_a_short_soak_cannot_tell() -> None:
    seen = soaked(*minutes(0.06, hours=0.4, warm=0))
    assert seen is not None
    assert seen.verdict == "cannot tell"
    assert soaked([0, 60], [1, 1]) is None
    assert drift(range(9), [0.0] * 9, 1) is None


def test_a_spike_is_recovered_from_when_the_promise_holds_again_for_a_while() -> None:
    shares = [0.0] * 10 + [0.8] * 5 + [0.3, 0.0, 0.2, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert recovery(shares, 15, 0.01) == 3
    assert recovery(shares, 15, 0.5) == 0
    assert recovery([*shares[:18], *[0.2] * 9], 15, 0.01) is None
