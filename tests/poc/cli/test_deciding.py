"""touchstone decide and business: figures for machines, sentences for people, exit codes for pipelines."""

import json
from pathlib import Path

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE, MISSED
from tests.poc.pages.sample import write_sample


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("runs"))


def test_a_decision_is_told_to_machines(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decide", str(place), "--draws", "500", "--json"]) == FINE
    told = json.loads(capsys.readouterr().out)
    assert {"verdict", "leader", "because", "targets", "smallest_flip", "crosschecks", "measure_next"} <= set(told)


def test_a_decision_is_told_to_people(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decide", str(place), "--draws", "500"]) == FINE
    told = capsys.readouterr().out
    assert "500 draws" in told
    assert "Cross-check" in told


def test_a_pipeline_learns_that_nobody_is_recommended(place: Path) -> None:
    assert run(["decide", str(place), "--draws", "500", "--firm", "--json"]) == MISSED


def test_senseless_draws_and_places_are_bad_input(place: Path, tmp_path: Path) -> None:
    assert run(["decide", str(place), "--draws", "1"]) == BAD_INPUT
    assert run(["decide", str(tmp_path)]) == BAD_INPUT


def test_the_example_is_labelled(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["business", "--example", "--draws", "500"]) == FINE
    assert capsys.readouterr().out.startswith("EXAMPLE")


def test_a_case_that_hardly_pays_misses_the_need() -> None:
    assert run(["business", "--example", "--draws", "500", "--need", "0.5", "--json"]) == MISSED


def test_a_case_must_be_named_and_be_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["business"]) == BAD_INPUT
    file = tmp_path / "mine.toml"
    file.write_text("name = 'x'\n", "utf-8")
    assert run(["business", str(file)]) == BAD_INPUT
    assert "mine.toml" in capsys.readouterr().err
