"""Crew: several processes of the service behind one port, each with its own share of the connections.

The first process forks the others before anything else is opened, holds their listening sockets, replaces whoever falls
or stands still, and ends when it is asked to. Connections are spread by the kernel (SO_REUSEPORT), so nobody waits for
a busy process while another one is free to take new ones.
"""

import logging
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from typing import NoReturn

LOG = logging.getLogger("reference_crm")

#: Runs one process of the service until it is asked to end: place, listening socket, what to call when it serves, and
#: the end of a pipe that closes when the first process is gone. Returns the exit code.
Work = Callable[[int, socket.socket, Callable[[], None], int], int]

#: Seconds within which a process must serve, and how long to wait before one that fell is replaced.
READY_WITHIN, AGAIN_AFTER = 60.0, 1.0
#: Seconds between two looks at the processes, and looks after which one without a sign of life is taken to stand still.
LOOKS_EVERY, STILL = 0.2, 30


def listening(port: int, processes: int) -> list[socket.socket]:
    """Return a listening socket of loopback for each process; raises OSError if somebody else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
    sockets = []
    for _ in range(processes):
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        one.bind(("127.0.0.1", port))
        one.listen(1024)
        one.set_inheritable(True)
        sockets.append(one)
    return sockets


class Crew:
    """The processes of one service, and who looks after them."""

    def __init__(self, sockets: list[socket.socket], work: Work, pulse: Callable[[int], int]) -> None:
        """Take the listening sockets, one for each process, what a process does, and how often it showed that it lives.

        A process that has begun to show it and no longer does stands still: it takes connections and answers none.
        """
        self._sockets, self._work, self._pulse = sockets, work, pulse
        self._places: dict[int, int] = {}
        self._ends: dict[int, int] = {}  # process -> what is readable when it has ended
        self._looks: dict[int, tuple[int, int]] = {}  # process -> its pulse as last seen, and looks since it changed
        self._alive, self._held = os.pipe()
        self._asked_to_end = False

    def run(self, ready: Callable[[], None]) -> int:
        """Start everyone, call ``ready`` when all serve, and look after them until asked to end; return the exit code.

        The first one starts alone, since it makes what a new database lacks.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        for place in range(len(self._sockets)):
            if self._asked_to_end or not self._started(place):
                self._end()
                return self._wait() or 2
        ready()
        return self._wait()

    def _started(self, place: int) -> bool:
        told, tell = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(told)
            self._serve(place, tell)
        os.close(tell)
        self._places[pid], self._ends[pid] = place, os.pidfd_open(pid)
        served = bool(select.select([told], [], [], READY_WITHIN)[0]) and os.read(told, 1) == b"r"
        os.close(told)
        return served

    def _serve(self, place: int, tell: int) -> NoReturn:
        """Be a process of the service; never returns."""
        os.close(self._held)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        for other, one in enumerate(self._sockets):
            if other != place:
                one.close()
        code = 3
        try:
            code = self._work(place, self._sockets[place], lambda: _say(tell), self._alive)
        except Exception:
            LOG.exception("fault", extra={"facts": {"place": place}})
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _wait(self) -> int:
        """Wait for processes to end; whoever was not asked to is replaced. Return the worst exit code."""
        worst = 0
        while self._places:
            pid, status = os.waitpid(-1, os.WNOHANG)
            place = self._places.pop(pid, None)
            if place is None:
                self._look()
                select.select(list(self._ends.values()), [], [], LOOKS_EVERY)
                continue
            self._looks.pop(pid, None)
            os.close(self._ends.pop(pid))
            code = os.waitstatus_to_exitcode(status)
            if self._asked_to_end:
                worst = max(worst, 0 if code == -signal.SIGTERM else abs(code))
            else:
                LOG.error("process fell", extra={"facts": {"place": place, "code": code}})
                select.select([], [], [], AGAIN_AFTER)
                self._started(place)
        return worst

    def _look(self) -> None:
        """End whoever stands still. Looks are counted and not seconds: a machine that stood still blames nobody."""
        for pid, place in self._places.items():
            pulse, (seen, looks) = self._pulse(place), self._looks.get(pid, (0, 0))
            self._looks[pid] = (pulse, looks + 1 if pulse == seen and pulse else 0)
            if looks == STILL:
                LOG.error("process stands still", extra={"facts": {"place": place}})
                os.kill(pid, signal.SIGKILL)

    def _end(self, *_: object) -> None:
        self._asked_to_end = True
        for pid in list(self._places):
            os.kill(pid, signal.SIGTERM)


def _say(tell: int) -> None:
    os.write(tell, b"r")
    os.close(tell)
