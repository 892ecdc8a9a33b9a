"""Rates that all tell where they come from."""

import tomllib
from importlib import resources
from pathlib import Path

import pytest

from synthetic_data.profile import ProfileError, load_profile, profile_names

FOLDER = resources.files("synthetic_data").joinpath("profiles")
OURS = FOLDER.joinpath("cn_digital_bank.toml").read_text(encoding="utf-8")


def leaves(table: dict[str, object], path: str = "") -> list[tuple[str, dict[str, object]]]:
    inner = [(f"{path}.{k}", v) for k, v in table.items() if isinstance(v, dict)]
    mine = [(path, table)] if {"value", "shares", "points"} & table.keys() else []
    return mine + [leaf for name, sub in inner if name.rsplit(".", 1)[-1] != "shares" for leaf in leaves(sub, name)]


@pytest.mark.parametrize("name", profile_names())
def test_every_rate_stands_beside_its_source(name: str) -> None:
    found = leaves(tomllib.loads(FOLDER.joinpath(f"{name.replace('-', '_')}.toml").read_text(encoding="utf-8")))
    assert len(found) > 80
    assert not [path for path, leaf in found if not leaf.get("source")]


@pytest.mark.parametrize("name", profile_names())
def test_every_profile_that_comes_with_us_can_be_loaded_by_its_name(name: str) -> None:
    assert load_profile(name).name == name


def test_an_unknown_profile_is_refused_with_those_there_are() -> None:
    with pytest.raises(ProfileError, match="unknown name 'moon-bank'; choose one of cn-digital-bank"):
        load_profile("moon-bank")


def test_a_profile_of_ones_own_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(OURS.replace('name = "cn-digital-bank"', 'name = "mine"'), encoding="utf-8")
    assert load_profile(path).name == load_profile(str(path)).name == "mine"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("[rates]\nenglish = { value = 0.06", "[rates]\nenglish = { value = 6", "rates.english.value = 6"),
        ('home_currency = "CNY"', 'home_currency = "yuan"', "home_currency = 'yuan'"),
        ("[rates]", "[rates]\nmoon = 1", "rates.moon = 1"),
        ('home_currency = "CNY"', "", "home_currency is missing; add it"),
        ("[[0, 18], [0.22, 28]", "[[0, 18], [0, 28]", "points must rise"),
        ("[rates]", "[rates", "not TOML"),
    ],
)
def test_a_wrong_profile_is_refused_by_field_and_value(tmp_path: Path, before: str, after: str, told: str) -> None:
    path = tmp_path / "mine.toml"
    assert before in OURS
    path.write_text(OURS.replace(before, after), encoding="utf-8")
    with pytest.raises(ProfileError, match="mend that") as trouble:
        load_profile(path)
    assert told in str(trouble.value)


def test_a_rate_without_a_source_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(OURS.replace('dormant = { value = 5, source = "assumption" }', "dormant = { value = 5 }"), "utf-8")
    with pytest.raises(ProfileError, match=r"states\.dormant\.source"):
        load_profile(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="cannot be read"):
        load_profile(tmp_path / "nothing.toml")
