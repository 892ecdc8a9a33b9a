"""Names: one name in many spellings comes to one key, two names do not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poc.reference_crm.domain import names

WORDS = st.text(alphabet="abcd", max_size=6)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("張偉國", "张伟国"),
        ("劉 曉東", "刘晓东"),
        ("Ｌｉ　Ｍｉｎｇ", "li ming"),
        ("O'Neill, Ann", "ONEILL ANN"),
        ("欧阳·娜", "歐陽娜"),
    ],
)
def test_spellings_of_one_name_fold_to_one(first: str, second: str) -> None:
    assert names.fold(first) == names.fold(second)


def test_a_chinese_name_and_its_latin_spelling_have_the_same_letters() -> None:
    assert names.letters("王小明") == names.letters("Wang Xiaoming") == names.letters("XIAOMING WANG")


def test_names_that_read_differently_sound_differently() -> None:
    assert names.sound("王建国") != names.sound("王建军")
    assert names.sound("王建国") == names.sound("王健国")


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ("", "", 0),
        ("anna", "anna", 0),
        ("anna", "anan", 1),
        ("smith", "smyth", 1),
        ("smith", "smiths", 1),
        ("ab", "cdef", 4),
    ],
)
def test_distance_counts_slips(first: str, second: str, apart: int) -> None:
    assert names.distance(first, second, limit=9) == apart


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS)
def test_distance_is_the_same_both_ways_and_zero_only_for_equals(first: str, second: str) -> None:
    assert names.distance(first, second) == names.distance(second, first)
    assert (names.distance(first, second) == 0) == (first == second)
