"""Names in two languages and three scripts."""

import numpy as np
import pytest

from synthetic_data import spellings
from synthetic_data.chance import Chance
from synthetic_data.names import Word
from synthetic_data.spellings import Names, pool


def place(word: Word) -> int:
    return pool().words.index(word)


def known() -> Names:
    """Liu Jianguo, who is called by two characters, Liu Jian by one, and Jane Potter."""
    liu, jian, guo = (place(Word(*w)) for w in (("刘", "劉", "liu"), ("建", "建", "jian"), ("国", "國", "guo")))
    potter, jane = place(Word("Potter", "Potter", "potter")), place(Word("Jane", "Jane", "jane"))
    return Names(
        english=np.array([False, False, True]),
        surname=np.array([liu, liu, potter]),
        given=np.array([jian, jian, jane]),
        second=np.array([guo, -1, -1]),
    )


def test_names_are_written_in_all_their_forms() -> None:
    names = known()
    assert spellings.written(names).to_pylist() == ["刘建国", "刘建", "Jane Potter"]
    assert spellings.traditional(names).to_pylist() == ["劉建國", "劉建", "Jane Potter"]
    assert spellings.latin(names).to_pylist() == ["Liu Jianguo", "Liu Jian", "Jane Potter"]
    assert spellings.swapped(names).to_pylist() == ["建国刘", "建刘", "Potter Jane"]
    assert spellings.latin_swapped(names).to_pylist() == ["Jianguo Liu", "Jian Liu", "Potter Jane"]
    assert spellings.surnames(names).to_pylist() == ["刘", "刘", "Potter"]


def some(english: bool) -> tuple[Names, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    male = np.arange(400) % 2 == 0
    return spellings.drawn(Chance(1, 1, "names"), np.full(400, english), male), male


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize("letters", [1, 2])
def test_a_misspelt_name_is_another_one_with_the_same_surname(english: bool, letters: int) -> None:
    names, _ = some(english)
    wrong = spellings.misspelt(Chance(1, 1, "slips"), names, letters)
    for own, other in zip(spellings.written(names).to_pylist(), spellings.written(wrong).to_pylist(), strict=True):
        assert own != other
        differs = len(own) - len(other) if english else sum(a != b for a, b in zip(own, other, strict=True))
        assert differs == (letters if english else min(letters, len(own) - 1))
    assert (wrong.surname == names.surname).all()


@pytest.mark.parametrize("english", [False, True])
def test_a_renamed_person_keeps_one_part_of_the_name(english: bool) -> None:
    names, male = some(english)
    other = spellings.renamed(Chance(1, 1, "new"), names, male)
    assert (other.surname == names.surname).all() == (not english)
    assert (other.given == names.given).all() == english
    assert not np.any((other.surname == names.surname) & (other.given == names.given))


def test_twins_differ_in_the_last_piece_only() -> None:
    names, male = some(False)
    other = spellings.other_given(Chance(1, 1, "twin"), names, male)
    two = names.second >= 0
    assert (other.second[two] != names.second[two]).all()
    assert (other.given[two] == names.given[two]).all()
    assert (other.given[~two] != names.given[~two]).all()


def test_two_in_three_chinese_given_names_have_two_characters() -> None:
    names, _ = some(False)
    assert 0.6 < (names.second >= 0).mean() < 0.73


def test_chinese_surnames_are_as_frequent_as_published() -> None:
    names = spellings.drawn(Chance(1, 1, "many"), np.zeros(20_000, dtype=bool), np.zeros(20_000, dtype=bool))
    _, counts = np.unique(names.surname, return_counts=True)
    shares = np.sort(counts)[::-1].cumsum() / 20_000
    assert shares[0] == pytest.approx(0.0725, abs=0.01)
    assert shares[4] == pytest.approx(0.308, abs=0.03)
    assert len(counts) == pool().surnames[0].size
