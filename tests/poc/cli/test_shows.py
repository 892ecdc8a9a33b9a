"""touchstone demo: what cannot be shown is told before anything starts."""

from pathlib import Path

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT


def test_a_demonstration_on_nobody_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--lab", str(tmp_path / "lab"), "--runs", str(tmp_path / "runs")]
    assert run(["demo", "--customers", "0", *where]) == BAD_INPUT
    assert "customers = 0" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
