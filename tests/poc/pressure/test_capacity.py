"""What a system takes is told in a sentence over each picture, as surely as it was measured, in both languages."""

import pytest

from poc.pressure.capacity import growth, stairs
from poc.pressure.series import Grown
from poc.words import LANGUAGES, words
from tests.poc.pressure.test_series import GROWN, STEPS
from tests.poc.pressure.test_series import stairs as climbed

EN = words("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_picture_has_a_sentence_the_points_and_their_band(language: str) -> None:
    say = words(language)
    for plot, parts in ((stairs(climbed(), say), 3), (growth(GROWN, say), 4)):
        assert plot.title
        assert len(plot.figure.data) == parts


def test_stairs_say_where_throughput_peaks_only_if_that_is_in_sight() -> None:
    assert "peaks between" in stairs(climbed(), EN).title
    straight = {n: 100.0 * n for n in STEPS}
    assert "no peak in sight" in stairs(climbed(steps=straight), EN).title
    assert "no law is fitted" in stairs(climbed(steps={1: 100.0, 2: "void"}), EN).title


@pytest.mark.parametrize(
    ("p99s", "said"),
    [((10.0, 10.4, 11.0), "keeps to"), ((10.0, 25.0, 60.0), "more than"), ((10.0, 30.0, 14.0), "cannot be told")],
)
def test_growth_is_claimed_by_the_end_of_its_interval(p99s: tuple[float, ...], said: str) -> None:
    points = tuple(zip((1000, 10_000, 100_000), p99s, strict=True))
    assert said in growth(Grown(target="reference", began=1.0, points=points), EN).title
