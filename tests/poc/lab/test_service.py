"""A service is waited for, ended surely, and its troubles come as one line."""

import socket
import sys

import pytest

from poc.lab.service import Service, ServiceError, free_port, refuse_if_taken


def module(tmp_path, text):
    (tmp_path / "tiny.py").write_text(text)
    return {"PYTHONPATH": str(tmp_path)}


def test_a_service_is_ready_when_it_says_so_and_ends_when_told(tmp_path):
    text = "import time; print('ready https://127.0.0.1:1', flush=True); time.sleep(60)"
    with Service.start("tiny", "tiny", [], log=tmp_path / "log", environment=module(tmp_path, text)) as service:
        assert service.url == "https://127.0.0.1:1"
        assert service.alive
    assert not service.alive


def test_a_service_that_dies_tells_its_last_words(tmp_path):
    environment = module(tmp_path, "import sys; sys.exit('no such database')")
    with pytest.raises(ServiceError, match="ended before it was ready: no such database"):
        Service.start("tiny", "tiny", [], log=tmp_path / "log", environment=environment)


def test_a_port_in_use_is_named_with_a_remedy():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServiceError, match=f"port {port} .* --port"):
            refuse_if_taken(port)
    refuse_if_taken(free_port())


def test_secrets_do_not_travel_on_the_command_line(tmp_path):
    text = "import os, sys, time; print('ready', os.environ['KEY'], sys.argv[1:], flush=True); time.sleep(60)"
    environment = {**module(tmp_path, text), "KEY": "hush"}
    with Service.start("tiny", "tiny", ["--port", "1"], log=tmp_path / "log", environment=environment) as service:
        assert service.url == "hush ['--port', '1']"
        assert service.process.args == [sys.executable, "-m", "tiny", "--port", "1"]
