"""Master: gathers workers that know the token, lets them begin together, adds up what they tell, and names the lost."""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO

import gevent
from locust.env import Environment
from locust.event import Events

from loadtests.agent.run import GRACE, PREPARE
from loadtests.agent.seal import Seal, SealError, fingerprint
from loadtests.crew import Crew
from loadtests.muster import Muster, together
from loadtests.plan import Plan

#: Seconds that are waited for workers from elsewhere, and after the end of the run for those who still speak.
AWAITED, LINGER = 600.0, 5.0
#: Seconds from the word to begin to the first arrival.
LEAD = 1.0
#: Name of the variable by which the workers of this machine are told the token: no argument, which all could read.
TOKEN = "TOUCHSTONE_LOAD_TOKEN"  # noqa: S105 the name of a variable
#: What a worker may say.
_KINDS = ("join", "hello", "ping", "ready", "line", "done", "fault")


class Talk:
    """What the master knows of one worker."""

    def __init__(self, seal: Seal) -> None:
        """Begin to talk; nobody is believed to be anybody yet."""
        self.seal = seal
        self.name = self.host = self.lost = self.fault = ""
        self.ready: Mapping[str, float] | None = None
        self.done: Mapping[str, Any] | None = None

    def facts(self, heard: int) -> dict[str, object]:
        """Return what is kept of it with the run."""
        ready = self.ready or {}
        return {
            "name": self.name,
            "host": self.host,
            "heard": heard,
            "lost": self.lost,
            "released": self.done["released"] if self.done else None,
            "offset_ms": ready.get("offset", 0.0) * 1000,
            "round_trip_ms": ready.get("round_trip", 0.0) * 1000,
        }


class Master:
    """A run that several workers make; stands where one process's ``Run`` would."""

    def __init__(self, plan: Plan, crew: Crew, tell: Callable[[Mapping[str, Any]], None]) -> None:
        """Listen for workers and start those of this machine."""
        logging.getLogger("locust").setLevel(logging.CRITICAL)
        self.plan, self.crew, self._tell, self.stopped = plan, crew, tell, False
        self._talks: dict[str, Talk] = {}
        self._muster: Muster | None = None
        self._rows: TextIO | None = None
        environment = Environment(events=Events())  # type: ignore[no-untyped-call]
        self._runner: Any = environment.create_master_runner(crew.host, crew.port)
        for kind in _KINDS:
            self._runner.register_message(kind, lambda environment, msg: self._hear(msg.node_id, msg.type, msg.data))
        port = self._runner.server.port
        self._here = [self._start(port) for _ in range(crew.here)]
        tell({"gathers": crew.size, "elsewhere": crew.elsewhere, "at": f"{crew.host}:{port}"})

    def _start(self, port: int) -> subprocess.Popen[bytes]:
        host = {"0.0.0.0": "127.0.0.1", "*": "127.0.0.1", "::": "::1"}.get(self.crew.host, self.crew.host)  # noqa: S104
        return subprocess.Popen(
            [sys.executable, "-m", "loadtests.agent", "--join", f"{host}:{port}", self.plan.terms.trusted_key],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, TOKEN: self.crew.token},
        )

    def prepare(self) -> None:
        """Wait until all workers stand ready; raises ConnectionError or TimeoutError naming what is missing."""
        patience = AWAITED if self.crew.elsewhere else PREPARE
        deadline = time.monotonic() + patience
        while len(ready := [talk for talk in self._crew() if talk.ready]) < self.crew.size:
            if wrong := [f"worker {talk.name}: {talk.fault}" for talk in self._crew() if talk.fault]:
                raise ConnectionError(wrong[0])
            if any(child.poll() is not None for child in self._here):
                raise ConnectionError("a worker of this machine ended before it began")
            if time.monotonic() > deadline or self.stopped:
                raise TimeoutError(f"only {len(ready)} of {self.crew.size} workers stood within {patience:.0f} s")
            gevent.sleep(0.05)

    def press(self, rows: TextIO) -> dict[str, Any]:
        """Let all begin at one moment, wait for them, and return the figures of the whole run.

        Raises ConnectionError when no worker came home.
        """
        crew = {talk.name: talk for talk in self._crew()}
        self._muster, self._rows = Muster(crew, self._tell), rows
        at = time.time() + LEAD + max(float((talk.ready or {})["round_trip"]) for talk in crew.values())
        self._tell({"clock": at})
        for talk in crew.values():
            self._say(talk, "begin", at)
        self._follow(crew, at + self.plan.workload.profile.seconds + GRACE + LINGER)
        heard = self._muster.heard
        parts = {name: talk.done for name, talk in crew.items() if talk.done is not None}
        if not parts:
            raise ConnectionError("; ".join(f"worker {name}: {talk.lost}" for name, talk in crew.items()))
        facts = [talk.facts(heard[name]) for name, talk in crew.items()]
        return {**together(parts, facts), "began": at, "stopped_early": self.stopped}

    def end(self) -> None:
        """Send everybody home and leave no process behind."""
        self._runner.quit()
        for child in self._here:
            try:
                child.wait(1)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _follow(self, crew: Mapping[str, Talk], deadline: float) -> None:
        halted = False
        while waited := [talk for talk in crew.values() if talk.done is None and not talk.lost]:
            if self.stopped and not halted:
                halted = True
                for talk in waited:
                    self._say(talk, "halt", None)
            for talk in waited:
                if why := self._missing(talk, late=time.time() > deadline):
                    talk.lost = why
                    self._leave(talk)
            gevent.sleep(0.05)

    def _missing(self, talk: Talk, *, late: bool) -> str:
        client = next(name for name, one in self._talks.items() if one is talk)
        node = self._runner.clients.get(client)
        if talk.fault:
            return talk.fault
        if node is None or node.state == "missing":
            return "gave no sign of life"
        return "did not come to an end" if late else ""

    def _leave(self, talk: Talk) -> None:
        assert self._muster is not None
        self._muster.without(talk.name)

    def _crew(self) -> list[Talk]:
        return [talk for talk in self._talks.values() if talk.name]

    def _hear(self, client: str, kind: str, data: Mapping[str, Any]) -> None:
        """Take in a word of a worker; who does not know the token is not answered."""
        if kind == "join":
            mine = os.urandom(16)
            self._talks[client] = Talk(Seal(self.crew.token, "master", "worker", bytes(data["nonce"]) + mine))
            self._runner.send_message("welcome", {"nonce": mine}, client_id=client)
            return
        talk = self._talks.get(client)
        if talk is None:
            return
        try:
            said = talk.seal.open(kind, data["box"])
        except SealError as fault:
            talk.fault = str(fault)
            return
        getattr(self, f"_on_{kind}")(talk, said)

    def _on_hello(self, talk: Talk, said: Mapping[str, str]) -> None:
        if said["code"] != fingerprint():
            self._say(talk, "plan", {"refused": "its code is another than the master's: install the same version"})
        elif len(self._crew()) >= self.crew.size:
            self._say(talk, "plan", {"refused": f"the crew of {self.crew.size} is complete"})
        else:
            share = (len(self._crew()), self.crew.size)
            talk.host, talk.name = said["host"], f"{share[0] + 1}@{said['host']}"
            authority = self.plan.authority
            whole = {**self.plan.as_dict(), "crew": None}
            pem = None if authority is None else Path(authority).read_text(encoding="utf-8")
            self._say(talk, "plan", {"plan": whole, "share": share, "authority": pem})

    def _on_ping(self, talk: Talk, _said: None) -> None:
        self._say(talk, "pong", time.time())

    def _on_ready(self, talk: Talk, said: Mapping[str, float]) -> None:
        talk.ready = said

    def _on_line(self, talk: Talk, said: Mapping[str, Any]) -> None:
        if self._muster is None or self._rows is None or talk.lost:
            return
        self._rows.writelines(said["rows"])
        self._muster.line(talk.name, said["line"])

    def _on_done(self, talk: Talk, said: Mapping[str, Any]) -> None:
        if not talk.lost:
            talk.done = said
            self._leave(talk)

    def _on_fault(self, talk: Talk, said: str) -> None:
        talk.fault = said

    def _say(self, talk: Talk, kind: str, data: Any) -> None:
        client = next(name for name, one in self._talks.items() if one is talk)
        self._runner.send_message(kind, {"box": talk.seal.close(kind, data)}, client_id=client)
