"""Every sentence exists in both languages and takes the same parts."""

import re

import pytest

from poc.words import sentence, words


def test_both_languages_have_the_same_keys():
    assert words("en").keys == words("zh").keys


def test_both_languages_take_the_same_parts():
    for key in sorted(words("en").keys):
        parts = [set(re.findall(r"{(\w+)}", words(language).of(key, ""))) for language in ("en", "zh")]
        assert parts[0] == parts[1], key


def test_an_unknown_language_names_the_known_ones():
    with pytest.raises(ValueError, match="use en or zh"):
        words("fr")


def test_a_check_that_nobody_translated_keeps_its_english_sentence():
    assert sentence("no_such_check", "It holds.", "zh") == "It holds."
