"""Sentences: each scenario and check of security speaks Chinese too, and nothing that is not played does."""

import tomllib
from importlib.resources import files

from scenarios.library.security import SCENARIOS


def test_every_sentence_exists_in_chinese() -> None:
    told = tomllib.loads(files("scenarios.library").joinpath("zh", "security.toml").read_text("utf-8"))
    names = {name for one in SCENARIOS for name in (one.name, *(check.name for check in one.checks))}
    assert set(told) == names
    assert all(any("一" <= letter <= "鿿" for letter in sentence) for sentence in told.values())
