"""Gates: each quota as a gate that knows when it lets the next call through; milliseconds, exact."""

import heapq
from collections import deque
from typing import Protocol

from loadtests.contracts.published import Allowance

#: Milliseconds of a day; a call that is let through no more today waits for ever, as far as this day is concerned.
DAY, NEVER = 86_400_000, 1 << 60


class Gate(Protocol):
    """A quota of one scope: of all, of an interface, of a user."""

    def opens(self, now: int, takes: int) -> int:
        """Return the first moment from now on at which a call that takes so long may pass, if nobody passes before."""

    def passes(self, now: int, takes: int) -> None:
        """Let a call through now."""


class Window:
    """At most so many calls in any half-open stretch: the n-th call after a call comes a whole stretch later."""

    def __init__(self, calls: int, length: int) -> None:
        """Begin empty."""
        self._last: deque[int] = deque(maxlen=calls or 1)
        self._calls, self._length = calls, length

    def opens(self, now: int, takes: int) -> int:
        """Return when the oldest of the last calls has left the stretch."""
        if not self._calls:
            return NEVER
        return now if len(self._last) < self._calls else max(now, self._last[0] + self._length)

    def passes(self, now: int, takes: int) -> None:
        """Keep the moment."""
        self._last.append(now)


class Day:
    """At most so many calls from midnight to midnight."""

    def __init__(self, calls: int) -> None:
        """Begin at midnight."""
        self._calls, self._day, self._passed = calls, 0, 0

    def opens(self, now: int, takes: int) -> int:
        """Return now, or the next midnight; never if nothing is allowed at all."""
        passed = self._passed if now // DAY == self._day else 0
        if not self._calls:
            return NEVER
        return now if passed < self._calls else (now // DAY + 1) * DAY

    def passes(self, now: int, takes: int) -> None:
        """Count."""
        if now // DAY != self._day:
            self._day, self._passed = now // DAY, 0
        self._passed += 1


class AtOnce:
    """At most so many long calls under way; short ones pass, and count for nothing."""

    def __init__(self, calls: int, longer_than: int) -> None:
        """Begin with nothing under way."""
        self._calls, self._longer, self._ends = calls, longer_than, list[int]()

    def opens(self, now: int, takes: int) -> int:
        """Return when one of those under way ends."""
        if takes < self._longer:
            return now
        while self._ends and self._ends[0] <= now:
            heapq.heappop(self._ends)
        if not self._calls:
            return NEVER
        return now if len(self._ends) < self._calls else self._ends[0]

    def passes(self, now: int, takes: int) -> None:
        """Keep the moment at which it will end."""
        if takes >= self._longer:
            heapq.heappush(self._ends, now + takes)


class Work:
    """At most so much execution time, added up over the calls that began in any half-open stretch."""

    def __init__(self, budget: int, length: int) -> None:
        """Begin with nothing spent."""
        self._budget, self._length, self._spent = budget, length, 0
        self._last: deque[tuple[int, int]] = deque()

    def opens(self, now: int, takes: int) -> int:
        """Return when enough calls have left the stretch."""
        self._forget(now)
        left, at = self._spent, now
        for began, took in self._last:
            if left + takes <= self._budget:
                break
            left, at = left - took, began + self._length
        return at if left + takes <= self._budget else NEVER

    def passes(self, now: int, takes: int) -> None:
        """Spend."""
        self._forget(now)
        self._last.append((now, takes))
        self._spent += takes

    def _forget(self, now: int) -> None:
        while self._last and self._last[0][0] + self._length <= now:
            self._spent -= self._last.popleft()[1]


def gate(allowance: Allowance, licences: int, packs: int) -> Gate:
    """Return a new gate of a quota with so many licences and packs."""
    size, length = allowance.size(licences, packs), round(allowance.seconds * 1000)
    match allowance.kind:
        case "window":
            return Window(size, length)
        case "day":
            return Day(size)
        case "at_once":
            return AtOnce(size, round(allowance.longer_than * 1000))
    return Work(size * 1000, length)
