"""Beliefs: what is thought of a number before it is measured, drawn by inversion so that draws can be shared."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincinv, ndtri

from scorecards.methods.tables import Floats, TableError

Kind: TypeAlias = Literal["exactly", "triangular", "lognormal", "uniform", "gamma"]

#: A spread beyond this (four orders of magnitude either way at one sigma) is no belief, and beyond drawing.
WIDEST = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """One uncertain number.

    triangular: a lowest, b most likely, c highest; uniform: a lowest, c highest; lognormal: a median, b sigma of the
    logarithm; gamma: a mean, b coefficient of variation; exactly: a.
    """

    kind: Kind
    a: float
    b: float = 0.0
    c: float = 0.0

    def __post_init__(self) -> None:
        """Refuse parameters that make no distribution; raises TableError."""
        wrong = {
            "exactly": False,
            "triangular": not self.a <= self.b <= self.c,
            "uniform": not self.a <= self.c,
            "lognormal": self.a <= 0 or not 0 <= self.b <= WIDEST,
            "gamma": self.a <= 0 or not 1 / WIDEST**2 <= self.b <= WIDEST,
        }
        if self.kind not in wrong:
            raise TableError(f"belief: kind {self.kind!r} is none; use one of {', '.join(wrong)}")
        if wrong[self.kind] or not all(np.isfinite([self.a, self.b, self.c])):
            raise TableError(
                f"belief: {self.kind} of {self.a}, {self.b}, {self.c} is no distribution; order its values"
            )

    def at(self, share: ArrayLike) -> Floats:
        """Return the values at shares (0 to 1) of the distribution."""
        u = np.asarray(share, dtype=np.float64)
        match self.kind:
            case "triangular" if self.c > self.a:
                return self._triangular(u)
            case "uniform":
                return np.asarray(self.a + u * (self.c - self.a))
            case "lognormal":
                return np.asarray(self.a * np.exp(self.b * ndtri(np.clip(u, 1e-12, 1 - 1e-12))))
            case "gamma":
                shape = 1.0 / self.b**2
                return np.asarray(gammaincinv(shape, np.clip(u, 0, 1 - 1e-12)) * self.a / shape)
        return np.full(u.shape, self.a)

    def _triangular(self, u: Floats) -> Floats:
        width = self.c - self.a
        split = (self.b - self.a) / width
        rising = self.a + np.sqrt(u * width * (self.b - self.a))
        falling = self.c - np.sqrt((1 - u) * width * (self.c - self.b))
        return np.where(u < split, rising, falling)

    def times(self, by: float) -> "Belief":
        """Return what is thought of so many times the number; raises TableError for 0 or less."""
        if not 0 < by < np.inf:
            raise TableError(f"belief: {by} times a number is no change of unit; give a factor above 0")
        spread = {"triangular": (self.b * by, self.c * by), "uniform": (self.b, self.c * by)}
        b, c = spread.get(self.kind, (self.b, self.c))
        return Belief(kind=self.kind, a=self.a * by, b=b, c=c)

    @property
    def mean(self) -> float:
        """The expected value."""
        match self.kind:
            case "triangular":
                return (self.a + self.b + self.c) / 3
            case "uniform":
                return (self.a + self.c) / 2
            case "lognormal":
                return float(self.a * np.exp(self.b**2 / 2))
        return self.a

    @property
    def median(self) -> float:
        """The value that is as likely exceeded as not."""
        return float(self.at(0.5))


def exactly(value: float) -> Belief:
    """Return a number that is known."""
    return Belief(kind="exactly", a=value)


def triangular(low: float, mode: float, high: float) -> Belief:
    """Return a number between low and high, most likely mode."""
    return Belief(kind="triangular", a=low, b=mode, c=high)


def lognormal(median: float, sigma: float) -> Belief:
    """Return a positive number by its median and the deviation of its logarithm."""
    return Belief(kind="lognormal", a=median, b=sigma)


#: How much of a stated effect to believe by the grade of its evidence: multiplied with the statement.
OF_CLAIM = {
    "measured": (1.0, 1.0, 1.0),
    "documented": (0.6, 0.75, 0.9),
    "claimed": (0.0, 1 / 3, 1.0),
    "unknown": (0.0, 0.0, 0.0),
}


def of_claim(stated: float, grade: str) -> Belief:
    """Return what to believe of a stated effect: measured as it is, documented 60 to 90 %, claimed 0 to 100 % of it.

    An effect of which nothing is known counts as 0 in the base case. Raises TableError for another grade.
    """
    if grade not in OF_CLAIM:
        raise TableError(f"grade: {grade!r} is none; use one of {', '.join(OF_CLAIM)}")
    low, mode, high = (stated * share for share in OF_CLAIM[grade])
    return exactly(low) if low == high else triangular(min(low, high), mode, max(low, high))
