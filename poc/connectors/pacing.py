"""Pacing: keeps a run within the limits that a vendor declares, so that being too fast is never the vendor's loss."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import BoundedSemaphore, Lock

from poc.settings import Limits
from scenarios.crm import Clock, Handshake, Wire
from scenarios.inside import Insider
from scenarios.knocking import Knocker
from scenarios.listening import Answering, Heard, Listener
from scenarios.permission import Permitting
from scenarios.port import BenchFault, Reply, Request
from scenarios.verdict import NotTestable


class PacedWire:
    """A wire that sends no more than declared: so many a second, so many at once, so many in all of a day.

    It waits where waiting helps; a day's quota that is used up raises BenchFault. It generates no calls of its own
    (``fuzz``), since those could not be counted.
    """

    def __init__(self, wire: Wire, limits: Limits, clock: Clock) -> None:
        """Hold a wire to limits."""
        self.wire, self.limits, self.clock = wire, limits, clock
        self._lock = Lock()
        self._next: datetime | None = None
        self._day, self._sent = clock.now().date(), 0
        self._places = BoundedSemaphore(limits.parallel) if limits.parallel else None

    def send(self, request: Request) -> Reply:
        """Wait for a turn, then carry the request; raises BenchFault when the day's quota is used up."""
        self._count()
        self._await_turn()
        if self._places is None:
            return self.wire.send(request)
        with self._places:
            return self.wire.send(request)

    def handshake(self, version: str, *, suites: str | None = None, verify: bool = False) -> Handshake:
        """Try a handshake; no vendor counts those."""
        return self.wire.handshake(version, suites=suites, verify=verify)

    def plain(self, path: str) -> Reply | None:
        """Ask without TLS."""
        return self.wire.plain(path)

    def knock(self, certificate: str, request: Request) -> Reply | None:
        """Knock with a certificate."""
        if not isinstance(self.wire, Knocker):
            raise NotTestable("this way to the target knows no door that asks for certificates")
        return self.wire.knock(certificate, request)

    def listen(self, make: str) -> str:
        """Open a receiver; what the target sends by itself is no call of ours."""
        return self._listener().listen(make)

    def heard(self, url: str) -> tuple[Heard, ...]:
        """Return what came to a receiver."""
        return self._listener().heard(url)

    def permission(self) -> str:
        """Return on what ground attacks are permitted."""
        return self.wire.permission() if isinstance(self.wire, Permitting) else ""

    def inside(self, act: str, details: Mapping[str, object]) -> object:
        """Do something inside the target, which is no call of its interface."""
        if not isinstance(self.wire, Insider):
            raise NotTestable("this way to the target leads to its interface only")
        return self.wire.inside(act, details)

    def answer(self, url: str, path: str, body: str) -> None:
        """Say what a receiver answers."""
        if not isinstance(self.wire, Answering):
            raise NotTestable("this way to the target opens no receivers that answer")
        self.wire.answer(url, path, body)

    def _listener(self) -> Listener:
        if not isinstance(self.wire, Listener):
            raise NotTestable("this way to the target opens no receivers")
        return self.wire

    def _count(self) -> None:
        with self._lock:
            today = self.clock.now().date()
            if today != self._day:
                self._day, self._sent = today, 0
            if self.limits.requests_per_day is not None and self._sent >= self.limits.requests_per_day:
                raise BenchFault(
                    f"the declared {self.limits.requests_per_day} requests a day are used up: resume the run tomorrow, "
                    "or have the vendor raise limits.requests_per_day"
                )
            self._sent += 1

    def _await_turn(self) -> None:
        if self.limits.requests_per_second is None:
            return
        with self._lock:
            now = self.clock.now()
            turn = now if self._next is None else max(now, self._next)
            self._next = turn + timedelta(seconds=1 / self.limits.requests_per_second)
        if turn > now:
            self.clock.sleep((turn - now).total_seconds())
