"""A wager ends a run early when a promise is broken, and hardly ever when it is kept, however often one looks."""

import numpy as np
import pytest

from loadtests.arithmetic.wagers import ALPHA, Wager, refuted


def ever_refuted(shares: np.ndarray, allowed: float) -> float:
    """The share of runs (rows) in which a look after some second ended the run."""
    wager, ended = Wager(allowed, runs=len(shares)), np.zeros(len(shares), dtype=bool)
    for second in shares.T:
        wager.see(second)
        ended |= wager.capitals >= 1 / ALPHA
    return float(ended.mean())


@pytest.mark.parametrize("clumped", [True, False])
def test_at_the_border_hardly_a_run_is_ended_though_each_second_is_looked_at(clumped: bool) -> None:
    chance = np.random.default_rng(4)
    shape = (1500, 300)
    shares = (chance.random(shape) < 0.01).astype(float) if clumped else chance.binomial(100, 0.01, shape) / 100
    assert ever_refuted(shares, 0.01) <= ALPHA + 0.008


def test_an_ordinary_test_looked_at_each_second_would_end_many() -> None:
    counts = np.random.default_rng(5).binomial(100, 0.01, (400, 300)).cumsum(axis=1)
    n = np.arange(1, 301) * 100
    z = (counts - 0.01 * n) / np.sqrt(n * 0.01 * 0.99)
    assert (z[:, 5:] > 2.326).any(axis=1).mean() > 5 * ALPHA


def test_a_stall_of_one_second_in_ten_is_caught_within_a_minute() -> None:
    wager, second = Wager(0.01), 0
    while not refuted(wager.capital):
        wager.see(1.0 if second % 10 == 0 else 0.0)
        second += 1
    assert second <= 31


def test_several_promises_share_the_chance_of_a_false_alarm() -> None:
    assert refuted(100)
    assert not refuted(100, promises=2)


def test_a_long_refutation_does_not_overflow() -> None:
    wager = Wager(0.001)
    for _ in range(5000):
        wager.see(1.0)
    assert np.isfinite(wager.capital)
