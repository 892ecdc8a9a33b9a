"""touchstone carry-out: an order is carried out, and one that is none is told in one line."""

import json
import os
import signal
from pathlib import Path

import pytest

from poc import orders
from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE
from poc.cli.orders import asked_to_end, ear
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


def test_what_is_told_becomes_bars_that_end_where_they_should() -> None:
    told: list[tuple[str, int, int]] = []
    hear = ear(Order(systems=("reference", "leaky"), customers=300), lambda *words: told.append(words))
    hear({"act": "begun", "target": ""})
    hear({"act": "bank", "target": "", "done": 300, "total": 300})
    hear({"act": "seed", "target": "", "done": 7, "total": 9})
    hear({"act": "scenarios", "target": "leaky", "done": 2, "total": 35})
    hear({"act": "load", "target": "reference", "done": 0, "total": 33})
    hear({"act": "load", "target": "reference", "second": 40, "total": 33})
    assert told == [
        ("bank of 300: customers", 300, 300),
        ("bank: rows poured", 7, 9),
        ("Leaky copy: scenarios", 2, 35),
        ("Reference CRM: seconds of load at 400/s", 0, 33),
        ("Reference CRM: seconds of load at 400/s", 33, 33),
    ]


def test_the_first_interrupt_is_a_wish_and_the_second_an_end(capfd: pytest.CaptureFixture[str]) -> None:
    wishes: list[str] = []
    with asked_to_end(lambda: wishes.append("stop")):
        os.kill(os.getpid(), signal.SIGINT)
        assert wishes == ["stop"]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
    assert "once more" in capfd.readouterr().err
