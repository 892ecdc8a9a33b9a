"""Worker: joins a master, makes its share of a run and sends home each second that has settled."""

import logging
import os
import socket
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gevent
from gevent.queue import Queue
from locust.env import Environment
from locust.event import Events

from loadtests.agent.guard import confine
from loadtests.agent.run import Run
from loadtests.agent.seal import Seal, fingerprint
from loadtests.crew import Share, ahead
from loadtests.plan import Plan, PlanError, made

#: Seconds that a worker waits for the master's next word, and without a sign of life while it presses.
PATIENCE, SILENCE = 600.0, 5.0
#: Exchanges by which the clocks of worker and master are compared; the quickest tells the least wrong.
PINGS = 9


class Worker:
    """One worker: a connection to the master (Locust's), a sealed talk over it, and a run."""

    def __init__(self, host: str, port: int, token: str, trusted: str = "") -> None:
        """Connect; ``trusted`` is the key that must have signed a permission for what is not this machine.

        Raises SealError when master and worker do not know the same token.
        """
        logging.getLogger("locust").setLevel(logging.CRITICAL)
        self._trusted, self._rows = trusted, list[str]()
        self._words: Queue[tuple[str, Any]] = Queue()
        environment = Environment(events=Events())  # type: ignore[no-untyped-call]
        self._runner: Any = environment.create_worker_runner(host, port)
        for kind in ("welcome", "plan", "pong", "begin", "halt"):
            self._runner.register_message(kind, lambda environment, msg: self._words.put((msg.type, msg.data)))
        mine = os.urandom(16)
        self._runner.send_message("join", {"nonce": mine})
        self._seal = Seal(token, "worker", "master", mine + self._heard("welcome")["nonce"])
        self._say("hello", {"host": socket.gethostname(), "code": fingerprint()})
        self._given: dict[str, Any] = self._next("plan")
        self.run: Run | None = None

    def carry_out(self) -> str:
        """Make the share: check the plan, open connections, begin when all others do, and tell how it went.

        Returns what went wrong in one line, empty if nothing did; the master is told, too.
        """
        wrong = ""
        with tempfile.TemporaryDirectory(prefix="touchstone-worker-") as folder:
            try:
                self._carry_out(Path(folder))
            except Exception as fault:  # whoever waits for this worker needs the reason in one line
                wrong = f"{type(fault).__name__}: {fault}"
                self._say("fault", wrong)
        gevent.sleep(0.2)
        self._runner.quit()
        return wrong

    def _carry_out(self, folder: Path) -> None:
        plan = self._plan(folder)
        ground = plan.ground(datetime.now(UTC))
        confine(ground.places)
        self.run = run = Run(plan, Share(*self._given["share"]), self._line)
        run.prepare()
        offset, trip = self._clocks()
        self._say("ready", {"offset": offset, "round_trip": trip})
        at = float(self._next("begin"))
        watches = [gevent.spawn(self._obey, run), gevent.spawn(self._notice, run)]
        figures = run.press(self, time.monotonic() + at + offset - time.time())
        gevent.killall(watches)
        self._say("done", figures)

    def write(self, lines: str) -> None:
        """Take rows as a file would; they go home when their second has settled."""
        self._rows.append(lines)

    def _plan(self, folder: Path) -> Plan:
        """Return the master's plan as it may be carried out here; raises PlanError."""
        if "refused" in self._given:
            raise PlanError(self._given["refused"])
        authority = self._given["authority"]
        if authority is not None:
            (folder / "authority.pem").write_text(authority, encoding="utf-8")
        plan = made({**self._given["plan"], "authority": authority and str(folder / "authority.pem")})
        if plan.terms.paper and plan.terms.trusted_key != self._trusted:
            raise PlanError("the permission bears a key that this worker does not trust: start it with --trusted KEY")
        return plan

    def _clocks(self) -> tuple[float, float]:
        """Return by how many seconds this machine's clock is ahead of the master's, and the quickest round trip."""
        return ahead(self._ping() for _ in range(PINGS))

    def _ping(self) -> tuple[float, float, float]:
        sent = time.time()
        self._say("ping", None)
        return sent, float(self._next("pong")), time.time()

    def _line(self, line: Any) -> None:
        rows, self._rows = (self._rows, []) if "settled" in line else ([], self._rows)
        self._say("line", {"line": line, "rows": rows})

    def _say(self, kind: str, data: Any) -> None:
        self._runner.send_message(kind, {"box": self._seal.close(kind, data)})

    def _next(self, kind: str, patience: float | None = PATIENCE) -> Any:
        return self._seal.open(kind, self._heard(kind, patience)["box"])

    def _heard(self, kind: str, patience: float | None = PATIENCE) -> Any:
        try:
            with gevent.Timeout(patience):
                said, data = self._words.get()
        except gevent.Timeout:
            raise TimeoutError(f"the master kept silent for {patience:.0f} s") from None
        if said != kind:
            raise ConnectionAbortedError(f"the master said {said} where {kind} was due")
        return data

    def _obey(self, run: Run) -> None:
        self._next("halt", None)
        run.stopped = True

    def _notice(self, run: Run) -> None:
        """End the run when the master gives no sign of life: nobody could stop it any more."""
        while not run.stopped:
            gevent.sleep(1)
            heard = self._runner.last_heartbeat_timestamp
            if heard is not None and time.time() - heard > SILENCE:
                run.stopped = True
