"""Names: the words from which people, places and conversations are drawn, in Chinese and in English."""

import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, field_validator


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
    surname_shares: tuple[tuple[int, float], ...] = ()  # (rank, people up to it); none if all are as frequent
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
