"""Scores are judged as the literature does it, and the best attainable is known exactly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthetic_data.judging.arrays import JudgingError
from synthetic_data.judging.chances import auc, expected_auc, judge_chances, lift

PROBABILITIES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.8, 1.0]), min_size=2, max_size=12)


def test_the_area_and_its_error_are_those_of_hanley_and_mcneil() -> None:
    """The 109 CT images of Hanley and McNeil 1982, table I: area 0.893, standard error 0.032."""
    normal, abnormal = (33, 6, 6, 11, 2), (3, 2, 2, 11, 33)
    score = np.repeat([1, 2, 3, 4, 5] * 2, [*normal, *abnormal])
    happened = np.repeat([0, 1], [sum(normal), sum(abnormal)])
    judged = judge_chances(score, happened)
    assert judged.auc == pytest.approx(0.893, abs=0.0005)
    assert judged.auc_error == pytest.approx(0.032, abs=0.0005)
    assert judged.brier is None, "a rating from 1 to 5 is no probability"


@given(PROBABILITIES, st.data())
def test_the_expected_area_is_that_of_all_pairs(likely: list[float], data: st.DataObject) -> None:
    score = data.draw(st.lists(st.integers(0, 3), min_size=len(likely), max_size=len(likely)))
    rows = range(len(likely))
    weights = {(i, j): likely[i] * (1 - likely[j]) for i in rows for j in rows if i != j}
    above = sum(w * (1.0 if score[i] > score[j] else 0.5 * (score[i] == score[j])) for (i, j), w in weights.items())
    found = expected_auc(score, likely)
    if (every := sum(weights.values())) == pytest.approx(0, abs=1e-12):
        return
    assert found == pytest.approx(above / every)


@given(PROBABILITIES, st.data())
def test_no_order_beats_that_of_the_true_probabilities(likely: list[float], data: st.DataObject) -> None:
    best, other = expected_auc(likely, likely), expected_auc(data.draw(st.permutations(likely)), likely)
    if best is not None and other is not None:
        assert other <= best + 1e-12


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=20))
def test_turning_the_scores_round_turns_the_area_round(rows: list[tuple[int, bool]]) -> None:
    score, happened = np.array([s for s, _ in rows]), [h for _, h in rows]
    forth, back = auc(score, happened), auc(-score, happened)
    assert (forth is None) == (back is None)
    if forth is not None and back is not None:
        assert forth + back == pytest.approx(1)


def test_a_sample_drawn_from_the_probabilities_comes_near_the_optimum() -> None:
    chance = np.random.default_rng(5)
    likely = chance.beta(1, 9, 20_000)
    judged = judge_chances(likely, chance.random(20_000) < likely, likely=likely)
    assert judged.auc is not None
    assert judged.optimum_auc is not None
    assert judged.auc_error is not None
    assert abs(judged.auc - judged.optimum_auc) < 4 * judged.auc_error
    assert judged.brier == pytest.approx(judged.optimum_brier, abs=0.005)
    assert judged.attained == pytest.approx(1, abs=0.1)
    assert judged.calibration_error is not None
    assert judged.calibration_error < 0.01


def test_lift_is_how_many_times_more_often_it_happened_among_those_reached() -> None:
    happened = [1, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    assert lift(range(10, 0, -1), happened, 0.2) == pytest.approx(1 / 0.3)
    assert lift(range(10), happened, 0.2) == pytest.approx(0.5 / 0.3)


def test_equal_scores_lift_nothing_however_the_rows_are_sorted() -> None:
    assert lift([1] * 10, [1] * 3 + [0] * 7, 0.1) == pytest.approx(1)
    assert lift([1] * 10, [0] * 7 + [1] * 3, 0.1) == pytest.approx(1)


def test_calibration_compares_what_was_said_with_what_happened() -> None:
    judged = judge_chances([0.2] * 5 + [0.8] * 5, [0, 0, 0, 0, 1, 1, 1, 1, 1, 0])
    assert judged.calibration_error == pytest.approx(0.32)
    assert sum(one.rows for one in judged.bins) == 10
    assert judged.brier == pytest.approx(0.16)


def test_one_class_alone_has_no_area_and_that_is_not_zero() -> None:
    judged = judge_chances([0.1, 0.9], [0, 0], likely=[0.0, 0.0])
    assert (judged.auc, judged.lift, judged.optimum_auc, judged.attained) == (None, None, None, None)


@pytest.mark.parametrize(
    ("score", "happened", "told"),
    [
        ([0.1], [1, 0], "score has 1, happened has 2"),
        ([], [], "holds no row"),
        ([float("nan"), 1], [0, 1], "score: row 0 is nan"),
        ([0.1, 0.2], [0, 2], "besides 0 and 1"),
        (["a", "b"], [0, 1], "no number"),
        ([[0.1]], [1], "2 dimensions"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_one_line(score: list[float], happened: list[int], told: str) -> None:
    with pytest.raises(JudgingError, match=told) as trouble:
        judge_chances(score, happened)
    assert "\n" not in str(trouble.value)


def test_a_truth_that_is_no_probability_and_a_share_of_nobody_are_refused() -> None:
    with pytest.raises(JudgingError, match=r"likely: row 1 is 1\.5"):
        judge_chances([0, 1], [0, 1], likely=[0.5, 1.5])
    with pytest.raises(JudgingError, match="reached: 0 is outside"):
        lift([1], [1], 0)
