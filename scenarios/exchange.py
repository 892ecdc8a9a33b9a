"""Exchange: what passes between the bench and a target: the wire that carries it, the answer, and who keeps it."""

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Generic, Protocol, TypeVar

from scenarios.actors import Actor
from scenarios.answers import Session
from scenarios.port import Refused, Reply, Request

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """What came of one TLS handshake: refused, or the version and suite agreed on; ``note`` says why it was refused."""

    accepted: bool
    version: str = ""
    suite: str = ""
    note: str = ""


class Wire(Protocol):
    """The way to a target: carries requests, and can be asked about itself (transport checks need no product)."""

    def send(self, request: Request) -> Reply:
        """Carry a request; raises BenchFault when no reply comes back."""
        ...

    def handshake(self, version: str, *, suites: str | None = None, verify: bool = False) -> Handshake:
        """Try a TLS handshake of exactly one version (TLSv1 ... TLSv1.3), optionally with an OpenSSL suite list.

        With ``verify`` the certificate must hold too: chain to the target's CA, host name, dates. Raises BenchFault
        when no connection comes about, or our own TLS library cannot offer what was asked for.
        """
        ...

    def plain(self, path: str) -> Reply | None:
        """Ask for a path without TLS on the same port (and port 80 where declared); None if no HTTP answer comes."""
        ...


class Clock(Protocol):
    """Tells and passes time; a test gives one that does not wait."""

    def now(self) -> datetime:
        """Return the moment, UTC-aware."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its reply as they will be stored; secrets are taken out by the recorder."""

    id: str
    actor: str
    verb: str
    request: Request
    reply: Reply | None
    at: datetime
    fault: str = ""


class Recorder(Protocol):
    """Keeps exchanges."""

    def keep(
        self, *, actor: Actor, verb: str, request: Request, reply: Reply | None, at: datetime, fault: str = ""
    ) -> str:
        """Store one exchange (thread-safe) and return its id."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Generic[T]):
    """What a target answered to one verb. Reading ``value`` after a refusal raises it; ``reason`` may be read."""

    given: T | None
    refusal: Refused | None = None
    seconds: float = 0.0
    exchanges: tuple[str, ...] = ()
    replies: tuple[Reply, ...] = ()  # raw, for canary scans of what crossed the wire

    @property
    def ok(self) -> bool:
        """Whether the target said yes."""
        return self.refusal is None

    @property
    def value(self) -> T:
        """Return what was given; raises Refused if the target said no."""
        if self.refusal is not None:
            raise self.refusal
        return self.given  # type: ignore[return-value]

    @property
    def reason(self) -> str | None:
        """Return why the target said no, None if it said yes."""
        return self.refusal.reason if self.refusal else None

    @property
    def status(self) -> int:
        """Return the status line's number of the last reply, 0 if there was none."""
        return self.replies[-1].status if self.replies else 0

    @property
    def bytes(self) -> bytes:
        """Return all reply bodies and header values in one stream: what an eavesdropping actor saw."""
        return b"\n".join(
            part for reply in self.replies for part in (*(v.encode() for v in reply.headers.values()), reply.body)
        )


@dataclass(slots=True)
class Sessions:
    """Sessions by actor, shared by all views of one target; guarded, since scenarios ask in parallel."""

    held: dict[Actor, Session] = field(default_factory=dict)
    stale_at: dict[Actor, datetime] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
