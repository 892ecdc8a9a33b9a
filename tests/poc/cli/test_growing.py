"""touchstone bank in columns: grown, gone on with, verified, explained, exported, and refused in one line."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE, OUR_FAULT
from synthetic_data.folders.reading import BankFolder
from synthetic_data.profile import FOLDER

HOUSE = Path(__file__).parents[3]
GENERATE = ["bank", "generate", "--format", "parquet", "--workers", "1", "--table", "customers", "--table", "accounts"]


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    capsys.readouterr()
    assert run([*arguments, "--json"]) == FINE
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def refused(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = BAD_INPUT) -> str:
    capsys.readouterr()
    assert run(arguments) == code
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    return error


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("banks") / "b"
    assert run([*GENERATE, "--customers", "1200", "--out", str(folder), "--json"]) == FINE
    return folder


def test_a_bank_in_columns_is_grown_and_grows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ("--out", str(tmp_path / "b"))
    first = told(capsys, *GENERATE, "--customers", "300", *out)
    assert (first["customers"], first["kept_partitions"], first["partitions"]) == (300, 0, 1)
    assert told(capsys, *GENERATE, "--customers", "300", *out)["kept_partitions"] == 1
    grown = told(capsys, *GENERATE, "--customers", "500", *out)
    assert grown["customers"] == 500
    assert grown["digest"] == told(capsys, *GENERATE, "--customers", "500", "--out", str(tmp_path / "c"))["digest"]
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith("b")) == [
        "b",
        "b.key-1",
        "b.key-2",
        "b.truth",
    ]


def test_only_both_keys_open_the_truth(bank: Path) -> None:
    keys = (bank.with_name("b.key-1").read_bytes(), bank.with_name("b.key-2").read_bytes())
    assert next(BankFolder.open(bank).truths(keys))
    with pytest.raises(ValueError, match="these two keys do not open it"):
        next(BankFolder.open(bank).truths((keys[1], keys[0])))


def test_a_bank_is_verified_to_the_byte(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "bank", "verify", str(bank))
    assert (found["whole"], found["customers"], found["files"], found["sealed_files"]) == (True, 1200, 2, 1)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (["--customers", "0"], "customers: 0 is outside 1..100000000"),
        (["--customers", "-5"], "customers: -5 is outside"),
        (["--customers", "1000000000000"], "customers: 1000000000000 is outside"),
        (["--profile", "moon"], "'moon'"),
        (["--months", "0"], "months: 0 is outside 1..120"),
        (["--table", "moods"], "no bank has 'moods'; there are"),
        (["--workers", "0"], "workers: 0 is outside"),
        (["--workers", "2", "--scheduler", "tcp://127.0.0.1:1"], "a cluster brings its own"),
        (["--seed", "x"], "--seed"),
    ],
)
def test_wrong_input_is_one_line_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: list[str], named: str
) -> None:
    line = ["bank", "generate", "--format", "parquet", "--customers", "100", "--out", str(tmp_path / "b"), *wrong]
    assert named in refused(capsys, *line)
    assert not list(tmp_path.iterdir())


def test_a_rate_outside_zero_to_one_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (HOUSE / "synthetic_data" / FOLDER / "cn_digital_bank.toml").read_text("utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace("english = { value = ", "english = { value = 7", 1), "utf-8")
    error = refused(capsys, *GENERATE, "--profile", str(mine), "--out", str(tmp_path / "b"))
    assert "rates.english.value = 7" in error
    assert not (tmp_path / "b").exists()


def test_a_seed_that_differs_never_mixes(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    error = refused(capsys, *GENERATE, "--customers", "1200", "--seed", "2", "--out", str(bank))
    assert "has seed 1, not 2" in error


def test_a_foreign_parquet_is_refused_by_name(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    foreign = bank / "customers" / "mine.parquet"
    pq.write_table(pa.table({"a": [1]}), foreign)
    try:
        assert "mine.parquet: is no file of this bank" in refused(capsys, "bank", "verify", str(bank))
    finally:
        foreign.unlink()


def test_a_disk_that_takes_no_more_is_one_line_and_nothing_is_half_there(tmp_path: Path) -> None:
    """A process that may not write more than 20 kB to a file stands for a disk that takes no more."""

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    line = [sys.executable, "-m", "poc.cli", *GENERATE, "--customers", "900", "--out", "b"]
    done = subprocess.run(
        line, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(HOUSE), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, check=False, preexec_fn=small,
    )  # fmt: skip
    assert done.returncode == OUR_FAULT
    assert done.stderr.splitlines() == ["touchstone: the operating system said no: [Errno 27] File too large."]
    assert not list(tmp_path.iterdir())


def test_options_of_columns_are_not_taken_for_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    error = refused(capsys, "bank", "generate", "--workers", "2", "--out", str(tmp_path / "b"))
    assert "--workers: is for banks in columns; add --format parquet" in error


def test_the_dictionary_is_told_in_two_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = told(capsys, "bank", "dictionary", "--lang", "zh", "--table", "customers")
    assert {"表", "金规〔2024〕24号 分级"} <= set(rows[0])  # type: ignore[index]
    written = told(capsys, "bank", "dictionary", "--out", str(tmp_path / "d.csv"))
    assert (tmp_path / "d.csv").read_text("utf-8-sig").count("\n") == int(str(written["fields"])) + 1
    assert "'moods'" in refused(capsys, "bank", "dictionary", "--table", "moods")
    assert "d.csv" in refused(capsys, "bank", "dictionary", "--out", str(tmp_path / "d.csv"))


def test_a_bank_is_exported_beside_itself(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "bank", "export", str(bank), "--format", "csv-gb18030", "--table", "accounts")
    assert sorted(p.name for p in Path(str(found["export"])).iterdir()) == ["accounts.csv", "dictionary.csv"]
    assert "format: 'pdf' is unknown" in refused(capsys, "bank", "export", str(bank), "--format", "pdf")
    assert "cannot be read" in refused(capsys, "bank", "export", str(bank.parent))


def test_banks_of_records_and_of_columns_are_told_apart(
    bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "bank", "generate", "--customers", "5", "--out", str(tmp_path / "records"))
    assert "holds a bank of records" in refused(capsys, "bank", "verify", str(tmp_path / "records"))
    assert "holds a bank in columns" in refused(capsys, "seed", "x", "--bank", str(bank))


def test_a_bank_is_dumped_as_old_systems_would(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "bank", "legacy", str(bank), "--customers", "400")
    assert int(str(found["core_customers.dat"])) >= 400
    assert int(str(found["defects"])) > 10
    assert Path(str(found["sealed_list"])).is_file()
    assert "exists already" in refused(capsys, "bank", "legacy", str(bank))
