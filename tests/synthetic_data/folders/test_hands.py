"""Hands: a cluster makes the very bank that one process makes, even when it loses a worker on the way."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from synthetic_data.folders.checking import verify
from synthetic_data.folders.growing import Outcome, Step, grow_folder
from synthetic_data.folders.hands import HandsError, cluster, processes
from synthetic_data.folders.order import Order
from synthetic_data.folders.parts import Grower
from synthetic_data.folders.vault import Lock
from tests.synthetic_data.folders.meadow import Meadow, order

HOUSE = Path(__file__).parents[3]
KEYS = (b"first", b"second")
LOCK = Lock.of(KEYS, b"s" * 16)


class Small(NamedTuple):
    address: str
    workers: tuple[subprocess.Popen[bytes], ...]


def start(*words: str) -> subprocess.Popen[bytes]:
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
    line = [sys.executable, "-m", "dask", *words, "--no-dashboard"]
    return subprocess.Popen(line, cwd=HOUSE, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture
def dask() -> Iterator[Small]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", port)
    workers = tuple(
        start("worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--memory-limit", "2GiB")
        for _ in range(2)
    )
    try:
        wait_for(address, len(workers))
        yield Small(address, workers)
    finally:
        for one in (*workers, scheduler):
            one.kill()
        for one in (*workers, scheduler):
            one.wait(20)


def wait_for(address: str, workers: int) -> None:
    distributed = pytest.importorskip("distributed")
    until = time.monotonic() + 60
    while True:
        try:
            with distributed.Client(address, timeout="2s", set_as_default=False) as client:
                client.wait_for_workers(workers, timeout=60)
                return
        except OSError:
            if time.monotonic() > until:
                raise


def grow(folder: Path, asked: Order, *, grower: Grower = Meadow, **more: object) -> Outcome:
    return grow_folder(asked, folder, grower=grower, truth=folder.with_name(f"{folder.name}.truth"), lock=LOCK, **more)  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_cluster_makes_the_same_bank_and_makes_the_partitions_of_a_killed_worker_again(
    tmp_path: Path, dask: Small
) -> None:
    asked = order(30_500)
    alone = grow(tmp_path / "alone", asked)
    assert grow(tmp_path / "both", asked, hands=cluster(dask.address)).manifest.digest == alone.manifest.digest
    victim, seen = dask.workers[0], list[int]()

    def kill(step: Step) -> None:
        seen.append(step.partitions)
        if len(seen) == 2:
            victim.send_signal(signal.SIGKILL)

    made = grow(tmp_path / "one", asked, hands=cluster(dask.address), progress=kill)
    assert victim.wait(10) == -signal.SIGKILL
    assert seen == list(range(1, 32))
    assert made.manifest.digest == alone.manifest.digest
    assert verify(tmp_path / "one", tmp_path / "one.truth").sealed == 31


def test_a_scheduler_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(HandsError, match="scheduler moon://1: does not answer"):
        grow(tmp_path / "b", order(), hands=cluster("moon://1"))


@pytest.mark.parametrize("address", ["tcp://10.0.0.5:8786", "10.0.0.5:8786", "ws://bank.example:1"])
def test_a_cluster_in_clear_beyond_this_machine_is_refused_before_a_byte_is_exchanged(address: str) -> None:
    with pytest.raises(HandsError, match="serve it as tls:// with certificates"):
        cluster(address)


class Deadly(Meadow):
    def cell(self, cell: int) -> "object":  # type: ignore[override]
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_process_that_is_killed_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(HandsError, match="a worker process was killed"):
        grow(tmp_path / "b", order(), grower=Deadly, hands=processes(2))  # type: ignore[arg-type]


def others_of(folder: Path) -> list[psutil.Process]:
    """Processes that were started to grow a folder, and their workers."""
    started = [p for p in psutil.process_iter(["cmdline"]) if str(folder) in " ".join(p.info["cmdline"] or ())]
    return [one for root in started for one in (root, *root.children(recursive=True))]


@pytest.mark.slow
def test_a_bank_whose_process_is_killed_leaves_no_worker_behind_and_goes_on(tmp_path: Path) -> None:
    line = (
        "from pathlib import Path; from tests.synthetic_data.folders.test_hands import *; "
        f"grow(Path({str(tmp_path / 'b')!r}), order(90_000), hands=processes(2))"
    )
    begun = subprocess.Popen([sys.executable, "-c", line], cwd=HOUSE, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not list(tmp_path.glob("b/.growing/*.json")) and time.monotonic() < until:
        time.sleep(0.02)
    family = others_of(tmp_path)
    begun.kill()
    begun.wait(30)
    _, alive = psutil.wait_procs(family, 30)
    assert not alive
    made = grow(tmp_path / "b", order(90_000))
    assert 0 < made.kept < 90
    assert made.manifest.digest == grow(tmp_path / "alone", order(90_000)).manifest.digest
