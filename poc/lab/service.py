"""Service: one CRM process on loopback: started, waited for until it is ready, and ended without a trace."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

#: Seconds that a service may take to say that it is ready, and to end after it was asked to.
READY_WITHIN, END_WITHIN = 60.0, 10.0


class ServiceError(Exception):
    """A service did not start or died; the text holds the end of what it printed and the remedy."""


def free_port() -> int:
    """Return a port of loopback that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def refuse_if_taken(port: int) -> None:
    """Raise ServiceError if somebody listens on a loopback port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as taken:
            raise ServiceError(
                f"port {port} of 127.0.0.1 is in use: choose another with --port, or stop what listens there"
            ) from taken


@dataclass(slots=True)
class Service:
    """A running process that prints ``ready URL`` when it serves; its output is kept in ``log``."""

    name: str
    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def start(
        cls, name: str, module: str, arguments: Sequence[str], *, log: Path, environment: Mapping[str, str]
    ) -> "Service":
        """Run ``python -m module arguments`` and wait until it is ready; raises ServiceError if it never is.

        ``environment`` is added to our own, so that secrets travel there and never on the command line.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        return cls(name, _await_ready(name, process, log), process, log)

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    def stop(self) -> int:
        """End the process: politely first, then surely; return its exit code."""
        if self.alive:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(END_WITHIN)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.wait()

    def __enter__(self) -> "Service":
        """Stop at the end of a with block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()


def _await_ready(name: str, process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        for line in log.read_text(errors="replace").splitlines():
            if line.startswith("ready "):
                return line.removeprefix("ready ").strip()
        if process.poll() is not None:
            raise ServiceError(f"{name} ended before it was ready: {_tail(log)}. The whole output is in {log}.")
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    raise ServiceError(f"{name} was not ready within {READY_WITHIN:.0f} s: {_tail(log)}. The whole output is in {log}.")


def _tail(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it printed nothing"
