"""Outranking: PROMETHEE II, ELECTRE I and the credibility of ELECTRE III, as cross-checks and never as the verdict."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scorecards.methods.scaling import scaled
from scorecards.methods.tables import Directions, Floats, TableError, numbers, shares, signs, table

Bools: TypeAlias = NDArray[np.bool_]
Shape: TypeAlias = Literal["usual", "u-shape", "v-shape", "level", "linear", "gaussian"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """How a difference becomes a preference from 0 to 1 (Brans and Vincke 1985, types I to VI).

    ``q`` is the largest difference that does not matter, ``p`` the smallest that matters fully, ``s`` the inflection of
    the Gaussian; all in units of the criterion.
    """

    shape: Shape = "linear"
    q: float = 0.0
    p: float = 0.0
    s: float = 0.0

    def of(self, difference: Floats) -> Floats:
        """Return the preference; a difference of 0 or less is never preferred. Raises TableError for odd thresholds."""
        d = np.maximum(difference, 0.0)
        self._check()
        match self.shape:
            case "usual":
                return (d > 0).astype(np.float64)
            case "u-shape":
                return (d > self.q).astype(np.float64)
            case "level":
                return np.where(d > self.p, 1.0, np.where(d > self.q, 0.5, 0.0))
            case "gaussian":
                return np.asarray(1.0 - np.exp(-(d**2) / (2.0 * self.s**2)))
        return np.asarray(np.clip((d - self.q) / (self.p - self.q), 0.0, 1.0))

    def _check(self) -> None:
        if self.shape not in get_args(Shape):
            raise TableError(f"preference: shape {self.shape!r} is none; use one of {', '.join(get_args(Shape))}")
        if not all(0 <= one < np.inf for one in (self.q, self.p, self.s)):
            raise TableError(f"preference: q {self.q}, p {self.p}, s {self.s}; give finite thresholds of 0 or more")
        if self.shape == "gaussian" and self.s <= 0:
            raise TableError(f"preference: s is {self.s}; the Gaussian needs a positive one")
        if self.shape in ("v-shape", "linear") and not 0 <= self.q < self.p:
            raise TableError(f"preference: q {self.q} and p {self.p} do not fit; give 0 <= q < p")
        if self.shape == "level" and not 0 <= self.q <= self.p:
            raise TableError(f"preference: q {self.q} and p {self.p} do not fit; give 0 <= q <= p")


#: Differences of pairs that are looked at together.
PAIRS = 100_000
#: For points from 0 to 5: a quarter point does not matter, a whole point matters fully.
OF_POINTS = Preference(shape="linear", q=0.25, p=1.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flows:
    """How much each alternative is preferred to the others (plus), the others to it (minus), and the difference."""

    plus: Floats
    minus: Floats

    @property
    def net(self) -> Floats:
        """The net flow, by which PROMETHEE II ranks; the flows of all alternatives sum to 0."""
        return np.asarray(self.plus - self.minus)


def promethee(
    values: ArrayLike,
    weights: ArrayLike,
    directions: Directions = "max",
    *,
    preferences: Sequence[Preference] | Preference = OF_POINTS,
) -> Flows:
    """Return the flows of PROMETHEE II (Brans and Vincke 1985). Raises TableError; one alternative flows nowhere."""
    preferred = preference(values, weights, directions, preferences=preferences)
    others = max(len(preferred) - 1, 1)
    return Flows(plus=preferred.sum(axis=1) / others, minus=preferred.sum(axis=0) / others)


def preference(
    values: ArrayLike,
    weights: ArrayLike,
    directions: Directions = "max",
    *,
    preferences: Sequence[Preference] | Preference = OF_POINTS,
) -> Floats:
    """Return how much each alternative (row) is preferred to each other (column), from 0 to 1; raises TableError.

    It depends on the two alone; only the flows, which are means of it, depend on who else is compared.
    """
    cells = table(values)
    m, n = cells.shape
    cells = cells * signs(directions, n)
    weight = shares(weights, n)
    if not isinstance(preferences, Preference) and len(preferences) != n:
        raise TableError(f"preferences: {len(preferences)} given for {n} criteria; give one for each")
    preferred = np.zeros((m, m))
    for at, kind in _alike(preferences, m, n):
        preferred += kind.of(cells[:, None, at] - cells[None, :, at]) @ weight[at]
    return preferred


def _alike(preferences: Sequence[Preference] | Preference, m: int, n: int) -> Iterator[tuple[slice, Preference]]:
    """Walk over criteria of one preference, so many at once as keep a table of all pairs small."""
    if isinstance(preferences, Preference):
        step = max(PAIRS // (m * m), 1)
        yield from ((slice(at, at + step), preferences) for at in range(0, n, step))
    else:
        yield from ((slice(at, at + 1), kind) for at, kind in enumerate(preferences))


def concordance(
    values: ArrayLike, weights: ArrayLike, directions: Directions = "max", *, scaling: str = "none"
) -> Floats:
    """Return c(a, b): the weight of criteria on which a is at least as good as b (Roy 1968); the diagonal is NaN."""
    cells = scaled(values, directions, scaling=scaling)
    cells = cells * signs(directions, cells.shape[1])
    found = ((cells[:, None, :] >= cells[None, :, :]) * shares(weights, cells.shape[1])).sum(axis=2)
    return _no_self(found)


def discordance(values: ArrayLike, directions: Directions = "max", *, scaling: str = "none") -> Floats:
    """Return d(a, b): the largest shortfall of a behind b, relative to the widest column range (Roy 1968)."""
    cells = scaled(values, directions, scaling=scaling)
    cells = cells * signs(directions, cells.shape[1])
    width = float(np.ptp(cells, axis=0).max()) or 1.0
    return _no_self(np.clip(cells[None, :, :] - cells[:, None, :], 0.0, None).max(axis=2) / width)


def _no_self(found: Floats) -> Floats:
    np.fill_diagonal(found, np.nan)
    return found


def kernel(outranks: ArrayLike) -> tuple[int, ...]:
    """Return the alternatives that no other outranks, by place (ELECTRE I without circuits)."""
    beaten = np.asarray(outranks, dtype=bool).any(axis=0)
    return tuple(int(place) for place in np.flatnonzero(~beaten))


def electre1(
    values: ArrayLike,
    weights: ArrayLike,
    directions: Directions = "max",
    *,
    p: float = 0.65,
    q: float = 0.35,
    scaling: str = "plain-sum",
) -> tuple[int, ...]:
    """Return the kernel of ELECTRE I: a outranks b with concordance of at least p and discordance of at most q."""
    agree = concordance(values, weights, directions, scaling=scaling)
    oppose = discordance(values, directions, scaling=scaling)
    with np.errstate(invalid="ignore"):
        return kernel((agree >= p) & (oppose <= q))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Credibility:
    """How credible "row is at least as good as column" is (0 to 1), and by which criteria it is vetoed outright."""

    sigma: Floats
    vetoed: Bools


def credibility(
    values: ArrayLike,
    weights: ArrayLike,
    directions: Directions = "max",
    *,
    q: ArrayLike = 0.25,
    p: ArrayLike = 1.0,
    veto: ArrayLike = 3.0,
) -> Credibility:
    """Return the credibility matrix of ELECTRE III (Roy 1978): c(a,b) prod_{d_j > c} (1 - d_j) / (1 - c).

    Thresholds are for all criteria or one each, q <= p < veto; NaN or infinity as a veto means none. The distillation
    is left out: three published implementations rank the same credibilities differently.
    """
    cells = table(values)
    n = cells.shape[1]
    cells = cells * signs(directions, n)
    low, high, stop = (_each(one, n) for one in (q, p, veto))
    stop = np.where(np.isnan(stop), np.inf, stop)
    if not ((low >= 0).all() and (low <= high).all() and (high < stop).all()):
        raise TableError("thresholds: they must rise: 0 <= q <= p < veto for each criterion")
    behind = cells[None, :, :] - cells[:, None, :]  # how far row a is behind column b
    partly = np.where(high > low, (high - behind) / np.where(high > low, high - low, 1.0), (behind <= low) * 1.0)
    agree = (np.clip(partly, 0.0, 1.0) * shares(weights, n)).sum(axis=2)
    with np.errstate(invalid="ignore"):
        against = np.clip((behind - high) / (stop - high), 0.0, 1.0)
    against = np.where(np.isinf(stop), 0.0, against)
    return Credibility(sigma=_weakened(agree, against), vetoed=np.asarray((against >= 1.0).any(axis=2)))


def _each(given: ArrayLike, n: int) -> Floats:
    found = numbers(given, "thresholds")
    if found.shape not in ((), (1,), (n,)):
        raise TableError(f"thresholds: {found.size} given for {n} criteria; give one for all or one for each")
    return np.broadcast_to(found, (n,))


def _weakened(agree: Floats, against: Floats) -> Floats:
    c = agree[:, :, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        factors = np.where(against > c, (1.0 - against) / (1.0 - c), 1.0)
    return np.asarray(agree * factors.prod(axis=2))
