"""Hands: what each act of a fault does to a ground, and how it is undone."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

import psutil  # type: ignore[import-untyped]

from poc.lab.ground import FAKETIME, Ground, GroundError

#: Undoes what was done; may be called when the thing is gone.
Undo = Callable[[], None]
#: Has whoever receives events answer with a status, hang up (0), or take them as before (None).
Answers = Callable[[int | None], None]
#: Seconds that a laboratory's own command may take.
PATIENCE = 60.0


def strike(
    act: str, ground: Ground, *, strength: float | None, answers: Answers, begin: Sequence[str], undo: Sequence[str]
) -> Undo:
    """Do what an act says and return what undoes it; raises GroundError where this machine cannot do it."""
    match act:
        case "kill-worker":
            return _sent(ground.workers()[:1], signal.SIGKILL)
        case "crash-database":
            return _sent(_backends(ground), signal.SIGKILL)
        case "kill-database":
            return _killed(ground)
        case "freeze-worker":
            return _sent(ground.workers()[-1:], signal.SIGSTOP, signal.SIGCONT)
        case "freeze-database":
            return _sent(ground.database(), signal.SIGSTOP, signal.SIGCONT)
        case "slow-line":
            ground.line.order(late_ms=strength or 0.0)
            return ground.line.order
        case "cut-line":
            ground.line.order(cut=True)
            return ground.line.order
        case "fill-disk":
            return _filled(ground)
        case "receiver-fails":
            return _answered(answers, int(strength or 500))
        case "receiver-gone":
            return _answered(answers, 0)
        case "skew-clock":
            return _skewed(ground, strength or 0.0)
        case "command":
            return _commanded(ground, begin, undo)
    raise GroundError(f"nobody here can {act}")


def _sent(processes: Iterable[psutil.Process], number: signal.Signals, back: signal.Signals | None = None) -> Undo:
    those = list(processes)
    if not those:
        raise GroundError("there is no process to strike")
    for one in those:
        with suppress(ProcessLookupError, psutil.NoSuchProcess):
            one.send_signal(number)

    def undo() -> None:
        for one in those:
            if back is not None:
                with suppress(ProcessLookupError, psutil.NoSuchProcess):
                    one.send_signal(back)

    return undo


def _backends(ground: Ground) -> list[psutil.Process]:
    """Return one process of the database that serves the CRM."""
    name = ground.tenancy.database_url.partition("?")[0].rpartition("/")[2]
    serving = [one for one in ground.database()[1:] if any(name in word for word in one.cmdline())]
    return serving[:1]


def _killed(ground: Ground) -> Undo:
    ground.keeper.held_down.set()
    try:
        _sent(ground.database()[:1], signal.SIGKILL)
    except GroundError:
        ground.keeper.held_down.clear()
        raise
    return ground.keeper.held_down.clear


def _filled(ground: Ground) -> Undo:
    if ground.disk is None:
        raise GroundError("a disk of its own can only be made by root: run this as root on a machine of the lab")
    ballast = ground.disk / "ballast"
    try:
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(ground.disk).free)
    except OSError:
        with suppress(OSError), ballast.open("ab", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
    ground.house.cluster.exhaust()
    return lambda: ballast.unlink(missing_ok=True)


def _answered(answers: Answers, status: int) -> Undo:
    answers(status)
    return lambda: answers(None)


def _skewed(ground: Ground, seconds: float) -> Undo:
    clock = ground.clock
    if clock is None:
        raise GroundError(f"no library sets a process's clock ({FAKETIME}): install Debian's package libfaketime")
    clock.write_text(f"+{seconds:g}s\n", encoding="ascii")

    def undo() -> None:
        clock.write_text("+0\n", encoding="ascii")

    return undo


def _commanded(ground: Ground, begin: Sequence[str], undo: Sequence[str]) -> Undo:
    ground.guard.runs(undo)
    _ran(begin)

    def back() -> None:
        _ran(undo)
        ground.guard.forgets(undo)

    return back


def _ran(command: Sequence[str]) -> None:
    try:
        done = subprocess.run(list(command), check=False, capture_output=True, text=True, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise GroundError(f"{command[0]} did not run: {fault}") from fault
    if done.returncode:
        raise GroundError(f"{command[0]} ended with code {done.returncode}: {done.stderr.strip()[-200:]}")
