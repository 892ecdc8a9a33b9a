"""Names: the words from which people, places and conversations are drawn, in Chinese and in English."""

import tomllib
from collections import defaultdict
from functools import cache
from importlib import resources
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, field_validator

from synthetic_data.draws import Draws


class Word(NamedTuple):
    """A piece of a name: as written, as written in traditional characters, and in latin letters."""

    written: str
    traditional: str
    latin: str


class Topic(BaseModel):
    """What a customer may turn to the bank for; ``{mark}`` is filled with the customer's own mark."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str
    text: str
    category: str


class Vocabulary(BaseModel):
    """All words of one language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    surnames: tuple[Word, ...]
    male: tuple[Word, ...]
    female: tuple[Word, ...]
    cities: tuple[str, ...]
    districts: tuple[str, ...]
    streets: tuple[str, ...]
    branches: tuple[str, ...]
    address: str
    household: str
    trust: str
    company: str
    company_first: tuple[str, ...]
    company_second: tuple[str, ...]
    occupations: tuple[str, ...]
    student: str
    retired: str
    school: str
    pensioner: str
    trades: dict[str, str]
    campaigns: dict[str, str]
    topics: tuple[Topic, ...]

    @field_validator("surnames", "male", "female", mode="before")
    @classmethod
    def _words(cls, text: str) -> tuple[Word, ...]:
        parts = (word.split("/") for word in text.split())
        return tuple(Word(*part) if len(part) == 3 else Word(part[0], part[0], part[0].lower()) for part in parts)


@cache
def vocabulary(language: str) -> Vocabulary:
    """The words of a language, ``zh`` or ``en``."""
    text = resources.files("synthetic_data").joinpath("vocabulary", f"{language}.toml").read_text(encoding="utf-8")
    return Vocabulary.model_validate(tomllib.loads(text))


class Name(NamedTuple):
    """A person's name: one surname and one or two pieces of given name."""

    language: str
    surname: Word
    given: tuple[Word, ...]

    @property
    def written(self) -> str:
        """The name as its bearer writes it."""
        if self.language == "zh":
            return self.surname.written + "".join(word.written for word in self.given)
        return " ".join(word.written for word in (*self.given, self.surname))

    @property
    def traditional(self) -> str:
        """The name in traditional characters."""
        return self.surname.traditional + "".join(word.traditional for word in self.given)

    @property
    def swapped(self) -> str:
        """The name with surname and given name in the wrong order."""
        if self.language == "zh":
            return "".join(word.written for word in self.given) + self.surname.written
        return " ".join(word.written for word in (self.surname, *self.given))

    @property
    def latin(self) -> str:
        """The name in latin letters: surname first for Chinese names."""
        if self.language == "zh":
            return f"{self.surname.latin.title()} {''.join(word.latin for word in self.given).title()}"
        return self.written


def draw_name(draws: Draws, language: str, gender: str, surname: Word | None = None) -> Name:
    """A name, with a given surname if the bearer inherits one; two in three Chinese given names have two characters."""
    words = vocabulary(language)
    pool = words.male if gender == "M" else words.female
    count = 2 if language == "zh" and draws.chance(2 / 3) else 1
    return Name(language, surname or draws.one(words.surnames), tuple(draws.one(pool) for _ in range(count)))


def misspelt(name: Name, draws: Draws) -> Name:
    """The same name as a clerk gets it wrong: a character that sounds alike, or a letter that is dropped."""
    last = name.given[-1]
    if name.language == "zh":
        others = [word for word in _by_sound()[last.latin] if word.written != last.written]
        wrong = draws.one(others or [w for w in vocabulary("zh").female if w.written != last.written])
    else:
        at = draws.whole(1, len(last.written) - 1)
        written = last.written[:at] + last.written[at + 1 :]
        wrong = Word(written, written, written.lower())
    return name._replace(given=(*name.given[:-1], wrong))


@cache
def _by_sound() -> dict[str, list[Word]]:
    words = vocabulary("zh")
    sounds: dict[str, list[Word]] = defaultdict(list)
    for word in dict.fromkeys((*words.male, *words.female, *words.surnames)):
        sounds[word.latin].append(word)
    return sounds
