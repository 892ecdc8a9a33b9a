"""Verdict: each form passes and fails where it should, and shows both sides."""

import pytest

from scenarios.verdict import Verdict, at_least, at_most, equal, holds, none_of


@pytest.mark.parametrize(
    ("verdict", "passed", "observed", "expected"),
    [
        (equal((1, 0), (1, 0)), True, (1, 0), (1, 0)),
        (equal(1, 2), False, 1, 2),
        (at_most(0.2, 0.2), True, 0.2, "<= 0.2"),
        (at_most(0.21, 0.2), False, 0.21, "<= 0.2"),
        (at_least(0.95, 0.95), True, 0.95, ">= 0.95"),
        (at_least(0.94, 0.95), False, 0.94, ">= 0.95"),
        (none_of([], what="leak"), True, {"count": 0, "first": []}, "no leak"),
        (none_of(["b", "a"], what="leak"), False, {"count": 2, "first": ["a", "b"]}, "no leak"),
        (holds(True, observed="x", expected="y"), True, "x", "y"),
    ],
)
def test_each_form(verdict: Verdict, passed: bool, observed: object, expected: object) -> None:
    assert (verdict.passed, verdict.observed, verdict.expected) == (passed, observed, expected)


@pytest.mark.parametrize("limit", [at_most, at_least])
def test_a_number_that_is_none_never_passes(limit: object) -> None:
    assert not limit(float("nan"), 1.0).passed  # type: ignore[operator]


def test_only_the_first_ten_unwanted_things_are_shown_and_all_are_counted() -> None:
    verdict = none_of(range(25), what="leak", leaks=25)
    assert verdict.observed["count"] == 25  # type: ignore[index]
    assert len(verdict.observed["first"]) == 10  # type: ignore[index]
    assert verdict.measures == {"leaks": 25}
