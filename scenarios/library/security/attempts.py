"""Attempts: one verb asked by one actor, with a missing verb as an answer like any other."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from scenarios.actors import Actor
from scenarios.crm import CRM, Answer, Clock
from scenarios.port import Unsupported
from scenarios.verdict import NotTestable

T = TypeVar("T")

#: Reasons by which a system says "you may not"; not telling whether something exists is one of them.
DENIALS = frozenset({"forbidden", "unauthenticated", "not-found", "locked"})
#: Reasons by which a system says "you may, but not like this".
ADMISSIONS = frozenset({"invalid", "conflict", "duplicate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt(Generic[T]):
    """What came of one verb: ``answer`` is None where the product does not offer it."""

    actor: Actor
    what: str
    answer: Answer[T] | None

    @property
    def offered(self) -> bool:
        """Whether the product has the verb."""
        return self.answer is not None and self.answer.reason != "unsupported"

    @property
    def ok(self) -> bool:
        """Whether the system said yes."""
        return self.answer is not None and self.answer.ok

    @property
    def reason(self) -> str:
        """The word for what happened: ok, not-offered, or the reason of the refusal."""
        if self.answer is None or not self.offered:
            return "not-offered"
        return self.answer.reason or "ok"

    @property
    def denied(self) -> bool:
        """Whether the system said "you may not"."""
        return self.reason in DENIALS

    @property
    def admitted(self) -> bool:
        """Whether the system let the actor in, be it only to find fault with what was sent."""
        return self.ok or self.reason in ADMISSIONS

    @property
    def bytes(self) -> bytes:
        """All that crossed the wire towards the actor."""
        return self.answer.bytes if self.answer else b""

    @property
    def value(self) -> T:
        """What was given; raises Unsupported or Refused if nothing was."""
        if self.answer is None:
            raise Unsupported(f"the product does not offer: {self.what}")
        return self.answer.value

    def __str__(self) -> str:
        """Name actor, act and outcome in one line."""
        return f"{self.actor}: {self.what} -> {self.reason}"


def attempt(view: CRM, what: str, ask: Callable[[CRM], Answer[T]]) -> Attempt[T]:
    """Ask something of a CRM as its actor; only faults of our own bench are raised."""
    try:
        return Attempt(actor=view.actor, what=what, answer=ask(view))
    except Unsupported:
        return Attempt(actor=view.actor, what=what, answer=None)


def need(crm: CRM, *actors: Actor) -> None:
    """Raise NotTestable if the target's settings do not say how these actors get in."""
    missing = [str(actor) for actor in actors if not crm.has(actor)]
    if missing:
        raise NotTestable(f"no credential for {', '.join(missing)}: add it to the target's settings")


def offered(attempts: Iterable[Attempt[T]]) -> tuple[Attempt[T], ...]:
    """Return the attempts of what the product offers; raises Unsupported if it offers none of it."""
    kept = tuple(attempts)
    there = tuple(one for one in kept if one.offered)
    if kept and not there:
        raise Unsupported(f"the product does not offer: {kept[0].what}")
    return there


def seconds_until(clock: Clock, holds: Callable[[], bool], *, within: float, every: float = 0.5) -> float | None:
    """Ask again and again until something holds; return after how many seconds it did, None if it never did."""
    start = clock.now()
    while True:
        if holds():
            return (clock.now() - start).total_seconds()
        if (clock.now() - start).total_seconds() >= within:
            return None
        clock.sleep(every)
