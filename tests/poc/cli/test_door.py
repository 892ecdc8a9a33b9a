"""Door: exit codes, one-line troubles, and help that never looks like an error."""

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE


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
