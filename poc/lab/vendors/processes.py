"""Processes: what was started for a product, known by number and birth, so that nothing else is ever ended for it."""

import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from poc.settings import Door

#: Seconds that a process may take to end after it was asked to, and by how much a birth may be told differently.
END_WITHIN, SAME_BIRTH = 10.0, 0.05


class Process(Door):
    """A process that was started: what it does, its number, and the second at which it was born (Unix time)."""

    says: str
    pid: int
    born: float

    @property
    def alive(self) -> bool:
        """Whether it still runs; another one of the same number does not count, nor one that ended unnoticed."""
        return self._found() is not None

    def end(self) -> None:
        """End it and all that it started, politely first, then surely; what is not it is left alone."""
        found = self._found()
        if found is None:
            return
        family = [found, *found.children(recursive=True)]
        with suppress(psutil.NoSuchProcess):
            found.terminate()
        _, left = psutil.wait_procs(family, timeout=END_WITHIN)
        for one in left:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(left, timeout=END_WITHIN)

    def _found(self) -> psutil.Process | None:
        try:
            found = psutil.Process(self.pid)
            same = abs(found.create_time() - self.born) < SAME_BIRTH and found.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return None
        return found if same else None


def begun(says: str, command: Sequence[str], *, environment: Mapping[str, str], folder: Path, log: Path) -> Process:
    """Start a process that stays after us; raises OSError when its program is not there."""
    with log.open("ab") as out:
        made = subprocess.Popen(
            list(command), stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=dict(environment),
            cwd=folder, start_new_session=True,
        )  # fmt: skip
    born = psutil.Process(made.pid).create_time()
    made.returncode = 0  # it is not waited for: whoever ends it may be another process than this one
    return Process(says=says, pid=made.pid, born=born)
