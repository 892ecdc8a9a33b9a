"""touchstone load calibrate says what the generator carries and below which latency it sees but itself."""

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT
from poc.cli.floors import sentence
from tests.loadtests.test_floor import floor


def test_what_is_carried_what_is_too_much_and_the_floor_are_onesentence() -> None:
    made = [floor(rate=500.0), floor(rate=1000.0), floor(rate=2000.0, refused="97 % of a processor")]
    said = sentence(made, made[:2])
    assert said.startswith("It carries 1,000/s here (2,000/s is too much for it). At 500/s it takes 0.50 ms itself")
    assert "1.50 ms at p99" in said


def test_a_busy_machine_is_told_no_floor() -> None:
    made = [floor(rate=500.0, disturbed="loop_lag_p99_ms 30.0 > 20")]
    assert "too busy to tell its floor: try again" in sentence(made, made)
    assert "(more was not tried)" in sentence(made, made)


def test_a_generator_that_carries_nothing_says_why() -> None:
    made = [floor(rate=500.0, refused="12 of 1,500 were answered")]
    assert sentence(made, []).startswith("Not even 500/s is carried: 12 of 1,500 were answered.")


def test_an_unknown_client_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["load", "calibrate", "--client", "curl"]) == BAD_INPUT
    assert "'curl' is neither raw nor fast" in capsys.readouterr().err
