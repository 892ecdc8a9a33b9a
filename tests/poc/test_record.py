"""The record has the same bytes whenever it is made, in both languages, and holds what is unknown as null."""

import json
from pathlib import Path

import pytest

from poc.assessment import opened
from poc.business import case_at, worked
from poc.cli.door import run
from poc.cli.faults import FINE
from poc.deciding import decided
from poc.filed import FORMS, write
from poc.paper import pdf
from poc.record import Record
from poc.words import LANGUAGES
from tests.poc.pages.sample import write_sample


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("runs"))


def made(place: Path) -> Record:
    seen = opened(place)
    return Record(assessment=seen, decision=decided(seen, draws=500), worked=worked(case_at(None), draws=500))


@pytest.mark.parametrize("language", LANGUAGES)
def test_made_again_it_has_the_same_bytes(place: Path, language: str) -> None:
    first, second = made(place), made(place)
    assert first.as_json() == second.as_json()
    paper = pdf(first, language)
    assert paper.startswith(b"%PDF-")
    assert paper == pdf(second, language)


def test_it_holds_what_the_choice_rests_on(place: Path) -> None:
    told = json.loads(made(place).as_json())
    assert {"do nothing", "keep what there is"} <= set(told["alternatives"])
    assert all(len(one["head_sha256"]) == 64 for one in told["evidence"])
    assert told["weighting"]["digest"]
    assert told["business_case"]["example"] is True
    assert told["business_case"]["payback_years"]["p50"] is None


def test_other_figures_have_another_hash(place: Path) -> None:
    seen = opened(place)
    one = Record(assessment=seen, decision=decided(seen, draws=500))
    other = Record(assessment=seen, decision=decided(seen, draws=500, seed=2))
    assert one.digest != other.digest


def test_all_files_are_written_and_nothing_beside_them(place: Path, tmp_path: Path) -> None:
    names = {path.name for path in write(made(place), tmp_path / "out")}
    assert names == {"decision.json", *(f"decision.{one}.{end}" for one in LANGUAGES for end in FORMS)}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names


def test_the_command_names_the_files_and_their_hash(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["record", str(place), "--draws", "500", "--out", str(tmp_path), "--json"]) == FINE
    told = json.loads(capsys.readouterr().out)
    assert len(told["sha256"]) == 64
    assert all(Path(file).is_file() for file in told["files"])
