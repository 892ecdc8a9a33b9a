"""Shapes scale to any length and peak, and the warm-up goes before them."""

import pytest

from loadtests.arrivals import arrivals
from loadtests.shapes import flaw, profile, shapes


@pytest.mark.parametrize("name", sorted(shapes()))
def test_every_shipped_shape_is_sound_and_reaches_its_length(name):
    assert not flaw(shapes()[name])
    load = profile(shapes()[name], peak=100, seconds=60, warm_up=5)
    assert load.seconds == pytest.approx(65)
    assert max(stage.end for stage in load.stages) <= 100


def test_a_spike_is_ten_times_the_usual():
    load = profile(shapes()["spike"], peak=100, seconds=100)
    times = [one.due for one in arrivals(load, "constant", 1)]
    usual, spike = [sum(a <= t < a + 10 for t in times) for a in (20, 45)]
    assert spike == pytest.approx(10 * usual, rel=0.02)


def test_the_warm_up_keeps_the_rate_with_which_the_shape_begins():
    first = profile(((0, 0.2), (1, 1)), peak=50, seconds=10, warm_up=4).stages[0]
    assert first == (4, 10, 10)


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (((0, 1),), "two points"),
        (((0, 1), (0.6, 1), (0.5, 1), (1, 1)), "back in time"),
        (((0, 0), (1, 0)), "0 all the time"),
    ],
)
def test_points_that_make_no_shape_are_told(points, words):
    assert words in flaw(points)
