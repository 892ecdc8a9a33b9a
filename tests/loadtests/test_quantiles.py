"""What a sample proves about a quantile, against published sample sizes."""

import random

from loadtests.histogram import Histogram
from loadtests.quantiles import bound, needed


def test_the_smallest_samples_are_those_of_the_books():
    # ln .05 / ln .99 = 298.07 and ln .05 / ln .999 = 2994.2: success-run theorem
    assert needed(0.99) == 299
    assert needed(0.999) == 2995


def test_too_small_a_sample_proves_nothing():
    histogram = Histogram()
    for _ in range(298):
        histogram.record(1000)
    assert bound(histogram, 0.99).upper is None
    histogram.record(1000)
    assert bound(histogram, 0.99).upper == 1.0


def test_the_bound_holds_in_about_95_of_100_samples():
    draw, covered = random.Random(5), 0
    true_p99 = 990_000
    for _ in range(200):
        histogram = Histogram()
        for _ in range(1000):
            histogram.record(draw.randrange(1_000_000))
        covered += bound(histogram, 0.99).upper * 1000 >= true_p99
    assert covered >= 180


def test_an_empty_sample_has_neither_figure_nor_bound():
    empty = bound(Histogram(), 0.99)
    assert (empty.seen, empty.upper, empty.n) == (None, None, 0)
