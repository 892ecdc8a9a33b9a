"""Lots: chance for what is planted one by one, such as an ownership structure; drawn from a stream in blocks."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from synthetic_data.chance import Chance

T = TypeVar("T")
_BLOCK = 256


class Lots:
    """Single draws from a stream of chance, one after the other."""

    __slots__ = ("_shares",)

    def __init__(self, chance: Chance) -> None:
        self._shares = _drawn(chance)

    def share(self) -> float:
        """Return a fraction in [0, 1)."""
        return next(self._shares)

    def happens(self, probability: float) -> bool:
        """Return whether something of this probability happens."""
        return self.share() < probability

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self.share() * (high - low + 1))

    def one(self, of: Sequence[T]) -> T:
        """Return one of several, all equally likely."""
        return of[int(self.share() * len(of))]

    def some(self, of: Sequence[T], n: int) -> list[T]:
        """Return n different ones (all, in another order, if there are fewer)."""
        left = list(of)
        return [left.pop(int(self.share() * len(left))) for _ in range(min(n, len(left)))]

    def word(self, weights: Mapping[str, float]) -> str:
        """Return one of the words, drawn by their weights."""
        mark = self.share() * sum(weights.values())
        for word, weight in weights.items():
            mark -= weight
            if mark < 0:
                return word
        return word

    def along(self, curve: Sequence[tuple[float, float]]) -> float:
        """Return a value along a quantile curve of (share, value) points."""
        at = self.share()
        for (left, low), (right, high) in pairwise(curve):
            if at < right:
                return low + (high - low) * (at - left) / (right - left)
        return curve[-1][1]


def _drawn(chance: Chance) -> Iterator[float]:
    while True:
        yield from chance.shares(_BLOCK).tolist()
