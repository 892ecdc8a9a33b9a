"""Load results are filed run by run in forms that others read, and found again in their order."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from poc.pressing import NoLoadError, file, history, results
from tests.loadtests.test_judging import load, ran


def test_a_run_is_on_file_with_its_verdicts_and_logs(tmp_path: Path) -> None:
    place = file(ran(load()), tmp_path)
    assert {path.name for path in place.iterdir()} == {
        "load.json", "load.parquet", "objectives.json", "junit.xml", "load.hlog",
    }  # fmt: skip
    assert json.loads((place / "objectives.json").read_text("utf-8"))["code"] == 0


def test_results_come_back_oldest_first_and_each_once(tmp_path: Path) -> None:
    young, old = replace(ran(load()), began=200.0), replace(ran(load()), began=100.0)
    for one in (young, old):
        file(one, tmp_path)
    young.write(tmp_path)  # the standing one of the run folder
    assert results(tmp_path) == (old, young)


def test_the_history_of_a_target_runs_through_all_assessments(tmp_path: Path) -> None:
    for number, name in enumerate(("a", "b")):
        file(replace(ran(load()), began=float(number)), tmp_path / name / "targets" / "crm")
    file(ran(load()), tmp_path / "a" / "targets" / "other")
    assert [one.began for one in history(tmp_path, "crm")] == [0.0, 1.0]
    with pytest.raises(NoLoadError, match="of 'none' in"):
        history(tmp_path, "none")
