"""A proposal is worth what it truly brings; what is not allowed brings nothing and is harm."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from synthetic_data.judging.actions import judge_actions
from synthetic_data.judging.arrays import JudgingError

ACTIONS = ("fund", "loan", "card")


def test_value_is_that_of_what_was_proposed_beside_the_best() -> None:
    value = [[10.0, 4.0, -2.0], [1.0, 8.0, 3.0], [-1.0, -5.0, -2.0], [float("nan"), 6.0, 2.0]]
    judged = judge_actions(["fund", "card", None, "fund"], ACTIONS, value)
    assert (judged.captured, judged.optimum) == (13.0, 24.0)
    assert judged.share == pytest.approx(13 / 24)
    assert (judged.best, judged.harmed) == (2, 1)
    assert judged.at_random == pytest.approx((4 + 4 - 8 / 3 + 4) / 24)


@given(arrays(np.float64, (5, 3), elements=st.floats(-10, 10) | st.just(float("nan"))), st.data())
def test_nobody_does_better_than_the_optimum(value: np.ndarray, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from([*ACTIONS, None]), min_size=5, max_size=5))
    judged = judge_actions(chosen, ACTIONS, value)
    assert judged.captured <= judged.optimum + 1e-9
    best = [ACTIONS[int(np.nanargmax(row))] if np.nansum(row > 0) else None for row in value]
    assert judge_actions(best, ACTIONS, value).captured == pytest.approx(judged.optimum)


def test_where_nothing_may_be_proposed_there_is_no_share() -> None:
    judged = judge_actions([None], ACTIONS, [[float("nan")] * 3])
    assert (judged.share, judged.at_random, judged.best) == (None, None, 1)


def test_an_unknown_action_and_a_wrong_table_are_refused() -> None:
    with pytest.raises(JudgingError, match="'gold' is none of the actions; choose among fund, loan, card"):
        judge_actions(["gold"], ACTIONS, [[1, 2, 3]])
    with pytest.raises(JudgingError, match="value: has shape"):
        judge_actions(["fund"], ACTIONS, [[1, 2]])
