"""Loadrun: starts the load agent as a process of its own, follows it, ends it, and brings its figures home."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from loadtests.plan import Plan
from loadtests.result import LoadResult, made
from loadtests.watching import Watcher
from poc.pulse import Pulse

#: Seconds beyond the workload's own length after which an agent is taken for dead.
PATIENCE = 90.0
#: Seconds that an agent may take to end once it was told to.
END_WITHIN = 2.0
#: Seconds from one question whether to stop to the next.
ASKED_EVERY = 0.2


class LoadError(Exception):
    """The load test could not be made: our own fault or an unreachable target; the text says which."""


def press(
    plan: Plan,
    *,
    progress: Callable[[Mapping[str, object]], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
    watch: Watcher | None = None,
    pulse: Pulse | None = None,
) -> LoadResult:
    """Press a target as planned and return what was measured; raises PlanError or LoadError.

    ``progress`` gets a line a second: second, requests, errors, p99_ms, cells (coarse histogram), released, finished,
    loop_ms, and vitals if there is a ``pulse``; before the first of them, clock tells when seconds began to count.
    When ``stop`` says so, the agent ends within two seconds and the result says that it was stopped early; so it does
    when ``watch`` sees a promise refuted.
    """
    plan.ground(datetime.now(UTC))
    with tempfile.TemporaryDirectory(prefix="touchstone-load-") as folder, pulse or nullcontext():
        file, out = Path(folder, "plan.json"), Path(folder, "out.json")
        plan.write(file)
        stopper = Stopper(lambda: stop() or (watch is not None and watch.over))
        code, last = _follow(file, out, plan, progress, stopper, watch, pulse)
        if not out.exists():
            why = "it was stopped before it began to count" if stopper.told_at else last
            raise LoadError(f"the load test of {plan.target} was not made: {why or f'agent ended with code {code}'}")
        raw = json.loads(out.read_text(encoding="utf-8"))
        with out.with_suffix(".rows").open(encoding="utf-8") as rows:
            raw |= {"rows": [json.loads(row) for row in rows], "refuted": watch.refuted if watch is not None else {}}
        if pulse is not None:
            pulse.end()
            raw |= {"vitals": pulse.vitals(raw["began"])}
        return made(plan.target, plan.workload, raw)


@dataclass(slots=True)
class Stopper:
    """Ends an agent when somebody wishes it: politely first, and surely two seconds later."""

    wish: Callable[[], bool]
    told_at: float = 0.0

    def heed(self, agent: subprocess.Popen[bytes]) -> None:
        """Look whether it is to end, or has not ended in time."""
        if not self.told_at and self.wish():
            self.told_at = time.monotonic()
            os.killpg(agent.pid, signal.SIGTERM)
        elif self.told_at and time.monotonic() - self.told_at > END_WITHIN:
            os.killpg(agent.pid, signal.SIGKILL)


def _follow(
    file: Path,
    out: Path,
    plan: Plan,
    progress: Callable[[Mapping[str, object]], None] | None,
    stopper: Stopper,
    watch: Watcher | None,
    pulse: Pulse | None,
) -> tuple[int, str]:
    agent = subprocess.Popen(
        [sys.executable, "-m", "loadtests.agent", str(file), str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    fault = ""
    try:
        if pulse is not None:
            pulse.begin(agent.pid)
        for line in _lines(agent, stopper):
            fault = str(line.get("fault", fault))
            if pulse is not None and "loop_ms" in line:
                pulse.note("generator", "loop_ms", line["loop_ms"])
            if progress is not None and (line.keys() & {"second", "clock", "gathers"}):
                progress({**line, "vitals": pulse.latest} if pulse is not None else line)
            if "settled" in line and watch is not None:
                watch.see(line["settled"], line["tally"])
        return agent.wait(plan.workload.profile.seconds + PATIENCE), fault
    finally:
        _end(agent)


def _lines(agent: subprocess.Popen[bytes], stopper: Stopper) -> Iterator[Mapping[str, Any]]:
    """Yield what the agent says until it says no more; a wish to stop is heard though it keeps silent."""
    assert agent.stdout is not None
    wire, rest = agent.stdout.fileno(), b""
    while True:
        stopper.heed(agent)
        if not select.select([wire], [], [], ASKED_EVERY)[0]:
            continue
        if not (data := os.read(wire, 1 << 16)):
            return
        *lines, rest = (rest + data).split(b"\n")
        yield from map(_parsed, lines)


def _parsed(text: bytes) -> Mapping[str, Any]:
    try:
        line = json.loads(text)
    except ValueError:
        return {}  # a library's chatter, not ours
    return line if isinstance(line, dict) else {}


def _end(agent: subprocess.Popen[bytes]) -> None:
    if agent.poll() is None:
        os.killpg(agent.pid, signal.SIGTERM)
        try:
            agent.wait(END_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(agent.pid, signal.SIGKILL)
            agent.wait()
    if agent.stdout is not None:
        agent.stdout.close()
