"""touchstone user: people are added, listed and removed, and no password is ever printed."""

import io
from pathlib import Path

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE

GOOD = "seven green kettles"


def test_people_come_and_go(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    where = ["--users", str(tmp_path / "users.toml")]
    monkeypatch.setattr("sys.stdin", io.StringIO(GOOD + "\n"))
    assert run(["user", "add", "lin", "--role", "viewer", *where, "--json"]) == FINE
    assert run(["user", "list", *where, "--json"]) == FINE
    assert run(["user", "remove", "lin", *where, "--json"]) == FINE
    told = capsys.readouterr()
    assert '"lin"' in told.out
    assert GOOD not in told.out + told.err
    assert "argon2" not in told.out


def test_a_weak_password_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert run(["user", "add", "lin", "--role", "viewer", "--users", str(tmp_path / "u.toml")]) == BAD_INPUT
    assert capsys.readouterr().err.count("\n") == 1
    assert not list(tmp_path.iterdir())
