"""Chance that is the same wherever it is drawn."""

from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic_data.draws import Draws, Weighted


def test_the_same_address_gives_the_same_stream_and_another_one_another() -> None:
    first, again, other = Draws(7, "customer", 42), Draws(7, "customer", 42), Draws(7, "customer", 43)
    stream = [first.share() for _ in range(20)]
    assert stream == [again.share() for _ in range(20)]
    assert stream != [other.share() for _ in range(20)]


def test_a_stream_is_pinned_so_that_banks_stay_what_they_were() -> None:
    """BLAKE2b of "7/customer/42" with salt 0, first eight bytes, 53 bits of it."""
    assert Draws(7, "customer", 42).share() == 0.4641598505703056


def test_shares_are_spread_evenly() -> None:
    draws = Draws("even")
    tenths = Counter(int(draws.share() * 10) for _ in range(10_000))
    assert set(tenths) == set(range(10))
    assert all(850 < n < 1150 for n in tenths.values())


def test_weights_are_obeyed() -> None:
    draws, coin = Draws("coin"), Weighted({"heads": 3, "tails": 1})
    heads = sum(draws.of(coin) == "heads" for _ in range(4000))
    assert 2850 < heads < 3150


@settings(max_examples=50, deadline=None)
@given(st.integers(), st.integers(-50, 50), st.integers(0, 100))
def test_whole_numbers_stay_between_their_bounds(seed: int, low: int, span: int) -> None:
    draws = Draws(seed)
    assert all(low <= draws.whole(low, low + span) <= low + span for _ in range(20))


@settings(max_examples=30, deadline=None)
@given(st.integers(), st.lists(st.integers(), max_size=30))
def test_shuffling_loses_and_adds_nothing(seed: int, things: list[int]) -> None:
    assert sorted(Draws(seed).shuffled(things)) == sorted(things)


def test_a_rate_is_met_on_average_and_its_whole_part_always() -> None:
    draws = Draws("rate")
    counts = [draws.rounded(2.3) for _ in range(4000)]
    assert set(counts) == {2, 3}
    assert 2.25 < sum(counts) / len(counts) < 2.35


def test_half_of_all_amounts_lie_below_the_median_of_the_curve() -> None:
    draws = Draws("curve")
    amounts = [draws.money(((0, 0), (0.5, 100), (1, 10_000))) for _ in range(4000)]
    assert 1850 < sum(a < 100 for a in amounts) < 2150
    assert all(-a.as_tuple().exponent == 2 for a in amounts)  # type: ignore[operator]


def test_a_day_lies_between_the_first_and_the_last() -> None:
    draws = Draws("day")
    days = {draws.day(date(2026, 1, 1), date(2026, 1, 3)) for _ in range(200)}
    assert days == {date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)}
    assert draws.day(date(2026, 1, 5), date(2026, 1, 1)) == date(2026, 1, 5)


def test_a_moment_is_in_working_hours_and_knows_its_zone() -> None:
    draws = Draws("moment")
    moments = [draws.moment(date(2026, 1, 1), date(2026, 1, 2)) for _ in range(200)]
    assert all(1 <= m.hour <= 12 and m.utcoffset() is not None for m in moments)
