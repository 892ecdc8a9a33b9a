"""Zh: every scenario and check of three dimensions has its sentence in Chinese, and none is left over."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from scenarios import library
from scenarios.library.customers import SCENARIOS as CUSTOMERS
from scenarios.library.integration import SCENARIOS as INTEGRATION
from scenarios.library.intelligence import SCENARIOS as INTELLIGENCE
from scenarios.scenario import Scenario

DIMENSIONS = {"customers": CUSTOMERS, "integration": INTEGRATION, "intelligence": INTELLIGENCE}


def told(dimension: str) -> dict[str, str]:
    path = Path(library.__file__).parent / "zh" / f"{dimension}.toml"
    sentences: dict[str, str] = tomllib.loads(path.read_text("utf-8"))
    return sentences


def named(scenarios: tuple[Scenario[Any], ...]) -> list[str]:
    return [name for one in scenarios for name in (one.name, *(check.name for check in one.checks))]


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_sentence_is_also_there_in_chinese_and_none_is_left_over(dimension: str) -> None:
    assert set(told(dimension)) == set(named(DIMENSIONS[dimension]))


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_chinese_sentences_are_chinese_and_end(dimension: str) -> None:
    assert all(text.endswith("。") and any("一" <= c <= "鿿" for c in text) for text in told(dimension).values())


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_names_are_used_once_in_a_dimension(dimension: str) -> None:
    names = named(DIMENSIONS[dimension])
    assert sorted(names) == sorted(set(names))
