"""touchstone app: a taken port is told before anything starts."""

import socket
from pathlib import Path

import pytest

from poc.admission import Role, enlist
from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE


def test_a_port_in_use_is_named_with_its_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        assert run(["app", "--port", str(port), "--no-browser"]) != FINE
    told = capsys.readouterr().err
    assert str(port) in told
    assert "--port" in told


def test_others_are_not_served_while_nobody_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["app", "--address", "0.0.0.0", "--users", str(tmp_path / "users.toml")]) == BAD_INPUT
    assert "lists nobody: touchstone user add NAME" in capsys.readouterr().err


def test_passwords_do_not_cross_in_clear(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    enlist(tmp_path / "users.toml", "lin", Role.VIEWER, "seven green kettles")
    assert run(["app", "--address", "0.0.0.0", "--users", str(tmp_path / "users.toml")]) == BAD_INPUT
    assert "name --certificate and --key" in capsys.readouterr().err
