"""Witness: people who write and read all the time, repeat what was not confirmed, and remember what they were told.

They stand beside the open load, which measures how a target fares: they know of each single write whether it was
confirmed. Every fourth write is hung up on at first, so that repeats meet what was done and what was not.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import count
from threading import Event, Lock, Thread
from typing import NamedTuple, TypeVar

import httpx

from loadtests.ordeal import Try, Wish
from poc.connectors.connect import connect, wire_to
from poc.connectors.wire import Silent
from poc.settings import Target
from scenarios.actors import Actor
from scenarios.crm import CRM, Answer
from scenarios.port import BenchFault, Refused, Unsupported
from synthetic_data.records import Customer, Interaction

T = TypeVar("T")

#: In whose names they write and read: people of a branch, whose number in the audit is small.
WRITER, READER = Actor.MANAGER_A, Actor.RM_A
#: How many write and read at a time, and the seconds between two writes and two reads of each.
WRITERS, READERS, WRITES_EVERY, READS_EVERY = 4, 2, 0.25, 0.2
#: Seconds within which an answer must come, and after which somebody who hangs up does so.
PATIENCE, HANGS_UP_AFTER = 10.0, 0.003
#: One in so many writes is hung up on; the pause before a repeat if none was named, and the longest (seconds).
EVERY, PAUSE, LONGEST_PAUSE = 4, 0.5, 3.0
#: Seconds for which a write that is not confirmed is repeated after the end.
REPEATS_FOR = 30.0
#: Refusals after which a repeat is of no use.
FINAL = frozenset({"duplicate", "conflict", "invalid", "forbidden", "not-found", "unsupported"})


class Views(NamedTuple):
    """The target as those see it who wait for answers, and as those who hang up."""

    patient: CRM
    hasty: CRM


def views(target: Target) -> Views:
    """Return both views of a target, with sessions of their own."""
    hurried = wire_to(target)
    hurried.client.timeout = httpx.Timeout(PATIENCE, read=HANGS_UP_AFTER)
    waits = target.model_copy(update={"timeout": PATIENCE})
    patient = connect(waits).acting_as(WRITER).without_waiting()
    hasty = connect(target, wire=hurried).acting_as(WRITER).without_waiting()
    hasty.sessions = patient.sessions
    return Views(patient, hasty)


@dataclass(slots=True)
class Witness:
    """Writes and reads from ``begin`` to ``end``; ``wishes`` and ``reads`` are what came of it."""

    seen_by: Views
    customers: Sequence[Customer]
    mark: str
    wishes: list[Wish] = field(default_factory=list)
    reads: list[Try] = field(default_factory=list)
    _seen: list[Try] = field(default_factory=list)
    _over: Event = field(default_factory=Event)
    _gone: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)
    _threads: list[Thread] = field(default_factory=list)

    def begin(self) -> None:
        """Sign in and start."""
        for actor in (WRITER, READER):
            self.seen_by.patient.acting_as(actor).session()
        for work, hands in ((self._write, WRITERS), (self._read, READERS)):
            for hand in range(hands):
                self._threads.append(Thread(target=work, args=(hand,), daemon=True))
        for thread in self._threads:
            thread.start()

    def end(self, repeats_for: float = REPEATS_FOR) -> None:
        """Begin no more, repeat for a while what is not confirmed, and return when all hands rest."""
        self._over.set()
        until = time.monotonic() + repeats_for
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self._gone.set()
        for thread in self._threads:
            thread.join()

    def leave(self) -> None:
        """Begin no more and wait for nobody: the sitting was broken off, and nothing will be judged."""
        self._over.set()
        self._gone.set()

    def failures(self) -> tuple[Try, ...]:
        """Return the tries so far that failed."""
        with self._lock:
            return tuple(one for one in self._seen if one.failed)

    def _write(self, hand: int) -> None:
        for number in count(hand, WRITERS):
            if self._over.wait(WRITES_EVERY):
                return
            customer = self.customers[number % len(self.customers)]
            wish = self._wish(customer, f"{self.mark}-{number}", hangs_up=number // WRITERS % EVERY == 0)
            with self._lock:
                self.wishes.append(wish)

    def _wish(self, customer: Customer, mark: str, *, hangs_up: bool) -> Wish:
        record, tries, number = _note(customer, mark), list[Try](), ""
        while True:
            hasty = hangs_up and not tries
            crm = self.seen_by.hasty if hasty else self.seen_by.patient
            answer, made = tried(partial(crm.create, record, key=f"key-{mark}"), hung_up=hasty)
            tries.append(made)
            with self._lock:
                self._seen.append(made)
            if answer is not None and answer.ok:
                number = str(answer.value)
            if made.reason == "unauthenticated":
                self.seen_by.patient.forget()
            if made.end == "ok" or made.reason in FINAL or self._gone.wait(_pause(made)):
                return Wish(mark=mark, tries=tuple(tries), number=number)

    def _read(self, hand: int) -> None:
        reader = self.seen_by.patient.acting_as(READER)
        reader.waits = False
        for number in count(hand, READERS):
            if self._over.wait(READS_EVERY):
                return
            customer = self.customers[number % len(self.customers)]
            _, made = tried(partial(reader.get, Customer, customer.number))
            with self._lock:
                self.reads.append(made)
                self._seen.append(made)
            if made.reason == "unauthenticated":
                reader.forget()


def tried(ask: Callable[[], Answer[T]], *, hung_up: bool = False) -> tuple[Answer[T] | None, Try]:
    """Ask once and return the answer, if one came, and how it ended."""
    at = time.time()

    def ended(end: str, answer: Answer[T] | None = None, reason: str = "") -> Try:
        reply = answer.replies[-1] if answer is not None and answer.replies else None
        again = reply.headers.get("retry-after", "") if reply is not None else ""
        return Try(
            at=at,
            seconds=time.time() - at,
            end="left" if hung_up and end in ("lost", "silent") else end,
            status=reply.status if reply is not None else None,
            reason=reason,
            again_in=float(again) if again.isdigit() else None,
        )

    try:
        answer = ask()
    except Silent:
        return None, ended("silent")
    except BenchFault:
        return None, ended("lost")
    except Unsupported as missing:
        return None, ended("refused", reason=f"unsupported: {missing}")
    return answer, ended("ok" if answer.ok else "refused", answer, answer.reason or "")


def _pause(made: Try) -> float:
    return min(LONGEST_PAUSE, made.again_in if made.again_in is not None else 0.0 if made.end == "left" else PAUSE)


def _note(customer: Customer, mark: str) -> Interaction:
    return Interaction(
        number=f"F{mark}",
        customer=customer.number,
        channel="call",
        direction="in",
        at=datetime.now(UTC),
        subject=f"witness {mark}",
        text="Noted while something broke.",
        staff=customer.manager,
    )


def on_file(crm: CRM, customers: Sequence[Customer]) -> Mapping[str, int] | None:
    """Return how often each mark is on file; None if the target does not let it be counted."""
    found: dict[str, int] = {}
    try:
        for customer in customers:
            cursor: str | None = None
            while True:
                page = crm.list(Interaction, where={"customer": customer.number}, limit=200, cursor=cursor).value
                for row in page.rows:
                    word, _, mark = row.text("subject").partition(" ")
                    if word == "witness":
                        found[mark] = found.get(mark, 0) + 1
                if (cursor := page.next) is None:
                    break
    except (Refused, Unsupported, BenchFault):
        return None
    return found
