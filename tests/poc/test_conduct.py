"""An order is carried out once, whatever happens in between: stopped, killed, gone on with."""

import os
import signal
import time
from pathlib import Path

import pytest

from poc import orders
from poc.conduct import conduct
from poc.orders import Order, OrderError
from poc.watch import State, Watched, watch
from scenarios.folders import AssessmentFolder
from scenarios.store import Store


def test_unknown_systems_and_criteria_are_told_before_anything_is_started(tmp_path: Path) -> None:
    for place, order in enumerate((Order(systems=("other",)), Order(systems=("reference",), only=("XX-1",)))):
        folder = AssessmentFolder(tmp_path, f"a{place}")
        orders.give(folder, order)
        with pytest.raises(OrderError, match=r"unknown: the lab has|has no scenario: played are"):
            conduct(folder)
        assert not (folder.path / "progress.jsonl").exists()


def test_a_stop_while_the_bank_grows_ends_at_once_and_keeps_the_order(tmp_path: Path) -> None:
    folder = AssessmentFolder(tmp_path, "a1")
    orders.give(folder, Order(systems=("reference",), customers=100, lab=tmp_path / "lab"))
    orders.stop(folder)
    assert conduct(folder) == "stopped"
    assert watch(folder).state is State.STOPPED
    assert not (tmp_path / "lab").exists()


def test_a_target_that_nobody_lists_is_told_beside_its_name(tmp_path: Path) -> None:
    folder = AssessmentFolder(tmp_path, "a1")
    orders.give(folder, Order(targets=("nobody",), customers=100, targets_file=tmp_path / "targets.toml"))
    with pytest.raises(ValueError, match=r"targets\.toml"):
        conduct(folder)
    seen = watch(folder)
    assert seen.state is State.FAULTY
    assert "targets.toml" in seen.going[0].fault


@pytest.mark.pg
@pytest.mark.slow
def test_an_order_survives_a_kill_and_a_stop_and_repeats_nothing(tmp_path: Path, lab_folder: Path) -> None:
    folder = AssessmentFolder(tmp_path / "runs", "a1")
    order = Order(systems=("reference",), customers=200, rate=30, seconds=20, only=("CUS-02",), lab=lab_folder)
    orders.give(folder, order)
    killed = orders.start(folder)
    until(folder, lambda seen: seen.going[0].act == "load" or not seen.alive)
    os.kill(killed, signal.SIGKILL)
    until(folder, lambda seen: not seen.alive)
    assert watch(folder).state is State.BROKEN
    played = Store.open(folder.of("reference")).evidence()

    orders.start(folder)
    until(folder, lambda seen: len(seen.going[0].seconds) >= 2 or not seen.alive)
    asked = time.monotonic()
    orders.stop(folder)
    ended = until(folder, lambda seen: not seen.alive)
    assert ended.state is State.STOPPED
    assert time.monotonic() - asked < 60  # a loaded machine is slow to put a database away; no process is left behind
    repeated = Store.open(folder.of("reference")).evidence()
    assert [one for one in repeated if one.criterion == "CUS-02"] == [
        one for one in played if one.criterion == "CUS-02"
    ]


def until(folder: AssessmentFolder, true: object) -> Watched:
    deadline = time.monotonic() + 150
    while time.monotonic() < deadline:
        seen = watch(folder)
        if seen.state is not State.STARTING and true(seen):  # type: ignore[operator]
            return seen
        time.sleep(0.2)
    raise AssertionError(f"nothing came of it: {watch(folder)} {(folder.path / 'log.txt').read_text()}")
