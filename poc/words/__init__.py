"""words: every sentence that people read, in English and Chinese; code asks by key and language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

LANGUAGES = ("en", "zh")


class Words:
    """The sentences of one language."""

    def __init__(self, language: str, told: Mapping[str, str]) -> None:
        """Hold a catalogue; use ``words``."""
        self.language, self._told = language, told

    def __call__(self, key: str, **parts: object) -> str:
        """Return a sentence with its parts filled in; raises KeyError for a key that no catalogue has."""
        return self._told[key].format(**parts)

    def of(self, key: str, otherwise: str) -> str:
        """Return the sentence of a key that may be unknown (a check of somebody else's), else what was given."""
        return self._told.get(key, otherwise)

    @property
    def keys(self) -> frozenset[str]:
        """Return all keys."""
        return frozenset(self._told)


@cache
def words(language: str) -> Words:
    """Return the sentences of a language, en or zh; raises ValueError for another."""
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} is not offered: use en or zh")
    told: dict[str, str] = {}
    for file in sorted(_files(language), key=lambda item: item.name):
        told |= _flat(tomllib.loads(file.read_text(encoding="utf-8")))
    return Words(language, MappingProxyType(told))


@cache
def sentences() -> Mapping[str, str]:
    """Return what scenarios and checks say, by function name, in Chinese (in English their docstrings say it)."""
    folder = files("scenarios.library").joinpath("zh")
    told: dict[str, str] = {}
    for file in folder.iterdir() if folder.is_dir() else ():
        if file.name.endswith(".toml"):
            flat = _flat(tomllib.loads(file.read_text(encoding="utf-8")))
            told |= {key.rpartition(".")[2]: text for key, text in flat.items()}
    return MappingProxyType(told)


def sentence(name: str, english: str, language: str) -> str:
    """Return a check's sentence in a language; English where nobody translated it."""
    return sentences().get(name, english) if language == "zh" else english


def _files(language: str) -> list[Traversable]:
    return [item for item in files("poc.words").iterdir() if item.name.endswith(f".{language}.toml")]


def _flat(table: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat
