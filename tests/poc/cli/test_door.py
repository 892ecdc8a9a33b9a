"""Door: exit codes, one-line troubles, and help that never looks like an error."""

import subprocess
import sys

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE, STOPPED


def test_a_bare_call_shows_what_can_be_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == FINE
    assert "Commands:" in capsys.readouterr().out


def test_an_unknown_command_is_one_line_that_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dance"]) == BAD_INPUT
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "'dance'" in told
    assert "--help" in told


def test_a_wrong_value_names_the_option_and_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["app", "--port", "eighty"]) == BAD_INPUT
    told = capsys.readouterr().err
    assert "'--port'" in told
    assert "touchstone app --help" in told


def test_a_trace_is_shown_only_to_those_who_ask() -> None:
    with pytest.raises(Exception, match="dance"):
        run(["dance"], {"TOUCHSTONE_DEBUG": "1"})


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == FINE
    assert capsys.readouterr().out.startswith("touchstone 0.")


def test_a_polite_end_is_taken_like_a_stop_by_the_user() -> None:
    """Databases and services of the lab are ended on the way out, which a sudden death would leave behind."""
    ask = "import os, signal, poc.cli.door as d; d.app.command('die')(lambda: os.kill(os.getpid(), signal.SIGTERM)); "
    ended = subprocess.run(
        [sys.executable, "-c", ask + "d.main(['die'])"], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == STOPPED
    assert "stopped" in ended.stderr
