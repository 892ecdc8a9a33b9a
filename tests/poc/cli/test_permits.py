"""touchstone load permit: a permission is signed, shown and verified; what is wrong with it is one line."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
TRUSTED = KEY.public_key().public_bytes_raw().hex()


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "key.pem"
    file.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return file


def new(paper: Path, key: Path, *more: str) -> int:
    words = ["--vendor", "Alder", "--host", "CRM.example", "--by", "A. Keeper, operations", "--key", str(key)]
    return run(["load", "permit", "new", str(paper), *words, "--rate", "50", *more])


def test_a_permission_is_signed_shown_and_verified(
    tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = tmp_path / "paper.toml"
    assert new(paper, key, "--window", "22:00-05:00", "--json") == FINE
    assert json.loads(capsys.readouterr().out)["permission_key"] == TRUSTED
    assert run(["load", "permit", "show", str(paper), "--json"]) == FINE
    told = json.loads(capsys.readouterr().out)
    assert (told["host"], told["most_per_second"], told["purposes"]) == ("crm.example", 50, "load")
    assert run(["load", "permit", "verify", str(paper), "--trusted", TRUSTED]) == FINE
    assert "signed by A. Keeper, operations of Alder" in capsys.readouterr().out


def test_a_key_may_be_given_as_a_file_and_a_load_test_be_asked_about(
    tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper, public = tmp_path / "paper.toml", tmp_path / "public.pem"
    public.write_bytes(KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert new(paper, key) == FINE
    asked = ["load", "permit", "verify", str(paper), "--trusted", str(public), "--url", "https://crm.example"]
    assert run([*asked, "--rate", "50"]) == FINE
    assert run([*asked, "--rate", "51"]) == BAD_INPUT
    assert "paper.toml permits 50 requests/s, and 51/s are asked" in capsys.readouterr().err


def test_a_changed_permission_is_refused(tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper = tmp_path / "paper.toml"
    assert new(paper, key) == FINE
    paper.write_text(paper.read_text("utf-8").replace("50.0", "500.0"), "utf-8")
    assert run(["load", "permit", "verify", str(paper), "--trusted", TRUSTED]) == BAD_INPUT
    assert "was changed after it was signed: ask for a new one" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--until", "soon"], "'soon' is no moment"),
        (["--until", "2020-01-01"], "must come after begins"),
        (["--window", "late"], "window"),
        (["--rate", "0"], "purposes"),
    ],
)
def test_a_permission_that_makes_no_sense_is_not_written(
    tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str], more: list[str], told: str
) -> None:
    assert new(tmp_path / "paper.toml", key, *more) == BAD_INPUT
    assert told in capsys.readouterr().err
    assert not (tmp_path / "paper.toml").exists()


def test_a_permission_never_takes_the_place_of_another(tmp_path: Path, key: Path) -> None:
    assert new(tmp_path / "paper.toml", key) == FINE
    assert new(tmp_path / "paper.toml", key) == BAD_INPUT
