"""Names in two languages and three scripts."""

import pytest
from faker.providers.person.en_GB import Provider as English
from faker.providers.person.zh_CN import Provider as Chinese

from synthetic_data.draws import Draws
from synthetic_data.names import Name, Vocabulary, Word, draw_name, misspelt, vocabulary

LI_MING = Name("zh", Word("刘", "劉", "liu"), (Word("建", "建", "jian"), Word("国", "國", "guo")))
JANE = Name("en", Word("Potter", "Potter", "potter"), (Word("Jane", "Jane", "jane"),))


def test_the_frozen_words_are_those_of_faker() -> None:
    zh, en = vocabulary("zh"), vocabulary("en")
    assert {w.written for w in zh.surnames} <= set(Chinese.last_names)
    assert {w.written for w in zh.male} <= set("".join(Chinese.first_names_male))
    assert {w.written for w in zh.female} <= set("".join(Chinese.first_names_female))
    assert {w.written for w in en.surnames} <= set(English.last_names)
    assert {w.written for w in (*en.male, *en.female)} <= {*English.first_names_male, *English.first_names_female}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_languages_say_the_same_things(language: str) -> None:
    words, other = vocabulary(language), vocabulary("zh")
    assert [t.category for t in words.topics] == [t.category for t in other.topics]
    assert all("{mark}" in t.text for t in words.topics)
    assert words.trades.keys() == other.trades.keys()
    assert words.campaigns.keys() == other.campaigns.keys()


def test_a_chinese_name_is_written_in_all_its_forms() -> None:
    assert (LI_MING.written, LI_MING.traditional, LI_MING.latin) == ("刘建国", "劉建國", "Liu Jianguo")
    assert LI_MING.swapped == "建国刘"


def test_an_english_name_is_written_in_all_its_forms() -> None:
    assert (JANE.written, JANE.latin, JANE.swapped) == ("Jane Potter", "Jane Potter", "Potter Jane")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_misspelt_name_is_another_one_with_the_same_surname(language: str) -> None:
    draws = Draws("names", language)
    for _ in range(100):
        name = draw_name(draws, language, draws.one("FM"))
        wrong = misspelt(name, draws)
        assert wrong.written != name.written
        assert wrong.surname == name.surname
        assert abs(len(wrong.written) - len(name.written)) <= 1


def test_a_surname_can_be_inherited() -> None:
    assert draw_name(Draws(1), "zh", "F", LI_MING.surname).surname.written == "刘"


def test_words_are_read_once() -> None:
    assert isinstance(vocabulary("zh"), Vocabulary)
    assert vocabulary("zh") is vocabulary("zh")
