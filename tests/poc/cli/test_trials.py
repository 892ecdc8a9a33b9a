"""touchstone seed, run and load: what is wrong is told before anything is sent or written."""

from pathlib import Path

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, OUR_FAULT
from poc.cli.trials import chosen, folder_of
from poc.growth import grow
from tests.poc.filing import file_run

CLOSED = """
[targets.far]
connector = "reference"
url = "https://127.0.0.1:1"
[targets.far.actors.integration-app]
username = "core"
secret_env = "HOME"
"""


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("banks") / "bank"
    return grow(seed=1, customers=10, profile="cn-digital-bank", folder=folder).folder


@pytest.fixture
def targets(tmp_path: Path) -> Path:
    path = tmp_path / "targets.toml"
    path.write_text(CLOSED, "utf-8")
    return path


def told(capsys: pytest.CaptureFixture[str]) -> str:
    text = capsys.readouterr().err
    assert text.count("\n") == 1, text
    return text


@pytest.mark.parametrize("command", [["seed"], ["run"], ["load", "run"], ["load", "search"]], ids=" ".join)
def test_an_unknown_target_is_told_with_the_known_ones(
    bank: Path, targets: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert run([*command, "near", "--bank", str(bank), "--targets", str(targets)]) == BAD_INPUT
    text = told(capsys)
    assert "'near'" in text
    assert "far" in text


@pytest.mark.parametrize("command", ["seed", "run"])
def test_an_unreachable_target_is_our_fault_and_leaves_no_run(
    bank: Path, targets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    where = ["--runs", str(tmp_path / "runs")] if command == "run" else []
    assert run([command, "far", "--bank", str(bank), "--targets", str(targets), *where]) == OUR_FAULT
    assert "127.0.0.1:1" in told(capsys)
    assert not (tmp_path / "runs").exists()


def test_a_bank_with_a_bad_row_is_told_by_file_line_and_field(
    targets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = grow(seed=1, customers=10, profile="cn-digital-bank", folder=tmp_path / "bank").folder
    file = next(path for path in folder.iterdir() if "customer" in path.name)
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([lines[0], lines[1].replace('"birth_date":"', '"birth_date":"x'), *lines[2:]]) + "\n")
    assert run(["seed", "far", "--bank", str(folder), "--targets", str(targets)]) == BAD_INPUT
    text = told(capsys)
    assert file.name in text
    assert "2" in text
    assert "birth_date" in text


def test_a_criterion_without_scenario_is_told_with_those_that_have_one(
    bank: Path, targets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["run", "far", "--bank", str(bank), "--targets", str(targets), "--only", "XX-1"]) == BAD_INPUT
    text = told(capsys)
    assert "'XX-1'" in text
    assert "CUS-01" in text


def test_only_the_scenarios_of_a_criterion_are_chosen() -> None:
    assert {one.criterion for one in chosen(["CUS-01"])} == {"CUS-01"}
    assert len(chosen([])) > len(chosen(["CUS-01"]))


def test_going_on_without_a_name_means_the_youngest_assessment(tmp_path: Path) -> None:
    file_run(tmp_path / "first" / "targets" / "good", "good")
    assert folder_of(None, tmp_path, resume=True).name == "first"
    assert folder_of("mine", tmp_path, resume=False).name == "mine"
    assert folder_of(None, tmp_path, resume=False).name.endswith("Z")
