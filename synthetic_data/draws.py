"""Draws: seeded chance, one stream per entity, so that growing a bank keeps its first customers."""

import hashlib
import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import accumulate, count, pairwise
from typing import Generic, TypeVar

T = TypeVar("T")

_EIGHT = struct.Struct(">8Q")
_STEP = 2.0**-53


class Weighted(Generic[T]):
    """Things with weights (any positive numbers), ready to be drawn from."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        total = sum(weights.values())
        self.things: tuple[T, ...] = tuple(weights)
        self.bounds: tuple[float, ...] = tuple(share / total for share in accumulate(weights.values()))

    def at(self, share: float) -> T:
        """The thing at a share in [0, 1) of all weight."""
        return self.things[min(bisect_right(self.bounds, share), len(self.things) - 1)]


def _stream(address: bytes) -> Iterator[float]:
    """Fractions of 53 bits, eight from each digest."""
    for turn in count():
        block = hashlib.blake2b(address, salt=turn.to_bytes(8, "big")).digest()
        for word in _EIGHT.unpack(block):
            yield (word >> 11) * _STEP


class Draws:
    """A stream of chance that is known by its address, such as ``(7, "customer", 42)``.

    The stream is BLAKE2b (RFC 7693) of the address in counter mode: the same on every machine and in every version of
    Python, and cheap to begin, for a bank begins a dozen streams for each customer.
    """

    __slots__ = ("share",)

    def __init__(self, *address: object) -> None:
        #: A fraction in [0, 1), the next of the stream.
        self.share = _stream("/".join(map(str, address)).encode()).__next__

    def chance(self, probability: float) -> bool:
        """Whether something happens that happens with this probability."""
        return self.share() < probability

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.share() * (high - low + 1))

    def one(self, things: Sequence[T]) -> T:
        """One of the things."""
        return things[int(self.share() * len(things))]

    def of(self, weighted: Weighted[T]) -> T:
        """One of the things, according to its weight."""
        return weighted.at(self.share())

    def shuffled(self, things: Iterable[T]) -> list[T]:
        """The things in another order (Fisher and Yates)."""
        deck = list(things)
        for last in range(len(deck) - 1, 0, -1):
            other = int(self.share() * (last + 1))
            deck[last], deck[other] = deck[other], deck[last]
        return deck

    def rounded(self, rate: float) -> int:
        """How many, when ``rate`` are expected: the whole part for sure, the rest by chance."""
        sure = int(rate)
        return sure + (self.share() < rate - sure)

    def along(self, curve: Sequence[tuple[float, float]]) -> float:
        """A value along a quantile curve of (share, value) points, linear in between."""
        share = self.share()
        for (left, low), (right, high) in pairwise(curve):
            if share <= right:
                return low + (high - low) * ((share - left) / (right - left))
        return curve[-1][1]

    def money(self, curve: Sequence[tuple[float, float]]) -> Decimal:
        """An amount along a quantile curve, in units with two decimals."""
        return Decimal(round(self.along(curve) * 100)).scaleb(-2)

    def day(self, first: date, last: date) -> date:
        """A day from first to last, both included; the first when they are the wrong way round."""
        return date.fromordinal(self.whole(first.toordinal(), max(first.toordinal(), last.toordinal())))

    def moment(self, first: date, last: date) -> datetime:
        """A moment of a day from first to last, between 01:00 and 13:00 UTC (a working day in China)."""
        day = self.day(first, last)
        hour, second = divmod(self.whole(0, 12 * 3600 - 1), 3600)
        return datetime(day.year, day.month, day.day, 1 + hour, second // 60, second % 60, tzinfo=UTC)
