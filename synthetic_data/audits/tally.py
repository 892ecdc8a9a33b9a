"""Tally: what is counted of one part of a bank, and how parts add up, so that a bank of any size can be audited."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

#: Amounts are counted in bins that grow by 1 %: from 0.01 up, with everything below in the first.
BIN, BINS = 1.01, 3_200

Tables = Mapping[str, pa.Table]


class Clock(NamedTuple):
    """The day on which the bank is seen, and how many hours its customers are ahead of UTC."""

    as_of: date
    offset: float = 0.0

    @property
    def today(self) -> int:
        """The day as days since 1970."""
        return self.as_of.toordinal() - date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts and sums by name, histograms by name, and words with how often they stand."""

    sums: Mapping[str, float] = field(default_factory=dict)
    spreads: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def __add__(self, other: "Tally") -> "Tally":
        """Return what both have counted together."""
        return Tally(
            sums={name: self.sums.get(name, 0.0) + other.sums.get(name, 0.0) for name in {**self.sums, **other.sums}},
            spreads={name: self._spread(name) + other._spread(name) for name in {**self.spreads, **other.spreads}},
            words={
                name: Counter(self.words.get(name, {})) + Counter(other.words.get(name, {}))
                for name in {**self.words, **other.words}
            },
        )

    def _spread(self, name: str) -> NDArray[np.float64]:
        return self.spreads.get(name, np.zeros(()))

    @property
    def names(self) -> frozenset[str]:
        """Return everything that is counted."""
        return frozenset((*self.sums, *self.spreads, *self.words))

    def ratio(self, part: str, whole: str) -> float | None:
        """Return one sum over another; None where either was not counted or the whole is nothing."""
        return self.sums[part] / self.sums[whole] if part in self.sums and self.sums.get(whole) else None

    def share_of(self, name: str, *wanted: str) -> float | None:
        """Return the share of some words among all that were counted."""
        found = self.words.get(name, {})
        total = sum(found.values())
        return sum(found.get(word, 0) for word in wanted) / total if total else None

    def top_share(self, name: str, most: int) -> float | None:
        """Return the share of the most frequent words."""
        counts = sorted(self.words.get(name, {}).values(), reverse=True)
        return sum(counts[:most]) / sum(counts) if counts else None


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that is measured: its key, what it is about, its unit and how it follows from a tally."""

    key: str
    topic: str
    unit: str  # share | number | money | years | days | index
    of: Callable[[Tally], float | None]


@dataclass(frozen=True, slots=True)
class Subject:
    """What can be counted when some tables are there, the columns it takes of each, and the figures that follow."""

    needs: Mapping[str, tuple[str, ...]]
    count: Callable[[Tables, Clock], Tally]
    figures: tuple[Figure, ...]


def spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return amounts as a histogram of two rows: how many fall in each bin, and their sum."""
    bins = np.zeros(len(values), dtype=np.int64)
    some = values > 0.01
    bins[some] = np.minimum(np.log(values[some] * 100) / np.log(BIN), BINS - 1).astype(np.int64) + 1
    bins = np.minimum(bins, BINS - 1)
    return np.stack(
        [np.bincount(bins, minlength=BINS).astype(np.float64), np.bincount(bins, weights=values, minlength=BINS)]
    )


def top(held: NDArray[np.float64] | None, share: float) -> float | None:
    """Return what part of the whole the richest share of people hold, from a histogram of ``spread``."""
    if held is None or held[0].sum() == 0 or held[1].sum() <= 0:
        return None
    people, money = lorenz(held)
    return 1 - float(np.interp(1 - share, people, money))


def gini(held: NDArray[np.float64] | None) -> float | None:
    """Return the Gini coefficient from a histogram of ``spread``: twice the area above the Lorenz curve, from 0 to 1.

    Within a bin people count as equal, which moves it by less than 0.01 (Gini, 1912; Gastwirth, RES 54, 1972).
    """
    if held is None or held[0].sum() == 0 or held[1].sum() <= 0:
        return None
    people, money = lorenz(held)
    return 1 - float(np.sum(np.diff(people) * (money[1:] + money[:-1])))


def lorenz(held: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the Lorenz curve: shares of people from the poorest up, and the shares of the whole that they hold."""
    people, money = held
    return (
        np.concatenate([[0.0], np.cumsum(people) / people.sum()]),
        np.concatenate([[0.0], np.cumsum(money) / money.sum()]),
    )


def middle(held: NDArray[np.float64] | None) -> float | None:
    """Return the median of a histogram of ``spread``, to within a bin."""
    if held is None or held[0].sum() == 0:
        return None
    at = int(np.searchsorted(np.cumsum(held[0]), held[0].sum() / 2))
    return float(held[1][at] / held[0][at])
