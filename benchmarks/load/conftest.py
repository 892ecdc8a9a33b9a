"""Conftest: servers whose truth is known, pinned to a processor of their own where there are two, and the verdicts."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from loadtests.plan import Plan
from loadtests.steps import Person
from loadtests.workload import Workload, parse
from scenarios.actors import Actor, Credential

Serve = Callable[..., str]
Demand = Callable[[str, str, bool], None]

VERDICTS = pytest.StashKey[list[str]]()
#: One read of a path that names its arrival, so that a server can tell which is which.
NUMBERED = {"actor": "call-centre", "counts": "read", "verb": "get", "kind": "customer", "with": {"number": "{mark}"}}


@pytest.fixture
def demand(request: pytest.FixtureRequest) -> Demand:
    """Print a demand with what was seen of it, keep it for the list at the end, and fail if it was not met."""

    def told(name: str, seen: str, met: bool) -> None:
        line = f"{name:<4}{'met' if met else 'NOT MET':<9}{seen}"
        request.config.stash.setdefault(VERDICTS, []).append(line)
        print(f"\n{line}")
        assert met, line

    return told


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if lines := config.stash.get(VERDICTS, []):
        terminalreporter.section("demands")
        terminalreporter.write("".join(f"{line}\n" for line in lines))


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start ``python -m MODULE ARGUMENTS``, which says its port, on a processor of its own, and return its address.

    Who presses it is kept off that processor, as in all comparisons of generators that we know of: else the two wait
    for each other's turns, which Linux gives in milliseconds.
    """
    begun: list[subprocess.Popen[str]] = []
    everywhere = os.sched_getaffinity(0)
    first = {min(everywhere)}

    def start(module: str, *arguments: str) -> str:
        server = subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=subprocess.PIPE, text=True)
        begun.append(server)
        os.sched_setaffinity(server.pid, first)
        os.sched_setaffinity(0, everywhere - first or first)
        assert server.stdout is not None
        return f"http://127.0.0.1:{server.stdout.readline().strip()}"

    yield start
    os.sched_setaffinity(0, everywhere)
    for server in begun:
        server.kill()
        server.wait()
        assert server.stdout is not None
        server.stdout.close()


def reads(rate: float, seconds: float, **change: object) -> Workload:
    facts = {
        "name": "bench",
        "because": "benchmark",
        "arrivals": "poisson",
        "users": 600,
        "seed": 3,
        "mix": {"numbered": 1},
        "steps": {"numbered": NUMBERED},
    }
    return parse({**facts, "rate": rate, "seconds": seconds, "warm_up": 0, **change})


def plan(url: str, load: Workload) -> Plan:
    return Plan(
        target="bench", url=url, authority=None, connector="tests.loadtests.stalled:Stalled",
        credentials={Actor.AGENT: Credential(token="t")}, people=(Person("1", "Ann"),), workload=load, mark="b",
    )  # fmt: skip
