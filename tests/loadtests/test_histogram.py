"""A histogram loses at most 0.1 % of a value and merges exactly."""

from hypothesis import given
from hypothesis import strategies as st

from loadtests.histogram import Histogram, highest, lowest

values = st.lists(st.integers(0, 3_600_000_000), min_size=1, max_size=200)


@given(st.integers(0, 3_600_000_000))
def test_a_value_lies_in_its_own_bin_and_the_bin_is_narrow(value):
    histogram = Histogram()
    histogram.record(value)
    (index,) = histogram.counts
    assert lowest(index) <= value <= highest(index)
    assert highest(index) - lowest(index) <= max(0, value / 1000)


@given(values, values)
def test_merging_is_the_same_as_recording_all(first, second):
    both = Histogram()
    for value in first + second:
        both.record(value)
    parts = [Histogram(), Histogram()]
    for part, own in zip(parts, (first, second), strict=True):
        for value in own:
            part.record(value)
    assert Histogram.of(parts).counts == both.counts


@given(values, st.floats(0.01, 1.0))
def test_a_quantile_is_within_a_thousandth_of_the_sorted_sample(sample, q):
    import math

    histogram = Histogram()
    for value in sample:
        histogram.record(value)
    exact = sorted(sample)[max(1, math.ceil(q * len(sample) - 1e-9)) - 1]
    assert exact <= histogram.quantile(q) <= exact * 1.001 + 1


def test_an_empty_histogram_has_no_quantile():
    assert Histogram().quantile(0.99) is None
    assert Histogram().n == 0


def test_values_above_a_limit_are_counted():
    histogram = Histogram()
    for value in (100, 200_000, 300_000):
        histogram.record(value)
    assert histogram.above(250_000) == 1
