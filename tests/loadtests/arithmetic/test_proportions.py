"""A share is proven as far as its sample goes, also when what is bad comes in clumps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests.arithmetic.proportions import (
    clumping,
    decide,
    fewest,
    interval,
    lower_bound,
    still_needed,
    upper_bound,
)


def test_the_bounds_are_those_of_clopper_and_pearson() -> None:
    # 4 of 20 at 95 % two-sided: 0.0573 and 0.4366 (Newcombe, Statistics in Medicine 17, 1998, on the exact method)
    assert lower_bound(4, 20, 0.975) == pytest.approx(0.0573, abs=5e-5)
    assert upper_bound(4, 20, 0.975) == pytest.approx(0.4366, abs=5e-5)


def test_newcombes_other_exact_intervals() -> None:
    # the same paper, table I, method 5: 81 of 263, 15 of 148, 0 of 20
    assert lower_bound(81, 263, 0.975) == pytest.approx(0.2527, abs=5e-5)
    assert upper_bound(81, 263, 0.975) == pytest.approx(0.3676, abs=5e-5)
    assert lower_bound(15, 148, 0.975) == pytest.approx(0.0578, abs=5e-5)
    assert upper_bound(15, 148, 0.975) == pytest.approx(0.1617, abs=5e-5)
    assert (lower_bound(0, 20, 0.975), upper_bound(0, 20, 0.975)) == pytest.approx((0, 0.1684), abs=5e-5)


def test_nothing_bad_in_299_proves_one_percent_and_in_298_does_not() -> None:
    assert fewest(0.01) == 299
    assert upper_bound(0, 299) < 0.01 < upper_bound(0, 298)
    assert fewest(0.001) == 2995


@given(n=st.integers(1, 5000), share=st.floats(0, 1), allowed=st.sampled_from([0.5, 0.01, 0.001]))
@settings(max_examples=60, deadline=None)
def test_a_sample_too_small_to_prove_a_claim_never_passes(n: int, share: float, allowed: float) -> None:
    seen = interval(n, round(share * n), 1.0, 100)
    assert seen.lower <= seen.seen <= seen.upper
    if n < fewest(allowed):
        assert decide(seen, allowed) != "passed"


def test_three_verdicts_around_what_is_allowed() -> None:
    assert decide(interval(100_000, 700, 1, 100), 0.01) == "passed"
    assert decide(interval(100_000, 1300, 1, 100), 0.01) == "failed"
    assert decide(interval(100_000, 1000, 1, 100), 0.01) == "inconclusive"


def stalls(seed: int, runs: int, seconds: int, rate: int, share: float) -> np.ndarray:
    """Bad requests by second: all those of a stalled second, stalls of 1 s on a share of the seconds."""
    return (np.random.default_rng(seed).random((runs, seconds)) < share) * rate


def test_requests_that_stall_together_are_worth_one() -> None:
    bad = stalls(1, 1, 600, 100, 0.05)[0].tolist()
    assert clumping([100] * 600, bad) == pytest.approx(100, rel=0.15)
    even = np.random.default_rng(2).binomial(100, 0.05, 600).tolist()
    assert clumping([100] * 600, even) < 1.6


def test_at_the_border_a_clumped_run_passes_by_chance_as_rarely_as_was_said() -> None:
    seconds, rate, share, runs = 300, 50, 0.1, 400
    bad = stalls(3, runs, seconds, rate, share)
    honest = naive = 0
    for row in bad:
        total, told = int(row.sum()), row.tolist()
        effect = clumping([rate] * seconds, told)
        honest += decide(interval(seconds * rate, total, effect, seconds), share) == "passed"
        naive += decide(interval(seconds * rate, total, 1.0, seconds), share) == "passed"
    assert honest / runs <= 0.07
    assert naive / runs >= 0.3  # what counting requests as independent would have passed


def test_how_many_more_are_needed_is_enough_and_not_far_too_many() -> None:
    seen = interval(2000, 14, 1.0, 60)
    assert decide(seen, 0.01) == "inconclusive"
    more = still_needed(2000, seen, 0.01)
    assert more is not None
    n = round((2000 + more) * 1.02)  # a whole request more or less
    assert decide(interval(n, round(n * 0.007), 1.0, 60), 0.01) == "passed"
    assert decide(interval(int(n * 0.95), round(n * 0.95 * 0.007), 1.0, 60), 0.01) == "inconclusive"


def test_what_lies_on_the_border_is_decided_by_no_sample() -> None:
    assert still_needed(1000, interval(1000, 10, 1.0, 60), 0.01) is None
    assert still_needed(0, interval(0, 0, 1.0, 0), 0.01) is None
