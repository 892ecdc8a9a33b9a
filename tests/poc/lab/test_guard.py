"""Guard: what was done to the machine is undone when whoever did it is gone, also when it was killed."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from poc.lab.guard import Guard


@pytest.fixture
def sleeper():
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield started
    started.kill()
    started.wait()


def test_what_is_kept_is_done_at_the_end(tmp_path: Path, sleeper):
    left, done = tmp_path / "left", tmp_path / "done"
    left.mkdir()
    guard = Guard.start()
    guard.removes(left)
    guard.ends(sleeper.pid)
    guard.runs(["touch", str(done)])
    guard.end()
    assert sleeper.wait(5) < 0
    assert (left.exists(), done.exists()) == (False, True)


def test_what_was_undone_already_is_not_done_again(tmp_path: Path):
    command = ["touch", str(tmp_path / "again")]
    guard = Guard.start()
    guard.runs(command)
    guard.forgets(command)
    guard.end()
    assert not (tmp_path / "again").exists()


def test_a_process_that_stands_still_is_ended_too(sleeper):
    guard = Guard.start()
    guard.ends(sleeper.pid)
    psutil.Process(sleeper.pid).suspend()
    guard.end()
    assert sleeper.wait(5) < 0


def test_it_does_its_work_when_its_master_is_killed(tmp_path: Path):
    left = tmp_path / "left"
    left.mkdir()
    master = (
        "import os, pathlib, sys\nfrom poc.lab.guard import Guard\n"
        "guard = Guard.start()\nguard.removes(pathlib.Path(sys.argv[1]))\nprint(guard.process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    told = subprocess.run([sys.executable, "-c", master, str(left)], capture_output=True, text=True, check=False)
    psutil.wait_procs([psutil.Process(pid) for pid in map(int, told.stdout.split()) if psutil.pid_exists(pid)], 10)
    assert not left.exists()
