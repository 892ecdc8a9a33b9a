"""Voice: people read words, machines read JSON, and unknown is never 0."""

import json

import pytest

from poc.cli.voice import progress, tabulate, tell


def test_machines_get_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    tell({"rows": 12000, "digest": "ab"}, as_json=True)
    assert json.loads(capsys.readouterr().out) == {"rows": 12000, "digest": "ab"}


def test_people_get_one_fact_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    tell({"rows": 12000, "sealed_truth": True, "score": None}, as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        "rows          12,000",
        "sealed truth  yes",
        "score         –",
    ]


def test_rows_become_a_table_or_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"target": "good", "observed": 4.5, "worst": None}]
    tabulate(rows, as_json=False)
    shown = capsys.readouterr().out
    assert "target" in shown
    assert "4.50" in shown
    tabulate(rows, as_json=True)
    assert json.loads(capsys.readouterr().out) == rows


def test_no_rows_are_an_empty_list_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    tabulate([], as_json=True)
    assert json.loads(capsys.readouterr().out) == []


def test_progress_is_a_line_a_stage_in_a_log_and_keeps_standard_output_clean(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress() as report:
        report("customers", 1, 2000)
        report("customers", 2, 2000)
        report("load", 1, 30)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == ["customers (2,000)", "load (30)"]


def test_progress_is_silent_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(quiet=True) as report:
        report("customers", 1, 2)
    assert capsys.readouterr().err == ""
