"""Guard: undoes what was done to this machine when whoever did it is gone, however that happened; a process of its own.

``python -m poc.lab.guard`` takes one JSON object a line on standard input: ``{"do": WHAT, "with": ...}`` is kept,
``{"forget": WHAT, "with": ...}`` dropped. When its standard input ends, all that is kept is done, the youngest first.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

#: Seconds that a command of a laboratory may take to undo something.
PATIENCE = 60.0


def undo(what: str, arguments: Sequence[str]) -> None:
    """Do one thing: ``run`` a command, ``end`` a process and its children, ``unmount`` or ``remove`` a folder."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        match what:
            case "run":
                subprocess.run(list(arguments), check=False, capture_output=True, timeout=PATIENCE)
            case "end":
                _end(int(arguments[0]), float(arguments[1]))
            case "unmount":
                subprocess.run(["umount", "--lazy", arguments[0]], check=False, capture_output=True)
            case "remove":
                shutil.rmtree(arguments[0], ignore_errors=True)


def _end(pid: int, born: float) -> None:
    """End a process and all it has begun; one that got its number later is left alone."""
    try:
        first = psutil.Process(pid)
        if abs(first.create_time() - born) > 1:
            return
        family = [*first.children(recursive=True), first]
    except psutil.Error:
        return
    for one in family:
        for number in (signal.SIGKILL, signal.SIGCONT):
            with contextlib.suppress(OSError):
                os.kill(one.pid, number)


def watch() -> None:
    """Keep what is told, and do it when nobody tells any more."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # who ends it early would leave things undone; it ends with its caller
    kept: list[tuple[str, list[str]]] = []
    for line in sys.stdin:
        told = json.loads(line)
        entry = (str(told.get("do") or told.get("forget")), [str(one) for one in told["with"]])
        if "do" in told:
            kept.append(entry)
        elif entry in kept:
            kept.remove(entry)
    for what, arguments in reversed(kept):
        undo(what, arguments)


@dataclass(frozen=True, slots=True)
class Guard:
    """The hand on such a process. Leaving it (``end``) does what is still kept."""

    process: subprocess.Popen[str]

    @classmethod
    def start(cls) -> "Guard":
        """Start one."""
        return cls(
            subprocess.Popen(
                [sys.executable, "-m", "poc.lab.guard"], stdin=subprocess.PIPE, text=True, start_new_session=True
            )
        )

    def ends(self, pid: int) -> None:
        """Have a process and its children ended."""
        self._tell("do", "end", str(pid), str(psutil.Process(pid).create_time()))

    def unmounts(self, place: Path) -> None:
        """Have a file system unmounted."""
        self._tell("do", "unmount", str(place))

    def removes(self, folder: Path) -> None:
        """Have a folder removed."""
        self._tell("do", "remove", str(folder))

    def runs(self, command: Sequence[str]) -> None:
        """Have a command run, unless it is forgotten."""
        self._tell("do", "run", *command)

    def forgets(self, command: Sequence[str]) -> None:
        """Forget a command: it was run."""
        self._tell("forget", "run", *command)

    def _tell(self, verb: str, what: str, *arguments: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({verb: what, "with": arguments}) + "\n")
        self.process.stdin.flush()

    def end(self) -> None:
        """Let it do what is kept, and wait until that is done."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


if __name__ == "__main__":
    watch()
