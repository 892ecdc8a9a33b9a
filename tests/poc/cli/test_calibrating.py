"""touchstone trial: what cannot be tried is told before anything starts."""

from pathlib import Path

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT


def test_an_unknown_mutant_is_told_with_the_known_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trial", "--mutant", "nobody", "--lab", str(tmp_path / "lab")]) == BAD_INPUT
    told = capsys.readouterr().err
    assert "'nobody'" in told
    assert told.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_an_unknown_dimension_is_told_with_the_known_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trial", "--dimension", "XYZ", "--lab", str(tmp_path / "lab")]) == BAD_INPUT
    told = capsys.readouterr().err
    assert "'XYZ' has no scenario; played are" in told
    assert "SEC" in told
    assert not list(tmp_path.iterdir())


def test_a_mutant_of_another_dimension_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["trial", "--dimension", "SEC", "--mutant", "joint_twice", "--lab", str(tmp_path / "lab")]
    assert run(given) == BAD_INPUT
    assert "no scenario of SEC is there for joint_twice" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_good_crm_is_played_at_least_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trial", "--repeats", "0", "--lab", str(tmp_path / "lab")]) == BAD_INPUT
    assert "--repeats" in capsys.readouterr().err
