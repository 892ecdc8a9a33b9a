"""Steps are taken side by side; a trouble comes home, an interrupt prints nothing, and nothing outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from poc.abreast import AbreastError, abreast
from poc.conduct import StoppedError
from scenarios.port import Refused


def leaves(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def fails(fault: BaseException) -> None:
    raise fault


def test_every_step_is_taken_and_told_by_name(tmp_path: Path) -> None:
    steps = {name: partial(leaves, tmp_path / name, name) for name in ("a", "b", "c")}
    assert dict(abreast(steps.items(), 2)) == {"a": None, "b": None, "c": None}
    assert sorted(path.read_text() for path in tmp_path.iterdir()) == ["a", "b", "c"]


def test_no_more_are_under_way_than_was_said(tmp_path: Path) -> None:
    def alone(name: str) -> None:
        (tmp_path / "here").touch(exist_ok=False)
        time.sleep(0.05)
        (tmp_path / "here").unlink()

    assert list(abreast({name: partial(alone, name) for name in "abc"}.items(), 1)) == [
        ("a", None),
        ("b", None),
        ("c", None),
    ]


def test_a_step_may_take_its_time_to_come_while_those_before_it_are_under_way(tmp_path: Path) -> None:
    def come() -> Iterator[tuple[str, Callable[[], None]]]:
        yield "first", partial(leaves, tmp_path / "first", "done")
        until(tmp_path / "first")
        yield "second", lambda: None

    assert dict(abreast(come(), 2)) == {"first": None, "second": None}


def test_a_trouble_comes_home_as_what_it_was_and_keeps_nobody_else_back() -> None:
    told = dict(abreast({"bad": partial(fails, ValueError("mend it")), "good": lambda: None}.items(), 2))
    assert told["good"] is None
    assert isinstance(told["bad"], ValueError)
    assert str(told["bad"]) == "mend it"


def test_a_trouble_that_cannot_travel_sends_its_words() -> None:
    (_, told), *_ = abreast({"bad": partial(fails, Refused("no", status=403, detail="not yours"))}.items(), 1)
    assert told is not None
    assert "not yours" in str(told)


@pytest.mark.parametrize(
    "fault", [FileNotFoundError(2, "No such file", "bank"), StoppedError("stopped"), OSError("odd")]
)
def test_a_trouble_keeps_its_class_and_what_it_names(fault: Exception) -> None:
    (_, told), *_ = abreast({"bad": partial(fails, fault)}.items(), 1)
    assert (type(told), str(told)) == (type(fault), str(fault))
    assert getattr(told, "filename", None) == getattr(fault, "filename", None)


def test_only_words_come_home_where_a_trouble_is_made_of_more_than_plain_values() -> None:
    (_, told), *_ = abreast({"bad": partial(fails, ValueError({"not": "plain"}))}.items(), 1)
    assert isinstance(told, AbreastError)
    assert str(told) == "ValueError: {'not': 'plain'}"


def test_a_process_that_vanishes_is_told() -> None:
    (_, told), *_ = abreast({"gone": partial(os._exit, 7)}.items(), 1)
    assert isinstance(told, AbreastError)
    assert "code 7" in str(told)


def test_who_stops_listening_ends_what_is_under_way(tmp_path: Path) -> None:
    def waits() -> None:
        (tmp_path / "here").touch()
        time.sleep(60)
        (tmp_path / "late").touch()

    begun = time.monotonic()
    for _ in abreast({"slow": waits, "quick": partial(until, tmp_path / "here")}.items(), 2):
        break
    assert time.monotonic() - begun < 50
    assert not (tmp_path / "late").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_is_printed_and_nobody_is_left_behind_when_the_parent_is_ended(
    tmp_path: Path, number: signal.Signals
) -> None:
    script = f"""
import pathlib, signal, sys, time
from poc.abreast import abreast
here = pathlib.Path({str(tmp_path)!r})
for number in (signal.SIGTERM, signal.SIGINT):  # whoever runs the tests in the background may have us ignore it
    signal.signal(number, signal.default_int_handler)
def step():
    import os
    (here / "pid").write_text(str(os.getpid()))
    time.sleep(60)
try:
    print(list(abreast({{"step": step}}.items(), 1)))
except KeyboardInterrupt:
    sys.exit(130)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as parent:
        until(tmp_path / "pid")
        parent.send_signal(number)
        assert parent.communicate(timeout=30) == (b"", b"")
    child = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 30
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(child)


def until(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not (path.exists() and path.stat().st_size >= (path.name == "pid")) and time.monotonic() < deadline:
        time.sleep(0.01)


def alive(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
