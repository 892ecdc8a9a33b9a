"""Quota: counts calls against what a vendor declares, as its gate would."""

from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import UTC, datetime

from poc.settings import Limits, Window


class Quota:
    """Sliding windows and a day's allowance; a call that is turned away is not counted."""

    def __init__(self, limits: Limits) -> None:
        """Begin with nothing used up."""
        self.limits, self.day, self.used = limits, -1, 0
        self._passed: dict[tuple[int, str], deque[float]] = defaultdict(deque)

    def admits(self, now: float, *, interface: str, user: str) -> Window | bool:
        """Count a call at a moment (seconds since 1970): True if it may pass, False if the day's calls are used up.

        Otherwise the window that it would break.
        """
        today = datetime.fromtimestamp(now, UTC).toordinal()
        if today != self.day:
            self.day, self.used = today, 0
        if self.limits.requests_per_day is not None and self.used >= self.limits.requests_per_day:
            return False
        queues = [self._queue(place, window, interface, user) for place, window in enumerate(self.limits.windows)]
        if (broken := _full(self.limits.windows, queues, now)) is not None:
            return broken
        for queue in queues:
            queue.append(now)
        self.used += 1
        return True

    def _queue(self, place: int, window: Window, interface: str, user: str) -> deque[float]:
        return self._passed[place, {"all": "", "interface": interface, "user": user}[window.per]]


def _full(windows: Sequence[Window], queues: Sequence[deque[float]], now: float) -> Window | None:
    for window, queue in zip(windows, queues, strict=True):
        while queue and queue[0] <= now - window.seconds:
            queue.popleft()
        if len(queue) >= window.requests:
            return window
    return None
