"""touchstone load compare and history: what is proven, what is indicative, and what is refused."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE, MISSED
from poc.pressing import file
from tests.loadtests.test_comparison import side


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("sides")
    for name, factor, began in (("old", 1.0, 0.0), ("new", 1.5, 1.0)):
        for one in side(5, factor, began=began):
            file(one, place / name / "targets" / "crm")
    return place


def test_a_slower_side_leaves_with_99_and_says_by_how_much(sides: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["load", "compare", str(sides / "old"), str(sides / "new")]) == MISSED
    told = capsys.readouterr().out
    assert "×1.500" in told
    assert "slower" in told


def test_the_same_side_twice_is_the_same(sides: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["load", "compare", str(sides / "old"), str(sides / "old"), "--json"]) == FINE
    assert json.loads(capsys.readouterr().out)["quantiles"][0]["verdict"] == "the same"


def test_requests_as_units_are_refused_in_one_line(sides: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["load", "compare", str(sides / "old"), str(sides / "new"), "--unit", "requests"]) == BAD_INPUT
    assert "76 false alarms" in capsys.readouterr().err
    assert run(["load", "compare", str(sides / "old"), str(sides / "new"), "--kind", "reed"]) == BAD_INPUT


def test_the_history_of_targets_is_shown_and_a_slower_one_leaves_with_99(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(6):
        (one,) = side(1, 1.3**number, seed=number, began=float(number))
        file(one, tmp_path / f"run{number}" / "targets" / "crm")
        file(replace(one, workload=one.workload.at(rate=90)), tmp_path / f"run{number}" / "targets" / "other")
    assert run(["load", "history", "crm", "other", "--runs", str(tmp_path)]) == MISSED
    told = capsys.readouterr().out
    assert "crm: t at 100/s" in told
    assert "other: t at 90/s" in told
    assert "growing" in told


def test_a_target_without_history_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["load", "history", "crm", "--runs", str(tmp_path)]) == BAD_INPUT
    assert "no load result of 'crm'" in capsys.readouterr().err


def test_a_search_for_something_that_is_no_share_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["load", "search", "crm", "--bank", "nowhere", "--promise", "all achieved >= 99 %"]
    assert run(asked) == BAD_INPUT
    assert "not about a share" in capsys.readouterr().err
