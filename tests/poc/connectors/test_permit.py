"""Permit: attacks on this machine need no paper; beyond it a signed one for this host, purpose and moment."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from loadtests.permission import Paper, Permission
from poc.connectors.permit import ground
from poc.settings import SettingsError, Target

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://crm.example"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
TRUSTED = KEY.public_key().public_bytes_raw().hex()


def target(paper: Path | None = None, url: str = URL) -> Target:
    return Target(name="alder", connector="reference", url=url, permission=paper, permission_key=TRUSTED)


def signed(folder: Path, **change: object) -> Path:
    told = {
        "vendor": "Alder",
        "host": "crm.example",
        "purposes": ["attack"],
        "begins": datetime(2026, 11, 20, tzinfo=UTC),
        "expires": datetime(2026, 11, 24, tzinfo=UTC),
        "signed_by": "A. Keeper",
    }
    paper = folder / "permission.toml"
    paper.write_text(Paper.sign(Permission.model_validate({**told, **change}), KEY).text(), "utf-8")
    return paper


def test_this_machine_may_be_attacked() -> None:
    assert ground(target(url="https://127.0.0.1:8443"), NOW) == "loopback"


def test_nothing_else_may_without_a_paper() -> None:
    assert ground(target(), NOW) == ""


def test_a_paper_permits_until_its_moment(tmp_path: Path) -> None:
    paper = signed(tmp_path)
    assert ground(target(paper), NOW) == "signed by A. Keeper of Alder until 2026-11-24"
    assert ground(target(paper), datetime(2026, 11, 24, 1, tzinfo=UTC)) == ""


@pytest.mark.parametrize("change", [{"host": "other.example"}, {"purposes": ["load"], "most_per_second": 5.0}])
def test_a_paper_for_something_else_permits_no_attack(tmp_path: Path, change: dict[str, object]) -> None:
    assert ground(target(signed(tmp_path, **change)), NOW) == ""


def test_a_paper_that_was_changed_is_told(tmp_path: Path) -> None:
    paper = signed(tmp_path)
    paper.write_text(paper.read_text("utf-8").replace("2026-11-24", "2027-11-24"), "utf-8")
    with pytest.raises(SettingsError, match=r"target alder: .*permission\.toml was changed after it was signed"):
        ground(target(paper), NOW)


def test_a_paper_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot read"):
        ground(target(tmp_path / "none.toml"), NOW)
