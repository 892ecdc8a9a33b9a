"""Beside: a batch that is worked off by a few hands while the online load goes on."""

import time
from collections.abc import Sequence

import gevent

from loadtests.agent.users import Carrier, Job, Line
from loadtests.arrivals import pick
from loadtests.workload import Batch

#: Numbers of batch items begin here, so that none writes what an arrival writes.
_FIRST = 1_000_000_000


class Beside:
    """Hands that take item after item, each over a connection of its own; closed, since a batch waits for itself."""

    def __init__(self, job: Job, batch: Batch, begins: float, hands: Sequence[Carrier]) -> None:
        """Prepare; ``begins`` in seconds from the start."""
        self._job, self._batch, self._begins = job, batch, begins
        self._taken = self.done = self.failed = 0
        self._ended: float | None = None
        self._weights = tuple(batch.mix.items())
        self._greenlets = [gevent.spawn(self._work, hand) for hand in hands]

    def _work(self, hand: Carrier) -> None:
        job = self._job
        gevent.sleep(max(0.0, job.start + self._begins - time.monotonic()))
        while self._taken < self._batch.items:
            number, self._taken = self._taken, self._taken + 1
            # the low-discrepancy sequence of the golden ratio: any stretch of items has the mix that was asked for
            name = pick(number * 0.6180339887498949 % 1, self._weights)
            now = time.monotonic()
            second = int(now - job.start)
            job.recorder.expect(second)
            well = Line(hand, name, now, kind="batch").play(_FIRST + number)
            job.recorder.settle(second)
            self.done += 1
            self.failed += not well
            if self.done == self._batch.items:
                self._ended = time.monotonic() - job.start

    def end(self) -> dict[str, float | None]:
        """Stop the hands and return what they did: items, done, failed, seconds (None: not all were done)."""
        now = time.monotonic() - self._job.start
        gevent.killall(self._greenlets)
        return {
            "items": float(self._batch.items),
            "done": float(self.done),
            "failed": float(self.failed),
            "worked": max(0.0, (self._ended or now) - self._begins),
            "seconds": None if self._ended is None else self._ended - self._begins,
        }
