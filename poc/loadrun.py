"""Loadrun: starts the load agent as a process of its own, follows it, ends it, and brings its figures home."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from loadtests.plan import Plan
from loadtests.result import LoadResult, made
from loadtests.watching import Watcher

#: Seconds beyond the workload's own length after which an agent is taken for dead.
PATIENCE = 90.0
#: Seconds that an agent may take to end once it was told to.
END_WITHIN = 2.0


class LoadError(Exception):
    """The load test could not be made: our own fault or an unreachable target; the text says which."""


def press(
    plan: Plan,
    *,
    progress: Callable[[Mapping[str, object]], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
    watch: Watcher | None = None,
) -> LoadResult:
    """Press a target as planned and return what was measured; raises PlanError or LoadError.

    ``progress`` gets a line a second: second, requests, errors, p99_ms. When ``stop`` says so, the agent ends within
    two seconds and the result says that it was stopped early; so it does when ``watch`` sees a promise refuted.
    """
    plan.permitted()
    with tempfile.TemporaryDirectory(prefix="touchstone-load-") as folder:
        file, out = Path(folder, "plan.json"), Path(folder, "out.json")
        plan.write(file)
        code, last = _follow(file, out, plan, progress, lambda: stop() or (watch is not None and watch.over), watch)
        if not out.exists():
            raise LoadError(f"the load test of {plan.target} was not made: {last or f'agent ended with code {code}'}")
        raw = json.loads(out.read_text(encoding="utf-8"))
        with out.with_suffix(".rows").open(encoding="utf-8") as rows:
            raw |= {"rows": [json.loads(row) for row in rows], "refuted": watch.refuted if watch is not None else {}}
        return made(plan.target, plan.workload, raw)


def _follow(
    file: Path,
    out: Path,
    plan: Plan,
    progress: Callable[[Mapping[str, object]], None] | None,
    stop: Callable[[], bool],
    watch: Watcher | None,
) -> tuple[int, str]:
    agent = subprocess.Popen(
        [sys.executable, "-m", "loadtests.agent", str(file), str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    fault = ""
    try:
        assert agent.stdout is not None
        for text in agent.stdout:
            line = _parsed(text)
            fault = str(line.get("fault", fault))
            if "second" in line and progress is not None:
                progress(line)
            if "settled" in line and watch is not None:
                watch.see(line["settled"], line["tally"])
            if stop():
                os.killpg(agent.pid, signal.SIGTERM)
        return agent.wait(plan.workload.profile.seconds + PATIENCE), fault
    finally:
        _end(agent)


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        line = json.loads(text)
    except ValueError:
        return {}  # a library's chatter, not ours
    return line if isinstance(line, dict) else {}


def _end(agent: subprocess.Popen[str]) -> None:
    if agent.poll() is None:
        os.killpg(agent.pid, signal.SIGTERM)
        try:
            agent.wait(END_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(agent.pid, signal.SIGKILL)
            agent.wait()
    if agent.stdout is not None:
        agent.stdout.close()
