"""touchstone app: a taken port is told before anything starts."""

import socket

import pytest

from poc.cli.door import run
from poc.cli.faults import FINE


def test_a_port_in_use_is_named_with_its_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        assert run(["app", "--port", str(port), "--no-browser"]) != FINE
    told = capsys.readouterr().err
    assert str(port) in told
    assert "--port" in told
