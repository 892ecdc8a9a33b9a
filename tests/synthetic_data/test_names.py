"""The words of two languages."""

import pytest
from faker.providers.person.en_GB import Provider as English
from faker.providers.person.zh_CN import Provider as Chinese

from synthetic_data.names import Vocabulary, vocabulary


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


def test_words_are_read_once() -> None:
    assert isinstance(vocabulary("zh"), Vocabulary)
    assert vocabulary("zh") is vocabulary("zh")
