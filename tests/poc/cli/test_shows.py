"""touchstone demo and trial: what cannot be shown is told before anything starts."""

from pathlib import Path

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT


def test_a_demonstration_on_nobody_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--lab", str(tmp_path / "lab"), "--runs", str(tmp_path / "runs")]
    assert run(["demo", "--customers", "0", *where]) == BAD_INPUT
    assert "customers = 0" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_an_unknown_mutant_is_told_with_the_known_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["trial", "--mutant", "nobody", "--lab", str(tmp_path / "lab")]) == BAD_INPUT
    told = capsys.readouterr().err
    assert "'nobody'" in told
    assert told.count("\n") == 1
    assert not list(tmp_path.iterdir())
