"""Promises are read from words, exactly, and what breaks them is counted."""

import pytest

from loadtests.histogram import Histogram
from loadtests.objectives import ObjectiveError, objective
from loadtests.tally import Cell, Tally, tally


@pytest.mark.parametrize(
    ("text", "form", "allowed", "limit"),
    [
        ("p99 < 200 ms", "latency", 0.01, 200),
        ("p99.9 <= 1 s", "latency", 0.001, 1000),
        ("p50<50ms", "latency", 0.5, 50),
        ("availability >= 99.9 %", "availability", 0.001, None),
        ("availability >= 99.9 % with 50 % of the budget left", "availability", 0.0005, None),
        ("achieved >= 99 %", "achieved", 0.99, None),
        ("rate >= 390/s", "rate", 390, None),
        ("slowdown <= 20 %", "slowdown", 0.2, None),
        ("done  within 3600 s", "done", 3600, None),
    ],
)
def test_a_promise_is_what_it_says(text, form, allowed, limit):
    seen = objective("read", text)
    assert (seen.form, seen.allowed, seen.limit_ms) == (form, allowed, limit)


@pytest.mark.parametrize("text", ["p99", "p100 < 1 ms", "p99 < 0 ms", "availability >= 100 %", "fast", "p0 < 3 ms"])
def test_a_promise_that_nothing_could_keep_or_break_is_refused(text):
    with pytest.raises(ObjectiveError):
        objective("read", text)


def cell(kind, outcome, *milliseconds, step="read"):
    histogram = Histogram()
    for each in milliseconds:
        histogram.record(each * 1000)
    return Cell(step, kind, outcome, histogram)


CELLS = (
    cell("read", "ok", 10, 199, 201),
    cell("read", "refused", 1),
    cell("write", "ok", 500, step="open_ticket"),
    cell("batch", "ok", 9000, step="import_500"),
)


@pytest.mark.parametrize(
    ("scope", "text", "seen"),
    [
        ("read", "p99 < 200 ms", Tally(4, 2)),
        ("read", "availability >= 99 %", Tally(4, 1)),
        ("all", "p99 < 200 ms", Tally(5, 3)),
        ("open_ticket", "p99 < 200 ms", Tally(1, 1)),
        ("batch", "p99 < 200 ms", Tally(1, 1)),
    ],
)
def test_what_failed_was_not_quick_and_a_batch_is_nobodys_online_latency(scope, text, seen):
    assert tally(CELLS, objective(scope, text)) == seen


def test_tallies_add_up():
    assert Tally(2, 1) + Tally(3, 0) == Tally(5, 1)
