"""Sets of owners are right or wrong as a whole; households are judged by those who live in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthetic_data.judging.arrays import JudgingError
from synthetic_data.judging.sets import judge_grouping, judge_sets


def test_one_owner_too_few_makes_the_whole_set_wrong() -> None:
    true = {"E1": {"C1", "C2"}, "E2": {"C3"}, "E3": set[str]()}
    judged = judge_sets({"E1": ["C1"], "E2": ["C3"], "E3": []}, true)
    assert (judged.exact, judged.exact_f1) == (2, pytest.approx(2 / 3))
    assert (judged.precision, judged.recall) == (1.0, pytest.approx(2 / 3))
    assert judged.wrong == ("E1",)


def test_a_company_that_was_left_out_is_missed_even_if_nobody_owns_it() -> None:
    judged = judge_sets({}, {"E1": ()})
    assert (judged.exact, judged.exact_precision, judged.exact_recall) == (0, None, 0.0)


def test_a_company_that_is_not_asked_for_costs_precision() -> None:
    judged = judge_sets({"E1": ["C1"], "E9": ["C1"]}, {"E1": ["C1"]})
    assert (judged.exact_precision, judged.exact_recall, judged.wrong) == (0.5, 1.0, ("E9",))


def test_grouping_is_judged_as_bagga_and_baldwin_did() -> None:
    """Their example of 1998: {1-5} {6,7} {8,9,A,B,C}; joining the last two gives 76 %, the first and last 58 %."""
    true = dict(zip("123456789ABC", "aaaaabbccccc", strict=True))
    first = judge_grouping(dict(zip("123456789ABC", "xxxxxyyyyyyy", strict=True)), true)
    second = judge_grouping(dict(zip("123456789ABC", "xxxxxyyxxxxx", strict=True)), true)
    assert first.precision == pytest.approx(0.76, abs=0.005)
    assert second.precision == pytest.approx(0.58, abs=0.005)
    assert first.recall == second.recall == 1


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("xyz"), min_size=1))
def test_the_truth_itself_is_perfect_and_leaving_everybody_alone_never_joins_wrongly(true: dict[str, str]) -> None:
    assert judge_grouping(true, true).f1 == 1
    assert judge_grouping({}, true).precision == 1


def test_nobody_cannot_be_grouped() -> None:
    with pytest.raises(JudgingError, match="holds nobody"):
        judge_grouping({}, {})
