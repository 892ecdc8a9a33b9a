"""Sentences of customers: enough of them, alike in both languages, and filled without a gap."""

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from string import Formatter

import numpy as np
import pytest

from synthetic_data.chance import Chance
from synthetic_data.phrases import DIFFICULTIES, SLOTS, intents, pool, rivals, said, sentences, speech

LANGUAGES = ("zh", "en")


def templates(language: str) -> list[str]:
    return [text for intent in speech(language).intents.values() for d in DIFFICULTIES for text in getattr(intent, d)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_at_least_twenty_intents_of_at_least_twelve_sentences(language: str) -> None:
    found = speech(language).intents
    assert len(found) >= 20
    assert all(sum(len(getattr(intent, d)) for d in DIFFICULTIES) >= 12 for intent in found.values())


def test_both_languages_tell_the_same_intents_with_the_same_rivals() -> None:
    zh, en = (speech(language).intents for language in LANGUAGES)
    assert [(name, i.rival, i.scale) for name, i in zh.items()] == [(name, i.rival, i.scale) for name, i in en.items()]
    assert all(intents()[rival] != name for name, rival in zip(intents(), rivals(), strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stands_twice(language: str) -> None:
    assert len(set(templates(language))) == len(templates(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slot_has_values(language: str) -> None:
    named = {name for text in templates(language) for _, name, _, _ in Formatter().parse(text) if name}
    assert named - {"amount"} <= set(pool(language, "CNY").kinds)
    assert sentences(language, "CNY").kinds.shape == (len(templates(language)), SLOTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_filled_and_end_with_a_sign(language: str) -> None:
    rows = 2_000
    chance = Chance(7, 0, "test")
    day = np.full(rows, 20_600)
    intent, difficulty = chance.whole(0, len(intents()) - 1, rows), chance.whole(0, 2, rows)
    texts = said(chance, language, "CNY", intent, difficulty, day).to_pylist()
    assert not [text for text in texts if re.search(r"[{}]|  |None", text)]
    assert all(text[-1] in "。？.?!" for text in texts)
    assert len(set(texts)) > rows / 3


def test_days_in_a_sentence_lie_just_before_it() -> None:
    """2026-01-03: days named are of late December or the first of January, the month before is December."""
    day = np.full(3_000, 20_456)
    chance = Chance(7, 0, "test")
    texts = said(chance, "zh", "CNY", chance.whole(0, len(intents()) - 1, 3_000), np.zeros(3_000, dtype=int), day)
    months = {month for text in texts.to_pylist() for month in re.findall(r"(\d+)月", text)}
    assert months == {"12", "1"}


def test_amounts_are_in_the_currency_of_the_bank() -> None:
    values = pool("en", "EUR").values.to_pylist()
    assert "€15" in values
    assert "RMB 15" in pool("en", "CNY").values.to_pylist()
    assert "15元" in pool("zh", "CNY").values.to_pylist()


def nearest(language: str) -> list[tuple[str, str, str]]:
    """For each sentence its intent, its difficulty, and the intent of the most similar other one.

    Similar is the cosine of counts of words (letters in pairs for Chinese), weighted by how few sentences have them.
    """
    rows = [
        (name, difficulty, re.sub(r"{\w+}", "#", text).lower())
        for name, intent in speech(language).intents.items()
        for difficulty in DIFFICULTIES
        for text in getattr(intent, difficulty)
    ]
    bags = [
        Counter(a + b for a, b in pairwise(text)) if language == "zh" else Counter(re.findall(r"[a-z']+", text))
        for _, _, text in rows
    ]
    words = {word: place for place, word in enumerate(dict.fromkeys(word for bag in bags for word in bag))}
    counts = np.zeros((len(rows), len(words)))
    for row, bag in enumerate(bags):
        counts[row, [words[word] for word in bag]] = list(bag.values())
    weighted = counts * np.log(len(rows) / (counts > 0).sum(axis=0))
    weighted /= np.linalg.norm(weighted, axis=1, keepdims=True)
    alike = weighted @ weighted.T
    np.fill_diagonal(alike, -1)
    return [(name, hard, rows[at][0]) for (name, hard, _), at in zip(rows, alike.argmax(axis=1), strict=True)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_hard_sentences_sound_like_the_rival_intent(language: str) -> None:
    judged = nearest(language)
    told = speech(language).intents

    def share(difficulty: str, holds: Callable[[str, str], bool]) -> float:
        mine = [holds(name, guess) for name, hard, guess in judged if hard == difficulty]
        return sum(mine) / len(mine)

    def right(name: str, guess: str) -> bool:
        return name == guess

    def rival(name: str, guess: str) -> bool:
        return told[name].rival == guess

    assert share("easy", right) > 1.5 * share("hard", right)
    assert share("hard", rival) > 1.5 * share("easy", rival)
