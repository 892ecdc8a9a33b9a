"""An order is given whole or not at all, held by one process at a time, and told of line by line."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from poc import orders
from poc.orders import Order, OrderError
from poc.watch import State, watch
from scenarios.folders import AssessmentFolder

NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)
ORDER = Order(systems=("reference", "leaky"), customers=300)


@pytest.fixture
def folder(tmp_path: Path) -> AssessmentFolder:
    return AssessmentFolder(tmp_path, "a1")


def test_an_order_is_read_as_it_was_given(folder: AssessmentFolder) -> None:
    orders.give(folder, ORDER)
    assert orders.read(folder) == ORDER
    assert orders.ordered(folder)


def test_an_order_for_nothing_leaves_nothing_behind(folder: AssessmentFolder) -> None:
    with pytest.raises(OrderError, match="choose at least one target"):
        orders.give(folder, Order())
    assert not folder.path.exists()


def test_a_name_that_is_taken_is_refused(folder: AssessmentFolder) -> None:
    orders.give(folder, ORDER)
    with pytest.raises(OrderError, match="choose another name"):
        orders.give(folder, ORDER)


def test_a_target_that_is_chosen_twice_is_refused(folder: AssessmentFolder) -> None:
    with pytest.raises(OrderError, match="leaky is chosen twice"):
        orders.give(folder, Order(systems=("leaky",), targets=("leaky",)))


def test_what_was_made_by_a_command_is_no_order(folder: AssessmentFolder) -> None:
    folder.describe({"kind": "demonstration"})
    assert not orders.ordered(folder)
    with pytest.raises(OrderError, match="made by a command"):
        orders.read(folder)


def test_an_unreadable_order_is_told_with_its_file(folder: AssessmentFolder) -> None:
    folder.describe({"kind": "order", "order": {"customers": -1}})
    with pytest.raises(OrderError, match=r"assessment\.json"):
        orders.read(folder)


def test_only_one_process_works_in_a_folder(folder: AssessmentFolder) -> None:
    orders.give(folder, ORDER)
    with orders.held(folder.path):
        assert orders.running(folder)
        with pytest.raises(OrderError, match="worked on already"):
            orders.start(folder)
    assert not orders.running(folder)


def test_the_process_outlives_nobody_and_its_output_is_kept(folder: AssessmentFolder) -> None:
    orders.give(folder, ORDER)
    orders.stop(folder)
    orders.start(folder, [sys.executable, "-c", "print('at work')"])
    assert not orders.stop_asked(folder), "an old wish to stop does not stop the new process"
    deadline = time.monotonic() + 30
    while "at work" not in (folder.path / "log.txt").read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (folder.path / "log.txt").read_text() == "at work\n"


def test_a_torn_line_is_left_out(folder: AssessmentFolder) -> None:
    orders.give(folder, ORDER)
    orders.tell(folder, {"act": "asked"})
    with (folder.path / "progress.jsonl").open("ab") as file:
        file.write(b'{"act": "bank"')
    assert [line["act"] for line in orders.told(folder)] == ["asked"]


# -- watching --------------------------------------------------------------------------------------------------------
def tell(folder: AssessmentFolder, act: str, target: str = "", **facts: object) -> None:
    orders.tell(folder, {"act": act, "target": target, **facts}, clock=lambda: NOON)


def test_an_order_is_starting_until_its_process_speaks_or_is_gone_too_long(folder: AssessmentFolder) -> None:
    orders.give(folder, ORDER)
    tell(folder, "asked")
    assert watch(folder, lambda: NOON + timedelta(seconds=5)).state is State.STARTING
    assert watch(folder, lambda: NOON + timedelta(seconds=60)).state is State.BROKEN


def test_a_process_that_was_killed_is_noticed_at_once(folder: AssessmentFolder) -> None:
    orders.give(folder, ORDER)
    tell(folder, "asked")
    script = f"""
import pathlib, time
from poc import orders
with orders.held(pathlib.Path({str(folder.path)!r})):
    print("held", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        tell(folder, "bank", name="", done=1, total=2)
        assert watch(folder, lambda: NOON).state is State.RUNNING
        orders.stop(folder)
        assert watch(folder, lambda: NOON).state is State.STOPPING
        child.kill()
    assert watch(folder, lambda: NOON).state is State.BROKEN


def test_checks_are_counted_once_however_often_they_are_told(folder: AssessmentFolder) -> None:
    orders.give(folder, ORDER)
    tell(folder, "scenarios", "leaky", name="story", done=1, total=4)
    tell(folder, "check", "leaky", criterion="SEC-02", check="a", outcome="blocked", harm=True)
    tell(folder, "check", "leaky", criterion="SEC-02", check="a", outcome="failed", harm=True)
    tell(folder, "check", "leaky", criterion="SEC-02", check="b", outcome="passed", harm=True)
    _, leaky = watch(folder).going
    assert leaky.outcomes == {"failed": 1, "passed": 1}
    assert leaky.harms == 1
    assert (leaky.act, leaky.name, leaky.done, leaky.total) == ("scenarios", "story", 1, 4)


def test_only_the_seconds_of_the_last_load_test_are_shown(folder: AssessmentFolder) -> None:
    orders.give(folder, ORDER)
    for p99 in (50.0, 70.0):
        tell(folder, "load", "reference", done=0, total=2)
        tell(folder, "load", "reference", total=2, second=0, requests=10, errors=0, p99_ms=p99)
        tell(folder, "load", "reference", total=2, second=1, requests=10, errors=1, p99_ms=None)
    reference, _ = watch(folder).going
    assert [(one.second, one.errors, one.p99_ms) for one in reference.seconds] == [(0, 0, 70.0), (1, 1, None)]


def test_weakened_copies_wear_their_label_while_they_run(folder: AssessmentFolder) -> None:
    orders.give(folder, ORDER)
    reference, leaky = watch(folder).going
    assert reference.labels == ()
    assert leaky.labels == ("deliberately weakened",)


def test_a_fault_of_one_target_is_told_beside_it(folder: AssessmentFolder) -> None:
    orders.give(folder, ORDER)
    tell(folder, "asked")
    tell(folder, "fault", "leaky", text="it did not start")
    tell(folder, "ended", state="faulty")
    seen = watch(folder)
    assert seen.state is State.FAULTY
    assert seen.faults == ()
    assert seen.going[1].fault == "it did not start"


def test_what_is_told_is_heard_line_by_line_until_the_end(folder: AssessmentFolder) -> None:
    orders.give(folder, ORDER)
    tell(folder, "before")
    heard: list[str] = []
    with orders.heard(folder, lambda line: heard.append(line["act"]), pause=0.01):
        tell(folder, "bank", name="", done=1, total=2)
        with (folder.path / "progress.jsonl").open("ab") as file:
            file.write(b'{"act": "torn')
    assert heard == ["bank"]


def test_copies_are_told_before_any_target_is_at_work(folder: AssessmentFolder) -> None:
    orders.give(folder, ORDER)
    tell(folder, "begun")
    tell(folder, "copies", name="leaky", done=1, total=2)
    assert watch(folder).preparing == ("copies", 1, 2)
