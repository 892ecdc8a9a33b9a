"""A screening is judged at the number of false alarms that a bank can bear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthetic_data.judging.arrays import JudgingError
from synthetic_data.judging.screening import judge_screening, wilson


@pytest.mark.parametrize(
    ("found", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_that_of_newcombe(found: int, of: int, low: float, high: float) -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    assert wilson(found, of) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_the_threshold_is_the_lowest_that_alarms_few_enough() -> None:
    score = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]
    hit = [1, 0, 1, 1, 0, 0, 0, 1]
    judged = judge_screening(score, hit, allowed=0.25)
    assert (judged.threshold, judged.recall, judged.alarmed) == (0.6, 0.75, 0.25)


def test_equal_scores_are_alarmed_together() -> None:
    judged = judge_screening([1, 1, 1, 0], [1, 0, 0, 0], allowed=0.5)
    assert (judged.threshold, judged.recall, judged.alarmed) == (None, 0.0, 0.0)


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=30), st.floats(0, 1))
def test_never_more_are_alarmed_than_allowed(rows: list[tuple[int, bool]], allowed: float) -> None:
    judged = judge_screening([s for s, _ in rows], [h for _, h in rows], allowed=allowed)
    assert judged.alarmed is None or judged.alarmed <= allowed


def test_with_nobody_on_the_list_there_is_no_recall() -> None:
    judged = judge_screening([0.5], [0])
    assert (judged.recall, judged.recall_from, judged.recall_to) == (None, None, None)


def test_a_share_outside_its_range_is_refused() -> None:
    with pytest.raises(JudgingError, match=r"allowed: 1\.5 is outside"):
        judge_screening([0.5], [0], allowed=1.5)
