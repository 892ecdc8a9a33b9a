"""The course of a run has the same figures whether it is read second by second or from its result."""

import pytest

from poc.pressure.course import course_of, course_of_lines, heat, quantile_of
from tests.poc.pressure.sample import pressed


def test_in_a_steady_run_as_much_is_completed_as_is_offered() -> None:
    course = course_of(pressed())
    middle = course.flow[4:28]
    assert {one.offered for one in middle} == {40}
    assert all(one.completed == pytest.approx(40, abs=2) for one in middle)
    assert sum(one.completed for one in course.flow) == pytest.approx(40 * 32, abs=1)


def test_as_many_are_under_way_as_little_says() -> None:
    """L = rate x time (Little 1961): 40 a second of some 500 ms each."""
    course = course_of(pressed(ms=500))
    assert course.flow[20].waiting == pytest.approx(40 * 0.54, rel=0.15)


def test_quantiles_of_cells_lie_within_a_sixteenth_of_an_octave_of_the_truth() -> None:
    result = pressed()
    true = result.histogram().quantile(0.99)
    assert true is not None
    assert quantile_of(course_of(result).whole(), 0.99) == pytest.approx(true / 1000, rel=1 / 16)


def test_every_answer_is_in_the_heat_map() -> None:
    course = course_of(pressed(stalls=(7,)))
    edges, grid = heat(course.seconds)
    assert len(edges) == len(grid)
    assert sum(map(sum, grid)) == 40 * 32


def lines():
    for second in range(3):
        yield {
            "second": second, "requests": 40, "errors": 1, "p99_ms": 20.0, "cells": {"100": 39},
            "moment": 1002.0 + second, "released": 80 + 40 * second, "finished": 78 + 40 * second, "loop_ms": 1.5,
            "vitals": {"server.cpu_percent": 33.0},
        }  # fmt: skip


def test_a_run_that_goes_on_is_read_from_its_lines() -> None:
    course = course_of_lines(pressed().workload, [{"clock": 1000.0}, *lines()])
    assert course.so_far == 4.0
    assert [one.errors for one in course.seconds] == [1, 1, 1]
    assert course.flow[-1] == (4.0, 40.0, 40.0, 2)
    assert course.of("server", "cpu_percent") == [(2.0, 33.0), (3.0, 33.0), (4.0, 33.0)]


def test_before_the_clock_runs_there_is_nothing_to_see() -> None:
    assert course_of_lines(pressed().workload, [{"done": 0}]).seconds == ()
