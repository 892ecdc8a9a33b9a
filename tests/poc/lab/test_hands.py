"""Hands: acts that this machine cannot do say what is missing, and a laboratory's own command is always undone."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from poc.lab.ground import GroundError
from poc.lab.hands import strike


@dataclass
class Kept:
    """A guard that only remembers."""

    commands: list[tuple[str, ...]] = field(default_factory=list)

    def runs(self, command):
        self.commands.append(tuple(command))

    def forgets(self, command):
        self.commands.remove(tuple(command))


def ground(**parts):
    bare = {"disk": None, "clock": None, "guard": Kept(), "workers": list, "database": list}
    return SimpleNamespace(**{**bare, **parts})


def struck(act, on, *, strength=None, answers=lambda status: None, begin=(), undo=()):
    return strike(act, on, strength=strength, answers=answers, begin=begin, undo=undo)


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("fill-disk", "run this as root"),
        ("skew-clock", "install Debian's package libfaketime"),
        ("kill-worker", "no process to strike"),
        ("unplug", "nobody here can unplug"),
    ],
)
def test_what_cannot_be_done_here_says_what_is_missing(act, told):
    with pytest.raises(GroundError, match=told):
        struck(act, ground())


def test_a_command_is_known_to_the_guard_until_it_was_undone(tmp_path: Path):
    on, begun, undone = ground(), tmp_path / "begun", tmp_path / "undone"
    undo = struck("command", on, begin=("touch", str(begun)), undo=("touch", str(undone)))
    assert on.guard.commands == [("touch", str(undone))]
    undo()
    assert (begun.exists(), undone.exists(), on.guard.commands) == (True, True, [])


def test_a_command_that_fails_is_told_in_one_line_and_stays_with_the_guard():
    on = ground()
    with pytest.raises(GroundError, match="false ended with code 1"):
        struck("command", on, begin=("false",), undo=("true",))
    assert on.guard.commands == [("true",)]


def test_a_clock_is_set_ahead_and_back(tmp_path: Path):
    clock = tmp_path / "clock"
    undo = struck("skew-clock", ground(clock=clock), strength=300)
    assert clock.read_text() == "+300s\n"
    undo()
    assert clock.read_text() == "+0\n"


def test_a_receiver_answers_as_is_said_and_then_as_before():
    told = []
    struck("receiver-fails", ground(), strength=500, answers=told.append)()
    struck("receiver-gone", ground(), answers=told.append)()
    assert told == [500, None, 0, None]
