"""Histogram: counts of latencies in microseconds that merge exactly and lose at most 0.1 % of a value.

Bins are those of HdrHistogram for a lowest value of 1 us and three significant digits (Tene, HdrHistogram; counts
index = value below 2048, else exponent and ten bits of mantissa), so other tools read the same numbers.
"""

import math
from collections.abc import Iterable, Mapping

#: Bits by which a bin's index is shortened to name its cell in a picture.
CELL = 6


class Histogram:
    """A sparse histogram: bin index -> count."""

    __slots__ = ("counts",)

    def __init__(self, counts: Mapping[int, int] | None = None) -> None:
        """Start empty, or from counts by bin index."""
        self.counts: dict[int, int] = dict(counts or {})

    def record(self, microseconds: int) -> None:
        """Count one value; negative ones count as 0."""
        # not a function of its own: this is done twice for each request of a load test
        if microseconds < 0:
            microseconds = 0
        shift = microseconds.bit_length() - 11
        index = (shift << 10) + (microseconds >> shift) if shift > 0 else microseconds
        counts = self.counts
        counts[index] = counts.get(index, 0) + 1

    def merge(self, other: "Histogram") -> "Histogram":
        """Add another's counts to ours and return ourselves."""
        for index, count in other.counts.items():
            self.counts[index] = self.counts.get(index, 0) + count
        return self

    @classmethod
    def of(cls, parts: "Iterable[Histogram]") -> "Histogram":
        """Return the sum of several."""
        whole = cls()
        for part in parts:
            whole.merge(part)
        return whole

    @property
    def n(self) -> int:
        """Return how many values were counted."""
        return sum(self.counts.values())

    def at_rank(self, rank: int) -> int | None:
        """Return the upper edge (us) of the bin that holds the rank-th smallest value; None beyond the end."""
        passed = 0
        for index in sorted(self.counts):
            passed += self.counts[index]
            if passed >= rank:
                return highest(index)
        return None

    def quantile(self, q: float) -> int | None:
        """Return the q-quantile in us (the ceil(q n)-th smallest), None when empty."""
        n = self.n
        return self.at_rank(max(1, math.ceil(q * n - 1e-9))) if n else None

    def coarse(self) -> dict[int, int]:
        """Return counts by cell of a sixteenth of an octave (see ``lowest_of_cell``): enough for a picture."""
        cells: dict[int, int] = {}
        for index, count in self.counts.items():
            cells[index >> CELL] = cells.get(index >> CELL, 0) + count
        return cells

    def above(self, microseconds: int) -> int:
        """Return how many values lie in bins wholly above a limit."""
        return sum(count for index, count in self.counts.items() if lowest(index) > microseconds)


def lowest(index: int) -> int:
    """Return the smallest value (us) that falls into a bin."""
    shift = (index >> 10) - 1
    return index if shift < 0 else ((index & 1023) | 1024) << shift


def lowest_of_cell(cell: int) -> int:
    """Return the smallest value (us) that falls into a cell of ``Histogram.coarse``."""
    return lowest(cell << CELL)


def highest(index: int) -> int:
    """Return the greatest value (us) that falls into a bin."""
    return lowest(index) + (1 << max(0, (index >> 10) - 1)) - 1
