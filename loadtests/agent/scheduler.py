"""Scheduler: releases each arrival at its due moment, whatever became of the ones before (open model).

A timerfd watched by the event loop is several times more precise than a sleeping greenlet at the same cost: libev
rounds sleeps up to whole milliseconds, which would count as the target's latency.
"""

import ctypes
import heapq
import itertools
import os
import struct
import time
from collections.abc import Callable, Iterator

from gevent.hub import get_hub

from loadtests.arrivals import Arrival
from loadtests.histogram import Histogram

_NONBLOCK_CLOEXEC = 0o4000 | 0o2000000  # TFD_NONBLOCK | TFD_CLOEXEC
_ABSOLUTE = 1  # TFD_TIMER_ABSTIME
_MONOTONIC = 1  # CLOCK_MONOTONIC
#: Arrivals released in one go at the most, so that those who carry them get their turn.
_BURST = 64


class Scheduler:
    """Puts arrivals into a queue when they are due; ``lag`` tells how late it was itself."""

    def __init__(self, arrivals: Iterator[Arrival], start: float, end: float, put: Callable[[Arrival], None]) -> None:
        """Prepare; ``start`` is the monotonic moment from which arrivals count, ``end`` the last second after it."""
        self._arrivals, self._start, self._end, self._put = arrivals, start, end, put
        self._scheduled: Arrival | None = next(arrivals, None)
        self._followers: list[tuple[float, int, int, Arrival]] = []
        self._stopped = False
        self.lag = Histogram()
        self.released = 0
        self._libc = ctypes.CDLL("libc.so.6", use_errno=True)
        self._timer = self._libc.timerfd_create(_MONOTONIC, _NONBLOCK_CLOEXEC)
        if self._timer < 0:
            raise OSError(ctypes.get_errno(), "timerfd_create failed: the load agent needs Linux")
        self._watcher = get_hub().loop.io(self._timer, 1)

    @property
    def done(self) -> bool:
        """Whether the last arrival was released, as far as is known: an answer may still call for another."""
        return self._scheduled is None and not self._followers

    def run(self) -> None:
        """Begin to release."""
        self._watcher.start(self._fire)
        self._arm()

    def stop(self) -> None:
        """Release no more."""
        self._watcher.stop()
        self._stopped = True

    def overdue(self, end: float) -> int:
        """Return how many arrivals that were due until ``end`` (seconds from the start) were never released."""
        left = itertools.chain([self._scheduled] if self._scheduled else [], self._arrivals)
        waiting = sum(follower[3].due <= end for follower in self._followers)
        return waiting + sum(1 for _ in itertools.takewhile(lambda one: one.due <= end, left))

    def follow(self, arrival: Arrival) -> None:
        """Take on an arrival that follows from an answer; after the end it is not made."""
        if self._stopped or arrival.due > self._end:
            return
        first = self._next()
        heapq.heappush(self._followers, (arrival.due, arrival.number, arrival.place, arrival))
        if first is None or arrival.due < first.due:
            self._arm()

    def _next(self) -> Arrival | None:
        head = self._followers[0][3] if self._followers else None
        if head is None or (self._scheduled is not None and self._scheduled.due <= head.due):
            return self._scheduled
        return head

    def _taken(self, arrival: Arrival) -> None:
        if arrival is self._scheduled:
            self._scheduled = next(self._arrivals, None)
        else:
            heapq.heappop(self._followers)

    def _arm(self) -> None:
        first = self._next()
        if first is None:
            return
        nanoseconds = max(1, int((self._start + first.due) * 1e9))
        setting = struct.pack("qqqq", 0, 0, *divmod(nanoseconds, 1_000_000_000))
        self._libc.timerfd_settime(self._timer, _ABSOLUTE, setting, None)

    def _fire(self) -> None:
        try:
            os.read(self._timer, 8)
        except BlockingIOError:
            return  # woken without a tick: the timer is still armed
        now = time.monotonic()
        for _ in range(_BURST):
            due = self._next()
            if due is None or self._start + due.due > now:
                break
            self.lag.record(int((now - self._start - due.due) * 1e6))
            self._taken(due)
            self._put(due)
            self.released += 1
        self._arm()
