"""Verdict: what a check says of what was seen: passed or not, observed, expected, and named measures."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A judgement. ``observed`` and ``expected`` are JSON values for people; ``measures`` are numbers for rubrics.

    ``facts`` are JSON values that pages draw without judging again, such as a whole matrix of decisions.
    """

    passed: bool
    observed: object
    expected: object
    note: str = ""
    measures: Mapping[str, float] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)


class NotTestable(Exception):
    """The target does not let us look (raise it in a story or a check; the text says what was missing)."""


class NotProven(Exception):
    """The sample is too small to say pass or fail (raise it in a check; the text says how many more are needed)."""


def equal(observed: object, expected: object, *, note: str = "", **measures: float) -> Verdict:
    """Pass if what was seen is exactly what was expected."""
    return Verdict(passed=observed == expected, observed=observed, expected=expected, note=note, measures=measures)


def at_most(observed: float, limit: float, *, note: str = "", **measures: float) -> Verdict:
    """Pass if a number does not exceed its limit."""
    return Verdict(
        passed=observed <= limit, observed=observed, expected=f"<= {limit:.12g}", note=note, measures=measures
    )


def at_least(observed: float, limit: float, *, note: str = "", **measures: float) -> Verdict:
    """Pass if a number reaches its limit."""
    return Verdict(
        passed=observed >= limit, observed=observed, expected=f">= {limit:.12g}", note=note, measures=measures
    )


def none_of(found: object, *, what: str, note: str = "", **measures: float) -> Verdict:
    """Pass if a collection of unwanted things is empty; shows the first ten of them."""
    things = sorted(str(thing) for thing in found)  # type: ignore[attr-defined]
    return Verdict(
        passed=not things,
        observed={"count": len(things), "first": things[:10]},
        expected=f"no {what}",
        note=note,
        measures=measures,
    )


def holds(condition: bool, *, observed: object, expected: object, note: str = "", **measures: float) -> Verdict:
    """Pass if a condition that the other forms cannot express is true."""
    return Verdict(passed=condition, observed=observed, expected=expected, note=note, measures=measures)
