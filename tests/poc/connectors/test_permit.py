"""Permit: attacks on this machine need no paper; beyond it a named person signs for one address, until a day."""

from datetime import date
from pathlib import Path

import pytest

from poc.connectors.permit import ground
from poc.settings import SettingsError, Target

TODAY = date(2026, 11, 23)
URL = "https://crm.example"


def target(url: str = URL, paper: Path | None = None) -> Target:
    return Target(name="alder", connector="reference", url=url, attack_permission=paper)


def signed(folder: Path, text: str) -> Path:
    paper = folder / "permission.toml"
    paper.write_text(text, "utf-8")
    return paper


def test_this_machine_may_be_attacked() -> None:
    assert ground(target("https://127.0.0.1:8443"), TODAY) == "loopback"


def test_nothing_else_may_without_a_paper() -> None:
    assert ground(target(), TODAY) == ""


def test_a_paper_permits_until_its_day(tmp_path: Path) -> None:
    paper = signed(tmp_path, f'url = "{URL}/"\nsigned_by = "A. Keeper"\nuntil = 2026-11-23\n')
    assert ground(target(paper=paper), TODAY) == "signed by A. Keeper until 2026-11-23"
    assert ground(target(paper=paper), date(2026, 11, 24)) == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('url = "https://other.example"\nsigned_by = "A"\nuntil = 2026-12-01\n', "is not that of target alder"),
        (f'url = "{URL}"\nuntil = 2026-12-01\n', "signed_by"),
        ("url =", "is not TOML"),
    ],
)
def test_a_paper_that_is_none_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        ground(target(paper=signed(tmp_path, text)), TODAY)


def test_a_paper_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot read"):
        ground(target(paper=tmp_path / "none.toml"), TODAY)
