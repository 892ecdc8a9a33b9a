"""Board: what every process of the service must know at once: that a session ended, and the time on a trial clock.

A board is a few bytes of memory that processes share because one forked from the other. Each process writes in cells of
its own only, so that nothing is ever lost between two writers; reading costs a tenth of a microsecond.
"""

import mmap
from datetime import timedelta

CELL = 8


class Board:
    """Hangs where all processes of one service look at it before they believe what they remember."""

    def __init__(self, processes: int = 1) -> None:
        """Hang an empty board for so many processes; it belongs to the first until ``taken_by`` says otherwise."""
        cells = memoryview(mmap.mmap(-1, CELL * (2 * processes + 1))).cast("q")
        self._ahead, self._ended, self._pulses = cells[:1], cells[1 : processes + 1], cells[processes + 1 :]
        self.place = 0

    def taken_by(self, place: int) -> "Board":
        """Say which process (0, 1, ...) looks at it from here; done once, after the fork."""
        self.place = place
        return self

    def tell_ended(self) -> None:
        """Tell everyone that sessions have ended or changed; call it when the database knows, before you answer."""
        self._ended[self.place] += 1

    def ended(self) -> bytes:
        """Return what is different as soon as any process has told of an ending."""
        return self._ended.tobytes()

    def beat(self) -> None:
        """Show that this process still gets round to its work."""
        self._pulses[self.place] += 1

    def pulse(self, place: int) -> int:
        """Return how often a process has shown that; 0 for one that has not yet begun."""
        return self._pulses[place]

    @property
    def ahead(self) -> timedelta:
        """How far the trial clock is ahead of the system's time."""
        return timedelta(microseconds=self._ahead[0])

    @ahead.setter
    def ahead(self, by: timedelta) -> None:
        self._ahead[0] = by // timedelta(microseconds=1)
