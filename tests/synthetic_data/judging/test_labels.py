"""Labels are judged by accuracy, macro F1 and the adjusted Rand index, on published examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthetic_data.judging.arrays import JudgingError
from synthetic_data.judging.labels import adjusted_rand, judge_labels

GROUPS = st.lists(st.integers(0, 3), min_size=2, max_size=20)


def test_macro_f1_is_that_of_the_manual_of_scikit_learn() -> None:
    """The example of sklearn.metrics.f1_score, average='macro': 0.2667 (there rounded to 0.26)."""
    judged = judge_labels(list("021001"), list("012012"))
    assert judged.macro_f1 == pytest.approx(0.8 / 3)
    assert judged.accuracy == pytest.approx(1 / 3)
    assert [one.rows for one in judged.by_label] == [2, 2, 2]


def test_the_adjusted_rand_index_is_that_of_the_manual_of_scikit_learn() -> None:
    """The examples of sklearn.metrics.adjusted_rand_score: 0.57 and -0.5."""
    assert adjusted_rand([0, 0, 1, 2], [0, 0, 1, 1]) == pytest.approx(0.5714285714)
    assert adjusted_rand([0, 1, 0, 1], [0, 0, 1, 1]) == pytest.approx(-0.5)


@given(GROUPS)
def test_names_of_groups_do_not_matter(groups: list[int]) -> None:
    found = adjusted_rand([f"mine {g}" for g in groups], groups)
    assert found is None or found == pytest.approx(1)


@given(GROUPS, st.data())
def test_the_index_is_the_same_both_ways(groups: list[int], data: st.DataObject) -> None:
    others = data.draw(st.lists(st.integers(0, 3), min_size=len(groups), max_size=len(groups)))
    assert adjusted_rand(groups, others) == adjusted_rand(others, groups)


def test_a_row_without_an_answer_is_wrong_and_counted() -> None:
    judged = judge_labels(["card", None, "loan", "card"], ["card", "card", "loan", "loan"])
    assert (judged.rows, judged.answered, judged.accuracy) == (4, 3, 0.5)
    assert judged.mistaken == (("loan", "card", 1),)
    card = judged.by_label[0]
    assert (card.label, card.precision, card.recall, card.f1) == ("card", 0.5, 0.5, 0.5)


def test_a_label_that_was_never_found_counts_zero_and_has_no_precision() -> None:
    judged = judge_labels(["a", "a"], ["a", "b"])
    assert judged.by_label[1].precision is None
    assert judged.macro_f1 == pytest.approx((2 / 3 + 0) / 2)


def test_different_rows_are_refused() -> None:
    with pytest.raises(JudgingError, match="said has 1, true has 2"):
        judge_labels(["a"], ["a", "b"])
