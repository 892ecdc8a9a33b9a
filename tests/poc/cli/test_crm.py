"""touchstone crm serve: a taken port is told before a database is touched."""

import socket
from pathlib import Path

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, OUR_FAULT


def test_a_port_in_use_is_named_with_its_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        assert run(["crm", "serve", "--port", str(port), "--lab", str(tmp_path / "lab")]) in (BAD_INPUT, OUR_FAULT)
    told = capsys.readouterr().err
    assert str(port) in told
    assert "--port" in told
    assert not (tmp_path / "lab").exists()
