"""Sums of money drawn for whole columns."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic_data.chance import Chance
from synthetic_data.domains.money.amounts import cents, lognormal, lognormals, rounded, stepped
from tests.synthetic_data.domains.money.cells import PROFILES, frame

#: Nigrini (Benford's Law, 2012, table 7.1): first digits conform closely below 0.006 and acceptably below 0.012.
CLOSE, ACCEPTABLE = 0.006, 0.012


def benford_distance(amounts: np.ndarray) -> float:
    """Mean absolute deviation of first digits from Benford's law."""
    seen = np.abs(amounts[amounts != 0])
    digit = np.floor(seen / 10 ** np.floor(np.log10(seen))).astype(int)
    share = np.bincount(np.clip(digit, 1, 9), minlength=10)[1:] / len(digit)
    return float(np.abs(share - np.log10(1 + 1 / np.arange(1, 10))).mean())


@pytest.mark.parametrize("profile", PROFILES)
def test_first_digits_of_purchases_follow_benfords_law(profile: str) -> None:
    moved = frame("transactions", profile)
    amount = moved.loc[moved["kind"] == "purchase", "amount"].to_numpy()
    assert benford_distance(amount) < CLOSE


def test_first_digits_of_all_movements_follow_it_acceptably_although_people_like_round_sums() -> None:
    assert benford_distance(frame("transactions")["amount"].to_numpy()) < ACCEPTABLE


def test_a_lognormal_factor_has_the_median_and_the_spread_asked_for() -> None:
    drawn = np.log(lognormal(Chance(1, 0, "factor"), 0.8, 50_000))
    assert abs(np.median(drawn)) < 0.02
    assert abs(drawn.std() - 0.8) < 0.02


def test_factors_of_several_spreads_are_drawn_at_once() -> None:
    codes = np.tile([0, 1], 30_000)
    drawn = np.log(lognormals(Chance(1, 0, "factors"), (0.2, 1.2), codes))
    assert abs(drawn[codes == 0].std() - 0.2) < 0.01
    assert abs(drawn[codes == 1].std() - 1.2) < 0.03


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=20), st.integers(1, 10**6))
@settings(max_examples=50)
def test_stepped_sums_are_the_next_whole_step(sums: list[int], step: int) -> None:
    found = stepped(np.array(sums), step)
    assert all(f % step == 0 and 0 <= f - s < step for f, s in zip(found.tolist(), sums, strict=True))


def test_cents_and_fractions_are_rounded_half_up() -> None:
    assert cents([0.005, 1.115, 2.0]).tolist() == [1, 112, 200]
    assert rounded(np.array([0.12345649, 0.1234565])).tolist() == [0.123456, 0.123457]
