"""An order of a load test is given whole or not at all, and one is at work at a time."""

import sys
import time
from pathlib import Path

import pytest

from loadtests.workload import WorkloadError, workload
from poc import orders
from poc.orders import OrderError
from poc.pressure import order
from poc.pressure.order import LoadOrder
from scenarios.folders import AssessmentFolder, runs_in

LOAD = workload("bank-peak").at(rate=20, seconds=5)
ORDER = LoadOrder(target="reference", workload=LOAD.as_dict())


@pytest.fixture
def folder(tmp_path: Path) -> AssessmentFolder:
    return AssessmentFolder(order.place(tmp_path), "l1")


def test_an_order_is_read_as_it_was_given(folder: AssessmentFolder, tmp_path: Path) -> None:
    order.give(folder, ORDER)
    assert order.read(folder).load == LOAD
    assert [one.name for one in order.ordered(tmp_path)] == ["l1"]


def test_a_load_test_is_no_assessment(folder: AssessmentFolder, tmp_path: Path) -> None:
    order.give(folder, ORDER)
    assert runs_in(tmp_path) == ()


def test_a_workload_that_cannot_be_run_is_told_with_its_field_and_leaves_nothing(folder: AssessmentFolder) -> None:
    with pytest.raises(WorkloadError, match="rate"):
        order.give(folder, ORDER.model_copy(update={"workload": {**LOAD.as_dict(), "rate": -1}}))
    assert not folder.path.exists()


def test_a_system_that_the_lab_has_not_is_told_with_those_it_has(folder: AssessmentFolder) -> None:
    with pytest.raises(OrderError, match="the lab has reference"):
        order.give(folder, ORDER.model_copy(update={"target": "nothing"}))


def test_an_order_of_another_kind_is_refused(folder: AssessmentFolder) -> None:
    folder.describe({"kind": "order"})
    with pytest.raises(OrderError, match="no load test"):
        order.read(folder)


def test_a_second_one_waits_for_the_first(folder: AssessmentFolder, tmp_path: Path) -> None:
    order.give(folder, ORDER)
    other = AssessmentFolder(order.place(tmp_path), "l2")
    order.give(other, ORDER)
    with orders.held(folder.path), pytest.raises(OrderError, match="l1 is under way"):
        order.start(other, [sys.executable, "-c", ""])


def test_the_process_is_started_and_its_output_kept(folder: AssessmentFolder) -> None:
    order.give(folder, ORDER)
    order.start(folder, [sys.executable, "-c", "print('at work')"])
    deadline = time.monotonic() + 30
    while "at work" not in (folder.path / "log.txt").read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "at work" in (folder.path / "log.txt").read_text()
