"""smaa(): how often each alternative takes each rank when weights, evidence and members are drawn (SMAA-2).

Lahdelma and Salminen 2001, Operations Research 49(3); Tervonen and Lahdelma 2007, EJOR 178(2). Ties divide a place
equally, so the order in which alternatives are given decides nothing.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scorecards.methods.tables import Floats, TableError, numbers
from scorecards.methods.weights import rank_order_centroid
from scorecards.robustness.cells import Cells
from scorecards.robustness.draws import Chance

#: So many draws are weighed at once: a chunk's table stays small in memory, and chunks are weighed side by side.
CHUNK = 4_000
#: The same where cells are not drawn, so that no stream of chance hangs on it: fewer and larger steps cost less.
SURE = 12_500
#: Up to so many draws nobody is called to help: on a busy machine waiting for a thread takes longer than the work.
AT_ONCE = 8_000
#: NumPy lets go of the interpreter's lock, so threads share the cores; what is drawn does not depend on how many.
THREADS = 2
#: Multiplications up to which OpenBLAS works in the calling thread (its interface/gemm.c: 65,536 times 4), and the
#: least draws of a step that is worth one call.
ALONE, LEAST = 262_144, 32

Singles: TypeAlias = NDArray[np.float32]
Counts: TypeAlias = NDArray[np.uint8 | np.uint16]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Acceptability:
    """What the draws say of m alternatives; shares are of all draws.

    ``ranks`` (m x m) is how often an alternative (row) takes a rank (column, best first); rows and columns sum to 1.
    ``central`` (m x n) is the mean weight vector with which it comes first, NaN where it never does. ``beats`` (m x m)
    is how often row is better than column, ties half. ``mean`` and ``deviation`` are of its value, ``low`` and
    ``high`` its 5 % and 95 % quantiles. ``error`` is the largest standard error of a share.
    """

    ranks: Floats
    central: Floats
    beats: Floats
    mean: Floats
    deviation: Floats
    low: Floats
    high: Floats
    draws: int

    @property
    def first(self) -> Floats:
        """How often each alternative comes first."""
        return np.asarray(self.ranks[:, 0])

    @property
    def holistic(self) -> Floats:
        """Acceptability over all ranks, weighed by rank order centroids scaled to 1 for the first rank."""
        alpha = rank_order_centroid(len(self.ranks))
        return np.asarray(self.ranks @ (alpha / alpha[0]))

    def among(self, places: Sequence[int], m: int) -> "Acceptability":
        """Return the same said of ``m`` alternatives of which only those at ``places`` took part.

        The others take no rank and beat nobody; what their values would be is NaN.
        """
        at = np.asarray(places, dtype=np.int64)
        ranks, beats = np.zeros((m, m)), np.zeros((m, m))
        ranks[at, : len(at)] = self.ranks
        beats[np.ix_(at, at)] = self.beats
        central = np.full((m, self.central.shape[1]), np.nan)
        central[at] = self.central
        told = {}
        for name in ("mean", "deviation", "low", "high"):
            told[name] = np.full(m, np.nan)
            told[name][at] = getattr(self, name)
        return Acceptability(ranks=ranks, beats=beats, central=central, draws=self.draws, **told)

    @property
    def error(self) -> float:
        """The standard error of a share of one half: sqrt(1/4 / draws)."""
        return 0.5 / float(np.sqrt(self.draws))


def smaa(
    weights: ArrayLike,
    cells: Cells | Sequence[Cells],
    *,
    source: Chance | None = None,
    members: ArrayLike | None = None,
) -> Acceptability:
    """Weigh every draw of ``weights`` (draws x criteria, each summing to 1) against cells drawn afresh for each.

    ``source`` draws the uncertain cells, each chunk from a stream of its own; without one every cell counts as its
    mean. Where members score on their own, ``cells`` are one for each member and ``members`` says whose each draw is.
    Raises TableError where shapes do not fit.
    """
    drawn = np.asarray(weights if isinstance(weights, np.ndarray) else numbers(weights, "weights"))
    tables = (cells,) if isinstance(cells, Cells) else tuple(cells)
    if not tables or len({one.shape for one in tables}) > 1:
        raise TableError("cells: give one table for each member, all of one shape")
    n = tables[0].shape[1]
    if drawn.ndim != 2 or drawn.shape[1] != n or not len(drawn):
        raise TableError(f"weights: shape {drawn.shape} does not fit {n} criteria; give draws x criteria")
    if not drawn.min() >= 0 or not np.isfinite(drawn.max()):
        raise TableError("weights: one is negative or unknown; draw finite weights of 0 or more")
    size = CHUNK if source is not None else SURE
    tasks = [
        (own[start : start + size], table)
        for own, table in _by_member(drawn, tables, members)
        for start in range(0, len(own), size)
    ]
    rows = {id(table): _uncertain(table) if source is not None else () for table in tables}
    means = {id(table): table.mean.astype(np.float32) for table in tables}

    def weigh(place: int) -> "_Chunk":
        part, table = tasks[place][0].astype(np.float32, copy=False), tasks[place][1]
        values = _values(means[id(table)], part)
        if source is not None:
            stream = np.random.Generator(source.bit_generator.jumped(place + 1))  # type: ignore[attr-defined]
            for row in rows[id(table)]:
                row.add(values, part, stream)
        return _counted(values, part)

    if sum(len(part) for part, _ in tasks) <= AT_ONCE:
        return _summed([weigh(place) for place in range(len(tasks))], n)
    with ThreadPoolExecutor(THREADS) as pool:
        return _summed(list(pool.map(weigh, range(len(tasks)))), n)


def _by_member(drawn: Floats, tables: tuple[Cells, ...], members: ArrayLike | None) -> Iterator[tuple[Floats, Cells]]:
    """Walk over the weights of each member's draws with that member's table; nothing is copied where there is one."""
    if members is None and len(tables) == 1:
        yield drawn, tables[0]
        return
    whose = np.zeros(len(drawn), dtype=np.int64) if members is None else np.asarray(members, dtype=np.int64)
    if whose.shape != (len(drawn),) or whose.min() < 0 or whose.max() >= len(tables):
        raise TableError(f"members: give for each draw whose it is, 0 to {len(tables) - 1}")
    for place, table in enumerate(tables):
        own = np.flatnonzero(whose == place)
        if own.size:
            yield drawn[own], table


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Even:
    """The unknown cells of one alternative: uniform, so their share of the total needs a product and no root."""

    row: int
    columns: NDArray[np.int64]
    width: Singles

    def add(self, values: Singles, part: Singles, source: Chance) -> None:
        """Add to the row's values what its drawn cells differ from their means."""
        u = source.random((len(part), len(self.columns)), dtype=np.float32)
        u -= np.float32(0.5)
        u *= self.width
        values[self.row] += np.einsum("ij,ij->i", u, part[:, self.columns])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Peaked:
    """The triangular cells of one alternative; drawn by inversion, with one square root for each."""

    row: int
    columns: NDArray[np.int64]
    low: Singles
    high: Singles
    split: Singles
    rising: Singles
    falling: Singles
    middle: Singles

    def add(self, values: Singles, part: Singles, source: Chance) -> None:
        """Add to the row's values what its drawn cells differ from their means."""
        u = source.random((len(part), len(self.columns)), dtype=np.float32)
        up = u < self.split
        root = np.where(up, u * self.rising, (1 - u) * self.falling)
        np.sqrt(root, out=root)
        found = np.where(up, self.low + root, self.high - root)
        found -= self.middle
        values[self.row] += np.einsum("ij,ij->i", found, part[:, self.columns])


def _uncertain(cells: Cells) -> tuple[_Even | _Peaked, ...]:
    found: list[_Even | _Peaked] = []
    for row in range(cells.shape[0]):
        even = np.flatnonzero(cells.uncertain[row] & cells.unknown[row])
        if even.size:
            width = (cells.high - cells.low)[row, even].astype(np.float32)
            found.append(_Even(row=row, columns=even, width=width))
        peaked = np.flatnonzero(cells.uncertain[row] & ~cells.unknown[row])
        if peaked.size:
            found.append(_peaked(cells, row, peaked))
    return tuple(found)


def _peaked(cells: Cells, row: int, columns: NDArray[np.int64]) -> _Peaked:
    low, mode, high, mean = (one[row, columns] for one in (cells.low, cells.mode, cells.high, cells.mean))
    width = high - low
    parts = (low, high, (mode - low) / width, width * (mode - low), width * (high - mode), mean)
    names = ("low", "high", "split", "rising", "falling", "middle")
    return _Peaked(row=row, columns=columns, **{n: one.astype(np.float32) for n, one in zip(names, parts, strict=True)})


def _bites(m: int, draws: int, n: int) -> Iterator[slice]:
    """Walk over draws in steps whose product is too small for BLAS to call threads for, unless steps became tiny.

    Threads of BLAS that wait for each other burn ten times the work on a busy machine; ours share the cores already.
    """
    size = ALONE // (m * n)
    size = size if size >= LEAST else draws
    for start in range(0, draws, size):
        yield slice(start, start + size)


def _values(means: Singles, part: Singles) -> Singles:
    """Return the value of every alternative (row) in every draw (column)."""
    values = np.empty((len(means), len(part)), dtype=np.float32)
    for bite in _bites(len(means), len(part), part.shape[1]):
        np.matmul(means, part[bite].T, out=values[:, bite])
    return values


def _central(firsts: Singles, part: Singles) -> Floats:
    """Return the sums of the weights with which each alternative (row) comes first."""
    found = np.zeros((len(firsts), part.shape[1]))
    for bite in _bites(len(firsts), len(part), part.shape[1]):
        found += firsts[:, bite] @ part[bite]
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Chunk:
    ranks: Floats
    beats: Floats
    central: Floats
    values: Singles


def _counted(values: Singles, part: Singles) -> _Chunk:
    """Count one chunk: for every alternative how many are above it and how many are equal, draw by draw.

    Every pair is compared once, in rows that stay in the cache; ties are looked for only in pairs that have some.
    """
    m, k = values.shape
    above = np.zeros((m, k), dtype=np.uint8 if m < 256 else np.uint16)
    tied = np.zeros_like(above)
    beats = np.full((m, m), k / 2)
    for one in range(m):
        for other in range(one + 1, m):
            up, down = values[one] > values[other], values[one] < values[other]
            above[other] += up
            above[one] += down
            ups, downs = np.count_nonzero(up), np.count_nonzero(down)
            if ups + downs < k:
                level = values[one] == values[other]
                tied[one] += level
                tied[other] += level
            beats[one, other] = ups + (k - ups - downs) / 2
            beats[other, one] = k - beats[one, other]
    firsts = (above == 0) / (tied + np.float32(1)) if tied.any() else (above == 0).astype(np.float32)
    central = _central(firsts.astype(np.float32, copy=False), part)
    return _Chunk(ranks=_places(above, tied), beats=beats, central=central, values=values)


def _places(above: Counts, tied: Counts) -> Floats:
    """Return how often each alternative (row) takes each rank (column); those that tie share their ranks equally."""
    m = len(above)
    ranks = np.zeros((m, m))
    if not tied.any():
        for row in range(m):
            ranks[row] = np.bincount(above[row], minlength=m)
        return ranks
    for row in range(m):
        counts = np.bincount(above[row].astype(np.int64) * m + tied[row])
        for code in np.flatnonzero(counts):
            at, others = divmod(int(code), m)
            ranks[row, at : at + others + 1] += counts[code] / (others + 1)
    return ranks


def _summed(chunks: list[_Chunk], n: int) -> Acceptability:
    values = np.concatenate([chunk.values for chunk in chunks], axis=1)
    draws = values.shape[1]
    ranks = np.sum([chunk.ranks for chunk in chunks], axis=0)
    central = np.full((len(ranks), n), np.nan)
    led = ranks[:, 0] > 0
    central[led] = np.sum([chunk.central for chunk in chunks], axis=0)[led] / ranks[led, :1]
    mean, deviation = values.mean(axis=1, dtype=np.float64), values.std(axis=1, dtype=np.float64)
    low, high = (_nth(values, place) for place in (int(0.05 * (draws - 1)), int(np.ceil(0.95 * (draws - 1)))))
    return Acceptability(
        ranks=ranks / draws,
        central=central,
        beats=np.sum([chunk.beats for chunk in chunks], axis=0) / draws,
        mean=mean,
        deviation=deviation,
        low=low,
        high=high,
        draws=draws,
    )


def _nth(values: Singles, place: int) -> Floats:
    """Return the value at a place of each row's order, moving the row; two places at once take NumPy's slow way."""
    values.partition(place, axis=1)
    return values[:, place].astype(np.float64)


def confidence(central: ArrayLike, cells: Cells, *, source: Chance, draws: int = 10_000) -> Floats:
    """Return for each alternative how often it comes first with its own central weights when only scores vary.

    NaN where it has none, because it never came first.
    """
    own = np.asarray(central, dtype=np.float64)
    found = np.full(len(own), np.nan)
    for row, weights in enumerate(own):
        if np.isfinite(weights).all():
            found[row] = smaa(np.tile(weights, (draws, 1)), cells, source=source).first[row]
    return found
