"""The load agent's door: ``python -m loadtests.agent PLAN OUT`` presses a target and leaves its figures in OUT.

``python -m loadtests.agent --join HOST:PORT [KEY]`` is a worker of a run that another process commands; it reads the
token from the environment, and KEY must have signed a permission for what is not this machine.
"""

import json
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gevent

from loadtests.agent.diary import say
from loadtests.agent.guard import confine
from loadtests.agent.master import TOKEN, Master
from loadtests.agent.run import Run
from loadtests.agent.seal import SealError
from loadtests.agent.worker import Worker
from loadtests.crew import place
from loadtests.plan import read


def main(plan_file: str, out: str) -> int:
    """Run a plan; exit code 0 when figures were written, 3 when the run could not be made."""
    plan = read(Path(plan_file))
    target = Path(out)
    run: Run | Master | None = None
    stopped = False

    def stop() -> None:
        nonlocal stopped
        stopped = True
        if run is not None:
            run.stopped = True

    gevent.signal_handler(signal.SIGTERM, stop)
    gevent.signal_handler(signal.SIGINT, stop)
    try:
        ground = plan.ground(datetime.now(UTC))
        confine(ground.places)
        run = Run(plan) if plan.crew is None else Master(plan, plan.crew, say)
        run.stopped = stopped
        run.prepare()
        with target.with_suffix(".rows").open("w", encoding="utf-8") as rows:
            figures = run.press(rows)
    except Exception as fault:  # the parent tells the user; what it needs is the reason in one line
        say({"fault": f"{type(fault).__name__}: {fault}"})
        return 3
    finally:
        if run is not None:
            run.end()
    partial = target.with_suffix(".part")
    partial.write_text(json.dumps({**figures, "ground": ground.words}), encoding="utf-8")
    partial.rename(target)
    return 0


def join(where: str, trusted: str = "") -> int:
    """Be a worker of the run that is commanded at HOST:PORT; exit code 0 when it was made, 3 when it could not be."""
    host, port = place(where)
    worker: Any = None

    def stop() -> None:
        if worker is None or worker.run is None:
            sys.exit(3)
        worker.run.stopped = True

    gevent.signal_handler(signal.SIGTERM, stop)
    gevent.signal_handler(signal.SIGINT, stop)
    try:
        worker = Worker(host, port, os.environ.pop(TOKEN, ""), trusted)
        wrong = worker.carry_out()
    except (SealError, OSError) as fault:
        wrong = str(fault)
    if wrong:
        say({"fault": wrong})
    return 3 if wrong else 0


if __name__ == "__main__":
    sys.exit(join(*sys.argv[2:4]) if sys.argv[1] == "--join" else main(*sys.argv[1:3]))
