"""Every picture is titled by what it shows, in both languages, for every kind of run."""

import pytest

from loadtests.arithmetic.search import Block, Found, Trial
from loadtests.comparison import compare, trends
from loadtests.objectives import objective
from poc.pressure.contrast import forest, searched, trend
from poc.pressure.course import Course, course_of
from poc.pressure.plots import budget, flow, over_time, shape, told_ms
from poc.pressure.spreads import lags, quantiles, quantiles_so_far, steps
from poc.words import LANGUAGES, words
from tests.poc.pressure.sample import pressed

EN = words("en")
GOOD, BAD = pressed(), pressed(stalls=(5, 9, 14), errors=4)


@pytest.mark.parametrize(("result", "language"), [(GOOD, "en"), (BAD, "zh")], ids=["good", "bad"])
def test_each_plot_of_a_run_has_a_finding_and_something_to_see(result, language: str) -> None:
    say, course = words(language), course_of(result)
    plots = [make(course, say) for make in (over_time, flow)]
    plots += [make(result, say) for make in (quantiles, budget, steps, lags)]
    for plot in plots:
        assert plot is not None
        assert plot.title
        assert plot.figure.data


def test_what_is_found_is_what_happened() -> None:
    assert "all were answered" in flow(course_of(GOOD), EN).title
    assert "ended in errors" in flow(course_of(BAD), EN).title
    assert "Every error budget lasted" in budget(GOOD, EN).title
    assert "was used up in second" in budget(BAD, EN).title
    assert "The server used up to 5" in over_time(course_of(GOOD), EN).title
    assert "The generator was on time" in lags(GOOD, EN).title


def test_a_target_that_is_not_seen_is_not_called_idle() -> None:
    course = course_of(GOOD)
    unseen = tuple(one for one in course.vitals if one.part == "generator")
    blind = Course(load=course.load, so_far=32, seconds=course.seconds, flow=course.flow, vitals=unseen)
    assert "could not be seen from here" in over_time(blind, EN).title


def test_a_run_that_has_just_begun_can_be_drawn() -> None:
    empty = Course(load=GOOD.workload, so_far=0, seconds=(), flow=(), vitals=())
    assert over_time(empty, EN).title == "No answer came yet."
    assert quantiles_so_far(empty, EN).data
    assert quantiles_so_far(course_of(GOOD), EN).data


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_sides_are_told_apart_or_not(language: str) -> None:
    say = words(language)
    sides = [[pressed(ms=ms, seed=seed, began=1e9 + seed + ms) for seed in range(1, 6)] for ms in (12, 12, 15)]
    slower = forest(compare(sides[0], sides[2]), "old", "new", say)
    assert "new" in slower.title
    assert "1.2" in slower.title or "1.1" in slower.title
    few = forest(compare(sides[0][:1], sides[2][:1]), "old", "new", say)
    assert few.title == say("load.plot_forest_few", count=5)
    assert trend(trends(sides[0])[0], say).title
    assert trend(trends(sides[0][:2])[0], say).title == say(
        "load.plot_trend_few", workload=say("load.pressed_at", workload="bank-peak", rate="40/s")
    )


def test_a_search_shows_where_the_promise_ends_to_hold() -> None:
    trials = [
        Trial(rate=rate, purpose=purpose, blocks=(Block(100, bad),), share=bad / 100, half=0.01, good=good, sure=True)
        for rate, purpose, bad, good in (
            (100, "bracket", 0, True),
            (200, "bracket", 9, False),
            (141, "confirm", 0, True),
        )
    ]
    found = Found(low=141.0, high=200.0, trials=tuple(trials), confirmed=True)
    plot = searched(found, objective("read", "p99 < 200 ms"), EN)
    assert plot.title == "“read p99 < 200 ms” holds at 141/s, confirmed over a minute; 200/s breaks it."


def test_latencies_are_told_with_three_digits_at_most() -> None:
    assert [told_ms(ms) for ms in (None, 0.44, 12.3, 999, 1234, 61000)] == [
        "–", "0.4 ms", "12 ms", "999 ms", "1.2 s", "61 s",
    ]  # fmt: skip
    assert shape([1.0, 2.0], 10, 2, EN).data
