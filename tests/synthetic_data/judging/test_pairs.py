"""Merging two people is told apart from missing a second file."""

import pytest

from synthetic_data.judging.pairs import judge_pairs, pairs_of

TRUE = [("C1", "C2", "typo"), ("C3", "C4", "typo"), ("C5", "C6", "moved")]


def test_pairs_are_judged_whatever_their_order() -> None:
    judged = judge_pairs([("C2", "C1"), ("C1", "C2"), ("C5", "C6"), ("C7", "C8"), ("C9", "C9")], TRUE)
    assert (judged.claimed, judged.found, judged.true) == (3, 2, 3)
    assert judged.precision == judged.recall == judged.f1 == pytest.approx(2 / 3)
    assert judged.by_kind == {"moved": 1.0, "typo": 0.5}


def test_a_merged_look_alike_is_harm() -> None:
    judged = judge_pairs([("C8", "C7"), ("C1", "C2")], TRUE, traps=[("C7", "C8"), ("C10", "C11")])
    assert judged.harmed == (("C7", "C8"),)


def test_a_group_of_three_is_three_pairs() -> None:
    assert pairs_of([["C3", "C1", "C2"], ["C9"]]) == {("C1", "C2"), ("C1", "C3"), ("C2", "C3")}


def test_nothing_claimed_has_no_precision() -> None:
    judged = judge_pairs([], TRUE)
    assert (judged.precision, judged.recall, judged.f1) == (None, 0.0, None)
    assert judge_pairs([("C1", "C2")], []).recall is None
