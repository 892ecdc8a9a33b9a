"""Chance that is the same wherever it is drawn, a column at a time."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic_data.chance import Chance, spread

CURVE = ((0.0, 0.0), (0.5, 100.0), (1.0, 10_000.0))


def test_the_same_address_gives_the_same_stream_and_another_one_another() -> None:
    stream = Chance(7, 42, "rent").shares(20)
    assert (stream == Chance(7, 42, "rent").shares(20)).all()
    for other in (Chance(8, 42, "rent"), Chance(7, 43, "rent"), Chance(7, 42, "pay"), Chance(7, 42, "rent", "day")):
        assert (stream != other.shares(20)).any()


def test_a_stream_is_pinned_so_that_banks_stay_what_they_were() -> None:
    """Philox 4x64-10 of Salmon et al. under BLAKE2b of "7/42/rent", the first 53 bits of two words."""
    assert Chance(7, 42, "rent").shares(2).tolist() == [0.860147082936258, 0.32255100616640286]


def test_drawing_more_keeps_what_was_drawn() -> None:
    assert (Chance(7, 1, "a").shares(50)[:20] == Chance(7, 1, "a").shares(20)).all()


def test_shares_are_spread_evenly() -> None:
    tenths = np.bincount((Chance(1, 0, "even").shares(10_000) * 10).astype(int), minlength=10)
    assert ((tenths > 850) & (tenths < 1150)).all()


def test_weights_are_obeyed() -> None:
    picked = np.bincount(Chance(1, 0, "coin").pick([3, 1], 4000))
    assert 2850 < picked[0] < 3150


def test_things_happen_as_often_as_they_should_each_at_its_own_rate() -> None:
    rates = np.repeat([0.0, 0.25, 1.0], 4000)
    happened = Chance(1, 0, "rates").happens(rates).reshape(3, -1).sum(axis=1)
    assert happened[0] == 0
    assert 900 < happened[1] < 1100
    assert happened[2] == 4000


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**40), st.integers(-50, 50), st.integers(0, 100))
def test_whole_numbers_stay_between_their_bounds(seed: int, low: int, span: int) -> None:
    drawn = Chance(seed, 0, "whole").whole(low, low + span, 20)
    assert ((drawn >= low) & (drawn <= low + span)).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**40), st.integers(0, 60))
def test_an_order_loses_and_adds_nothing(seed: int, many: int) -> None:
    assert sorted(Chance(seed, 0, "order").order(many)) == list(range(many))


def test_half_of_all_amounts_lie_below_the_median_of_their_curve() -> None:
    amounts = Chance(1, 0, "curve").along(CURVE, 4000)
    assert 1850 < (amounts < 100).sum() < 2150


def test_each_value_lies_on_its_own_curve() -> None:
    shares, codes = np.array([0.5, 0.5, 0.25]), np.array([0, 1, 0])
    assert spread(shares, codes, (CURVE, ((0.0, 1.0), (1.0, 3.0)))).tolist() == [100.0, 2.0, 50.0]


def test_counts_have_the_mean_and_the_spread_of_their_rates() -> None:
    counts = Chance(1, 0, "counts").counts(np.full(8000, 3.0))
    assert 2.9 < counts.mean() < 3.1
    assert 2.8 < counts.var() < 3.2


def test_normal_values_are_centred_and_cut() -> None:
    values = Chance(1, 0, "normal").normals(8000)
    assert abs(values.mean()) < 0.04
    assert 0.95 < values.std() < 1.05
    assert np.abs(values).max() < 4.1
