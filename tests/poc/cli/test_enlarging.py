"""touchstone load growth: what is on file is not pressed again, its verdict becomes evidence, wrong words are told."""

import json
from pathlib import Path

import pytest

from loadtests.workload import workload
from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE, MISSED
from poc.enlarging import on_file, put
from scenarios.evidence import Outcome
from scenarios.store import Store
from tests.loadtests.pressed import pressed

SIZES = (100, 10_000, 1_000_000)


@pytest.fixture
def series(tmp_path: Path) -> Path:
    folder = tmp_path / "series"
    for size in SIZES:
        for number, p99 in enumerate((20.0, 20.5)):
            put(pressed(workload("growing-data").at(seed=number), lambda at, p99=p99: (20, p99, 0)), size, folder)  # type: ignore[misc]
    return folder


def test_a_series_that_is_on_file_is_judged_without_pressing(series: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["load", "growth", "reference", "--sizes", "100,1000000", "--times", "2", "--keep", str(series)]
    assert run([*words, "--json"]) == FINE
    told = json.loads(capsys.readouterr().out)
    assert len(told["runs"]) == 6
    assert told["exponent"]["lower"] < 0 < told["exponent"]["upper"] < 0.05
    assert {one["outcome"] for one in told["checks"]} == {"passed"}
    assert run(words) == FINE
    assert "to the power of" in capsys.readouterr().out


def test_a_verdict_is_filed_and_takes_the_place_of_the_one_before(series: Path, tmp_path: Path) -> None:
    words = ["load", "growth", "reference", "--sizes", "100", "--keep", str(series), "--id", "a"]
    assert run([*words, "--runs", str(tmp_path / "runs")]) == FINE
    late = pressed(
        workload("growing-data").at(seed=9), lambda at: (20, 900.0, 0), errors={"read: fault: TimeoutError": 2}
    )
    put(late, SIZES[-1], series)
    assert run([*words, "--runs", str(tmp_path / "runs")]) == MISSED
    place = next((tmp_path / "runs").glob("a/targets/reference"))
    with Store.open(place) as store:
        standing = {piece.check: piece for _, piece in store.standing()}
    assert {piece.criterion for piece in standing.values()} == {"PER-07"}
    assert standing["queries_do_not_time_out"].outcome is Outcome.FAILED


def test_a_run_from_elsewhere_is_put_beside_the_others(series: Path) -> None:
    assert [len(runs) for runs in on_file(series).values()] == [2, 2, 2]
    place = series / "100" / "0"
    words = [
        "load",
        "growth",
        "reference",
        "--sizes",
        "100",
        "--keep",
        str(series),
        "--add",
        f"3000={place}",
        "--lab",
        str(series / "lab"),
        "--json",
    ]
    run(words)
    run(words)
    assert len(on_file(series)[3000]) == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--sizes", "many"], "'many' is no number of customers"),
        (["--add", "large"], "write SIZE=PLACE"),
        (["--add", "10=nowhere"], "there is no load result in 'nowhere'"),
    ],
)
def test_wrong_words_are_told_in_one_line(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["load", "growth", "reference", "--keep", str(tmp_path), *words]) == BAD_INPUT
    error = capsys.readouterr().err
    assert told in error
    assert "Traceback" not in error


def test_a_system_that_is_not_of_the_lab_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["load", "growth", "alder", "--keep", str(tmp_path)]) == BAD_INPUT
    assert "system 'alder' is not built into the lab" in capsys.readouterr().err


def test_steps_that_are_no_numbers_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["load", "stairs", "reference", "--bank", str(tmp_path), "--users", "0"]) == BAD_INPUT
    assert "write numbers from 1 to 512" in " ".join(capsys.readouterr().err.split())
