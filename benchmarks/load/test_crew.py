"""Crews on several machines, for which network namespaces with links of their own stand: the result is one run's."""

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psutil
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.load.conftest import Serve, plan, reads
from loadtests.arrivals import arrivals
from loadtests.crew import crew
from loadtests.judging import INVALID, judge
from loadtests.permission import Paper, Permission
from loadtests.result import LoadResult
from loadtests.terms import Terms
from poc.loadrun import LoadError, press

NULL = "loadtests.null"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TRUSTED = KEY.public_key().public_bytes_raw().hex()
#: Where the master stands, and the machines: the target, and two from which workers come.
MASTER, BRIDGE, MACHINES = "10.213.7.1", "tsbr", {"tst": "10.213.7.2", "tsw1": "10.213.7.3", "tsw2": "10.213.7.4"}
PORT = 15_557


def agents() -> list[psutil.Process]:
    return [one for one in psutil.Process().children(recursive=True) if "loadtests.agent" in one.cmdline()]


def counts(result: LoadResult) -> Counter[int]:
    return Counter({second: n for second, (n, _, _) in result.by_second().items()})


def ip(*words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["ip", *words], capture_output=True, text=True, check=check)


@pytest.fixture
def machines() -> Iterator[None]:
    """Three network namespaces, each with an address of its own, joined by a bridge on which the master stands."""
    if not shutil.which("ip") or os.geteuid():
        pytest.skip("network namespaces need root and iproute2: apt-get install iproute2")
    tried = ip("netns", "add", "tst", check=False)
    if tried.returncode:
        pytest.skip(f"network namespaces are not permitted here: {tried.stderr.strip()}")
    try:
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("addr", "add", f"{MASTER}/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        for name, address in MACHINES.items():
            if name != "tst":
                ip("netns", "add", name)
            ip("link", "add", f"v{name}", "type", "veth", "peer", "name", "eth0", "netns", name)
            ip("link", "set", f"v{name}", "master", BRIDGE, "up")
            ip("-n", name, "addr", "add", f"{address}/24", "dev", "eth0")
            ip("-n", name, "link", "set", "eth0", "up")
            ip("-n", name, "link", "set", "lo", "up")
        yield
    finally:
        for name in MACHINES:
            ip("link", "del", f"v{name}", check=False)
            ip("netns", "del", name, check=False)
        ip("link", "del", BRIDGE, check=False)


def on(machine: str, *words: str, **more: str) -> subprocess.Popen[str]:
    """Run a program on one of the machines."""
    return subprocess.Popen(
        ["ip", "netns", "exec", machine, sys.executable, "-m", *words],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **more},
    )  # fmt: skip


def permitted(host: str) -> Terms:
    now = datetime.now(UTC)
    paper = Permission(
        vendor="bench", host=host, purposes=("load",), begins=now - timedelta(hours=1),
        expires=now + timedelta(hours=1), most_per_second=500, signed_by="nobody in earnest",
    )  # fmt: skip
    return Terms(paper=Paper.sign(paper, KEY).text(), trusted_key=TRUSTED)


def test_workers_of_two_machines_make_the_very_run_of_one_process(machines: None) -> None:
    server = on("tst", NULL, "--host", MACHINES["tst"])
    assert server.stdout is not None
    url = f"http://{MACHINES['tst']}:{server.stdout.readline().strip()}"
    asked = reads(200, 6, users=16, warm_up=0)
    begun: list[subprocess.Popen[str]] = [server]
    try:
        alone = press(replace(plan(url, asked), terms=permitted(MACHINES["tst"])))
        whole = crew(0, 2, f"{MASTER}:{PORT}")

        def come(line: object) -> None:
            if "gathers" in line:  # type: ignore[operator]
                words = ["poc.cli", "load", "worker", "--master", f"{MASTER}:{PORT}", "--trusted", TRUSTED]
                begun.extend(on(name, *words, TOUCHSTONE_LOAD_TOKEN=whole.token) for name in ("tsw1", "tsw2"))

        together = press(replace(plan(url, asked), terms=permitted(MACHINES["tst"]), crew=whole), progress=come)
        assert [worker.wait(20) for worker in begun[1:]] == [0, 0]
    finally:
        for one in begun:
            one.kill()
            one.communicate()
    due = Counter(int(one.due) for one in arrivals(asked.profile, "poisson", 3))
    print(f"\n{together.released} arrivals by {[dict(one) for one in together.workers]}, p99 of responses "
          f"{together.histogram().quantile(0.99)} us, of one process {alone.histogram().quantile(0.99)} us; "
          f"{together.ground}")  # fmt: skip
    assert counts(together) == counts(alone) == due
    assert together.released == together.finished == due.total()
    assert together.histogram().n == together.histogram(metric="service").n == due.total()
    assert together.ground.startswith("signed by nobody in earnest of bench")


def test_a_worker_that_does_not_trust_the_signer_presses_nobody(machines: None) -> None:
    whole = crew(0, 1, f"{MASTER}:{PORT}")
    begun: list[subprocess.Popen[str]] = []

    def come(line: object) -> None:
        if "gathers" in line:  # type: ignore[operator]
            words = ["poc.cli", "load", "worker", "--master", f"{MASTER}:{PORT}", "--trusted", "0" * 64]
            begun.append(on("tsw1", *words, TOUCHSTONE_LOAD_TOKEN=whole.token))

    asked = replace(plan(f"http://{MACHINES['tst']}:9", reads(20, 5, users=4)), terms=permitted(MACHINES["tst"]))
    with pytest.raises(LoadError, match="bears a key that this worker does not trust"):
        press(replace(asked, crew=whole), progress=come)
    told, _ = begun[0].communicate(timeout=20)
    assert begun[0].returncode == 3
    assert "start it with --trusted KEY" in told


def test_a_machine_that_falls_off_the_network_is_named_and_its_workers_stop_by_themselves(machines: None) -> None:
    server = on("tst", NULL, "--host", MACHINES["tst"])
    assert server.stdout is not None
    url = f"http://{MACHINES['tst']}:{server.stdout.readline().strip()}"
    whole, cut = crew(1, 1, f"{MASTER}:{PORT}"), list[float]()
    begun: list[subprocess.Popen[str]] = [server]

    def come(line: dict[str, object]) -> None:
        if "gathers" in line:
            words = ["poc.cli", "load", "worker", "--master", f"{MASTER}:{PORT}", "--trusted", TRUSTED]
            begun.append(on("tsw1", *words, TOUCHSTONE_LOAD_TOKEN=whole.token))
        if line.get("second") == 2 and not cut:
            cut.append(time.monotonic())
            ip("link", "set", "vtsw1", "down")

    asked = replace(plan(url, reads(100, 12, users=8, objectives={"read": ["p99 < 1 s"]})), crew=whole)
    try:
        result = press(replace(asked, terms=permitted(MACHINES["tst"])), progress=come)  # type: ignore[arg-type]
        sheet = judge(result)
        begun[1].wait(30)
    finally:
        for one in begun:
            one.kill()
            one.communicate()
    print(f"\n{sheet.void}")
    assert sheet.code == INVALID
    assert "was lost after second" in sheet.void


def test_a_crew_that_is_stopped_leaves_no_process(serve: Serve) -> None:
    began: list[float] = []

    def note(line: dict[str, object]) -> None:
        if "second" in line and not began:
            began.append(time.monotonic())

    asked = replace(plan(serve(NULL), reads(100, 60, users=8)), crew=crew(2))
    result = press(asked, progress=note, stop=lambda: bool(began) and time.monotonic() - began[0] > 1)  # type: ignore[arg-type]
    assert result.stopped_early
    assert agents() == []


def test_who_does_not_know_the_token_gets_neither_the_plan_nor_a_place(serve: Serve) -> None:
    strangers: list[subprocess.Popen[str]] = []

    def come(line: dict[str, object]) -> None:
        if "gathers" in line:
            words = [sys.executable, "-m", "loadtests.agent", "--join", str(line["at"])]
            env = {**os.environ, "TOUCHSTONE_LOAD_TOKEN": "a token that is wrong"}
            strangers.append(subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=env))

    result = press(replace(plan(serve(NULL), reads(100, 2, users=8)), crew=crew(2)), progress=come)  # type: ignore[arg-type]
    for stranger in strangers:
        stranger.kill()
        stranger.communicate()
    assert [worker["lost"] for worker in result.workers] == ["", ""]


def test_a_crew_whose_target_is_not_there_says_so_in_one_line() -> None:
    with pytest.raises(LoadError, match=r"worker \d@.* cannot be reached") as told:
        press(replace(plan("http://127.0.0.1:9", reads(10, 5, users=2)), crew=crew(2)))
    assert "\n" not in str(told.value)
    assert agents() == []
