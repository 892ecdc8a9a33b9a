"""touchstone score and verify: figures with their intervals, and exit codes that a pipeline can rely on."""

import json
from pathlib import Path

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE, MISSED, OUR_FAULT
from scenarios.evidence import Outcome
from tests.poc.filing import file_run, piece


@pytest.fixture
def place(tmp_path: Path) -> Path:
    file_run(tmp_path / "good", "good", piece("good", "accounts_are_locked", Outcome.PASSED))
    return tmp_path


def test_a_scorecard_shows_seven_dimensions_and_the_total(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score", str(place), "--json"]) == FINE
    told = json.loads(capsys.readouterr().out)
    assert [row["dimension"] for row in told["scores"]] == ["ALL", "SEC", "CUS", "INT", "AI", "UX", "VEN", "ROI"]
    assert {"observed", "worst", "best", "coverage"} <= set(told["scores"][0])


def test_people_read_the_interval_and_the_coverage(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score", str(place)]) == FINE
    told = capsys.readouterr().out
    assert "covered" in told
    assert "gates of good: unknown" in told


def test_a_missed_need_leaves_with_its_own_code(place: Path) -> None:
    assert run(["score", str(place), "--need", "4.5"]) == MISSED
    assert run(["score", str(place), "--need", "0"]) == FINE


def test_a_place_without_runs_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["score", str(tmp_path)]) == BAD_INPUT
    assert "touchstone demo" in capsys.readouterr().err


def test_a_weighting_that_misses_a_dimension_is_named(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = place / "mine.toml"
    mine.write_text('name="x"\nbecause="y"\nagreed_by=["z"]\nagreed_on=2026-01-01\n[dimensions]\nSEC=1\n', "utf-8")
    assert run(["score", str(place), "--weighting", str(mine)]) == BAD_INPUT
    told = capsys.readouterr().err
    assert "CUS" in told
    assert told.count("\n") == 1


def test_verify_names_the_file_that_was_changed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(place)]) == FINE
    manifest = place / "good" / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"seed": 1', b'"seed": 2'))
    assert run(["verify", str(place)]) == OUR_FAULT
    assert "manifest.json" in capsys.readouterr().err
