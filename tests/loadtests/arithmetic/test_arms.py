"""Two sides are compared by runs: few false alarms, differences found, and no verdict from too little."""

import math

import numpy as np
import pytest

from loadtests.arithmetic.arms import gap, ratio


def test_welch_on_published_numbers() -> None:
    # Student's sleep data (Biometrika 6, 1908): hours 1.58 apart, Welch -3.365..0.205, paired -2.460..-0.700
    one = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    two = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    assert gap(two, one) == pytest.approx((-1.58, -3.3654832, 0.2054832), abs=1e-6)
    assert gap(two, one, paired=True) == pytest.approx((-1.58, -2.4598858, -0.7001142), abs=1e-6)


def arms(seed: int, factor: float, comparisons: int = 100) -> list[tuple[list[list[float]], list[list[float]]]]:
    """Quantiles (p50, p90, p95) of 5 + 5 runs with a run-to-run effect of 3 %, the second side slower by a factor."""
    chance, told = np.random.default_rng(seed), []
    for _ in range(comparisons):
        sides = []
        for slower in (1.0, factor):
            runs = chance.lognormal(3, 0.5, (5, 2000)) * np.exp(chance.normal(0, 0.03, (5, 1))) * slower
            sides.append(np.quantile(runs, [0.5, 0.9, 0.95], axis=1).tolist())
        told.append((sides[0], sides[1]))
    return told


def verdicts(seed: int, factor: float) -> list[list[str]]:
    return [[ratio(a, b).verdict for a, b in zip(first, second, strict=True)] for first, second in arms(seed, factor)]


def test_a_system_compared_with_itself_raises_a_false_alarm_in_ten_of_a_hundred_at_most() -> None:
    alarms = sum(bool({"slower", "faster"} & set(row)) for row in verdicts(1, 1.0))
    assert alarms <= 10


def test_a_median_that_is_a_tenth_slower_is_found_nine_times_in_ten() -> None:
    assert sum(row[0] == "slower" for row in verdicts(2, 1.1)) >= 90


def test_with_quiet_runs_the_same_is_proven_within_the_margin() -> None:
    quiet = [100.0, 100.5, 99.5, 100.2, 99.8]
    assert ratio(quiet, [v * 1.01 for v in quiet]).verdict == "the same"
    assert ratio(quiet, [v * 1.2 for v in quiet]).verdict == "slower"
    assert ratio(quiet, [v / 1.2 for v in quiet]).verdict == "faster"


def test_noise_is_not_taken_for_a_verdict() -> None:
    assert ratio([80, 120, 95, 130, 100], [90, 140, 85, 125, 118]).verdict == "cannot tell"


def test_fewer_than_five_runs_a_side_are_indicative_only() -> None:
    assert ratio([100.0] * 4, [200.0] * 9).verdict == "indicative"
    assert ratio([100.0], [200.0]) == (pytest.approx(2), None, None, "indicative")


def test_the_ratio_is_that_of_geometric_means() -> None:
    assert ratio([1, 100], [2, 200]).seen == pytest.approx(2)
    assert math.isclose(ratio([1, 100], [10, 10]).seen, 1)
