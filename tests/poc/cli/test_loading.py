"""touchstone load: plans tell what they can prove, stored runs are judged anew, exit codes say how it went."""

import json
from pathlib import Path
from xml.etree import ElementTree as Tree

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE, MISSED, OUR_FAULT
from poc.pressing import file
from tests.loadtests.test_judging import load, ran


def test_a_plan_tells_what_it_can_prove(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["load", "plan", "bank-peak", "--json"]) == FINE
    told = json.loads(capsys.readouterr().out)
    assert told["proves_nothing"] is None
    assert {row["promise"]: row["needed_at_least"] for row in told["promises"]} == {
        "p99 < 200 ms": 299, "p99 < 400 ms": 299, "availability >= 99.9 %": 2995, "achieved >= 99 %": None,
    }  # fmt: skip


def test_a_plan_with_a_small_rate_proves_nothing_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["load", "plan", "bank-peak", "--rate", "20"]) == FINE
    assert "pressed with 20/s, while the claim is about 400/s" in capsys.readouterr().out


def test_an_unknown_workload_is_told_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["load", "plan", "rush-hour"]) == BAD_INPUT
    assert "mobile-app" in capsys.readouterr().err


def test_a_stored_run_that_keeps_its_promises_leaves_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file(ran(load()), tmp_path)
    assert run(["load", "check", str(tmp_path)]) == FINE
    assert "1 passed." in capsys.readouterr().out


def test_a_missed_promise_leaves_with_99_and_is_written_for_build_servers(tmp_path: Path) -> None:
    file(ran(load(), [900.0] * 6000), tmp_path)
    xml = tmp_path / "junit.xml"
    assert run(["load", "check", str(tmp_path), "--junit", str(xml), "--json"]) == MISSED
    assert Tree.parse(xml).getroot().get("failures") == "1"


def test_a_run_that_is_not_valid_leaves_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file(ran(load(), [900.0] * 6000, generator={"cpu_p95_percent": 99.0}), tmp_path)
    assert run(["load", "check", str(tmp_path), "--json"]) == OUR_FAULT
    assert "saturated" in json.loads(capsys.readouterr().out)["void"]


def test_a_stored_run_can_be_held_against_other_promises(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(json.dumps(load(objectives={"read": ["p50 < 10 ms"]}).as_dict()), "utf-8")
    file(ran(load()), tmp_path)
    assert run(["load", "check", str(tmp_path), "--workload", str(mine), "--json"]) == MISSED
    assert json.loads(capsys.readouterr().out)["judgements"][0]["objective"] == "p50 < 10 ms"


def test_a_place_without_a_load_result_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["load", "check", str(tmp_path)]) == BAD_INPUT
    assert "touchstone load run" in capsys.readouterr().err
