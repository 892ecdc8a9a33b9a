"""How soon a load ends when somebody wishes it, and that no process is left: one process, a crew, a fault run."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from benchmarks.load.conftest import Demand, Serve, plan, reads
from loadtests.crew import crew
from poc.cli.faults import STOPPED
from poc.loadrun import press
from synthetic_data.files import write
from synthetic_data.generator import generate

#: Seconds that are allowed from the wish to the end of all load, and for taking a ground of faults apart.
LOAD, GROUND = 2.0, 30.0


def agents() -> list[psutil.Process]:
    """Processes that press: those that this one or its children began, and those that nobody has any more."""
    ours = {one.pid for one in psutil.Process().children(recursive=True)}
    return [one for one in psutil.process_iter() if _presses(one, ours)]


def _presses(one: psutil.Process, ours: set[int]) -> bool:
    try:
        return (one.pid in ours or one.ppid() == 1) and "loadtests.agent" in one.cmdline()
    except psutil.Error:
        return False


@pytest.mark.parametrize("workers", [0, 2], ids=["one process", "a crew of two"])
def test_d3_a_run_that_is_stopped(serve: Serve, demand: Demand, workers: int) -> None:
    wished: list[float] = []

    def stop() -> bool:
        return bool(wished)

    def told(line: dict[str, object]) -> None:
        if line.get("second") == 1 and not wished:
            wished.append(time.monotonic())

    before = {one.pid for one in agents()}
    asked = plan(serve("loadtests.null"), reads(200, 60, users=16, client="raw"))
    whole = replace(asked, crew=crew(workers)) if workers else asked
    result = press(whole, progress=told, stop=stop)  # type: ignore[arg-type]
    took = time.monotonic() - wished[0]
    left = [one for one in agents() if one.pid not in before]
    who = f"a crew of {workers}" if workers else "one process"
    seen = f"{who}: ended {took:.2f} s after the wish, {LOAD:g} allowed; {len(left)} processes left"
    demand("D3", seen, result.stopped_early and took <= LOAD + 0.5 and not left)


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    write(generate(seed=1, customers=100).bank, tmp_path / "bank")
    return tmp_path / "bank"


def test_d3_a_fault_run_that_is_stopped(bank: Path, demand: Demand) -> None:
    before = {one.pid for one in agents()}
    words = [sys.executable, "-m", "poc.cli", "load", "fault", "run", "reference", "--bank", str(bank)]
    run = subprocess.Popen(
        [*words, "--only", "freeze-worker", "--lasts", "60", "--runs", str(bank.parent / "runs")],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert run.stderr is not None
    # a generator over the pipe would close it with itself, and who then speaks into it dies of that
    begun = next((line for line in iter(run.stderr.readline, "") if "stands still" in line), "")
    time.sleep(3)
    family = psutil.Process(run.pid).children(recursive=True)
    run.terminate()  # taken like Ctrl-C, which shells let a process in the background ignore
    asked = time.monotonic()
    while [one for one in agents() if one.pid not in before] and time.monotonic() - asked < GROUND:
        time.sleep(0.02)
    load = time.monotonic() - asked
    last = run.communicate(timeout=GROUND * 2)[1].strip().rpartition("\n")[2]
    code = run.returncode
    whole = time.monotonic() - asked
    left = [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    seen = f"a fault run ({begun.strip()}): load ended {load:.2f} s after the wish, {LOAD:g} allowed; all of it " \
           f"{whole:.1f} s after, exit code {code} ({last}); {len(left)} processes left"  # fmt: skip
    demand("D3", seen, load <= LOAD + 0.5 and not left and code == STOPPED)
