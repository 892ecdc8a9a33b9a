"""touchstone bank: grown from a seed, told in figures, refused in one line."""

import json
from pathlib import Path

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE


def test_a_bank_is_grown_and_told_in_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bank", "generate", "--customers", "20", "--out", str(tmp_path / "b"), "--json"]) == FINE
    told = json.loads(capsys.readouterr().out)
    assert told["customers"] == 20
    assert told["rows"] > 100
    assert len(told["digest"]) == 64
    assert Path(told["bank"]).is_dir()


def test_the_same_seed_gives_the_same_bank(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        run(["bank", "generate", "--customers", "10", "--seed", "7", "--out", str(tmp_path / name), "--json"])
    told = capsys.readouterr().out
    digests = {line.split('"')[3] for line in told.splitlines() if '"digest"' in line}
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("wrong", "named"),
    [(["--customers", "0"], "customers: 0"), (["--profile", "moon"], "'moon'"), (["--seed", "x"], "--seed")],
)
def test_wrong_input_is_one_line_that_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: list[str], named: str
) -> None:
    assert run(["bank", "generate", "--out", str(tmp_path / "b"), *wrong]) == BAD_INPUT
    told = capsys.readouterr().err
    assert named in told
    assert told.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_the_optimum_that_no_model_beats_is_told_to_who_holds_both_keys(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bank = tmp_path / "b"
    grown = ["bank", "generate", "--format", "parquet", "--customers", "1000", "--workers", "1", "--out", str(bank)]
    assert run([*grown, "--json"]) == FINE
    capsys.readouterr()
    assert run(["bank", "optimum", str(bank), "--json"]) == FINE
    told = {one["question"]: one for one in json.loads(capsys.readouterr().out)}
    assert 0.8 < told["churn"]["auc"] < 1
    assert abs(told["fund"]["auc"] - told["fund"]["drawn"]) < 5 * told["fund"]["error"]
    assert run(["bank", "optimum", str(bank), "--key", str(bank.with_name("b.key-1"))]) == BAD_INPUT
    bank.with_name("b.key-2").unlink()
    assert run(["bank", "optimum", str(bank)]) == BAD_INPUT
    assert "both keys are needed" in capsys.readouterr().err
