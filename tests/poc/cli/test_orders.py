"""touchstone carry-out: an order is carried out, and one that is none is told in one line."""

import json
import signal
from pathlib import Path

import pytest

from poc import orders
from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE
from poc.orders import Order
from scenarios.folders import AssessmentFolder


def test_an_order_that_is_stopped_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = AssessmentFolder(tmp_path, "a1")
    orders.give(folder, Order(systems=("reference",), customers=100, lab=tmp_path / "lab"))
    orders.stop(folder)
    before = signal.getsignal(signal.SIGINT)
    assert run(["carry-out", "a1", "--runs", str(tmp_path), "--json"]) == FINE
    assert json.loads(capsys.readouterr().out)["ended"] == "stopped"
    assert signal.getsignal(signal.SIGINT) is before


def test_what_nobody_ordered_is_told_with_the_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["carry-out", "a1", "--runs", str(tmp_path)]) == BAD_INPUT
    assert "give one in the workbench" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["carry-out", "../a1", "--runs", str(tmp_path)]) != FINE
    assert "cannot name a run" in capsys.readouterr().err
