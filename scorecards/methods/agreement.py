"""Agreement: how far several judges say the same, by the measures that fit ranks, ratings and categories."""

from dataclasses import dataclass
from math import factorial
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from scorecards.methods.tables import Floats, TableError, numbers, ranks

Level: TypeAlias = Literal["nominal", "ordinal", "interval", "ratio"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Concordance:
    """Kendall's W (0 none, 1 complete) and how likely a W as large is if judges rank by chance."""

    w: float
    p: float


def kendall_w(judgements: ArrayLike, *, are_ranks: bool = True, draws: int = 20_000, seed: int = 1) -> Concordance:
    """Return W = 12 S / (m^2 (n^3 - n) - m sum T), tie-corrected (Kendall and Babington Smith 1939).

    Rows are judges. ``are_ranks`` False ranks ratings first (the higher the better). p comes from permuting each
    judge's ranks at random where there are at most 8 alternatives, else from the chi-square law (n - 1 degrees).
    """
    given = numbers(judgements, "ranks")
    if given.ndim != 2 or given.shape[0] < 2 or given.shape[1] < 2 or np.isnan(given).any():
        raise TableError("ranks: give a complete row for each of at least two judges, over at least two alternatives")
    rows = np.array([ranks(row, higher_is_better=not are_ranks) for row in given])
    w = _w(rows)
    m, n = rows.shape
    if n > 8 or factorial(n) > 50_000:
        return Concordance(w=w, p=float(stats.chi2.sf(m * (n - 1) * w, n - 1)))
    chance = np.random.Generator(np.random.PCG64DXSM(seed))
    others = sum(_w(chance.permuted(rows, axis=1)) >= w - 1e-12 for _ in range(max(draws // 10, 999)))
    return Concordance(w=w, p=(others + 1) / (max(draws // 10, 999) + 1))


def _w(rows: Floats) -> float:
    m, n = rows.shape
    spread = float(((rows.sum(axis=0) - m * (n + 1) / 2) ** 2).sum())
    ties = sum(float((counts**3 - counts).sum()) for row in rows for counts in [np.unique(row, return_counts=True)[1]])
    room = m**2 * (n**3 - n) - m * ties
    return 12.0 * spread / room if room > 0 else float("nan")


def krippendorff(ratings: ArrayLike, *, level: Level = "ordinal") -> float:
    """Return Krippendorff's alpha of judges (rows) over units (columns); NaN is an abstention (Krippendorff 2004).

    NaN comes back where fewer than two judges rated any unit. 1 where no two ratings differ at all.
    """
    given = numbers(ratings, "ratings")
    if given.ndim != 2 or 0 in given.shape:
        raise TableError("ratings: give a row for each judge")
    values = np.unique(given[~np.isnan(given)])
    counts = np.array([[(column == value).sum() for value in values] for column in given.T], dtype=np.float64)
    counts = counts[counts.sum(axis=1) >= 2] if len(counts) else counts
    if not len(counts):
        return float("nan")
    pairable = counts.sum(axis=1)
    together = (counts[:, :, None] * counts[:, None, :] - _diagonals(counts)) / (pairable - 1)[:, None, None]
    seen, totals = together.sum(axis=0), counts.sum(axis=0)
    distance = _distance(values, totals, level)
    expected = (np.outer(totals, totals) - np.diag(totals)) / (totals.sum() - 1)
    by_chance = float((expected * distance).sum())
    return 1.0 - float((seen * distance).sum()) / by_chance if by_chance > 0 else 1.0


def _diagonals(counts: Floats) -> Floats:
    found = np.zeros((len(counts), counts.shape[1], counts.shape[1]))
    places = np.arange(counts.shape[1])
    found[:, places, places] = counts
    return found


def _distance(values: Floats, totals: Floats, level: Level) -> Floats:
    if level == "nominal":
        return np.asarray(values[:, None] != values[None, :], dtype=np.float64)
    if level == "interval":
        return np.asarray((values[:, None] - values[None, :]) ** 2, dtype=np.float64)
    if level == "ratio":
        total = values[:, None] + values[None, :]
        apart = (values[:, None] - values[None, :]) / np.where(total == 0, 1.0, total)
        return np.asarray(np.where(total != 0, apart**2, 0.0), dtype=np.float64)
    middle = np.cumsum(totals) - totals / 2  # mass up to the middle of each value
    return np.asarray((middle[:, None] - middle[None, :]) ** 2, dtype=np.float64)


def krippendorff_interval(
    ratings: ArrayLike, *, level: Level = "ordinal", draws: int = 1_000, seed: int = 1, confidence: float = 0.95
) -> tuple[float, float]:
    """Return a bootstrap interval of alpha over units (columns drawn with replacement)."""
    given = numbers(ratings, "ratings")
    if np.isnan(krippendorff(given, level=level)):
        return float("nan"), float("nan")
    chance = np.random.Generator(np.random.PCG64DXSM(seed))
    found = [
        krippendorff(given[:, chance.integers(0, given.shape[1], given.shape[1])], level=level) for _ in range(draws)
    ]
    low, high = np.nanquantile(found, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def intraclass(ratings: ArrayLike, *, form: str = "ICC(2,1)") -> float:
    """Return an intraclass correlation of units (rows) by judges (columns), complete data (Shrout and Fleiss 1979).

    ``form`` is ICC(1,1), ICC(2,1), ICC(3,1) for one judge, ICC(1,k), ICC(2,k), ICC(3,k) for the judges' mean.
    """
    given = numbers(ratings, "ratings")
    if given.ndim != 2 or min(given.shape) < 2 or np.isnan(given).any():
        raise TableError("ratings: an intraclass correlation needs two units and judges at least, and every cell")
    n, k = given.shape
    grand, rows, columns = given.mean(), given.mean(axis=1), given.mean(axis=0)
    between = k * float(((rows - grand) ** 2).sum()) / (n - 1)
    judges = n * float(((columns - grand) ** 2).sum()) / (k - 1)
    within = float(((given - rows[:, None]) ** 2).sum()) / (n * (k - 1))
    error = float(((given - rows[:, None] - columns[None, :] + grand) ** 2).sum()) / ((n - 1) * (k - 1))
    forms = {
        "ICC(1,1)": (between - within, between + (k - 1) * within),
        "ICC(2,1)": (between - error, between + (k - 1) * error + k * (judges - error) / n),
        "ICC(3,1)": (between - error, between + (k - 1) * error),
        "ICC(1,k)": (between - within, between),
        "ICC(2,k)": (between - error, between + (judges - error) / n),
        "ICC(3,k)": (between - error, between),
    }
    if form not in forms:
        raise TableError(f"form: {form!r} is none; use one of {', '.join(forms)}")
    over, under = forms[form]
    return over / under if under else float("nan")


def fleiss_kappa(counts: ArrayLike) -> float:
    """Return Fleiss' kappa of units (rows) by categories: how many judges put the unit there (Fleiss 1971)."""
    given = numbers(counts, "counts")
    if (given < 0).any():
        raise TableError(f"counts: {float(given.min())} is negative; count judges from 0 upwards")
    if given.ndim != 2 or len(set(given.sum(axis=1).tolist())) != 1 or given.sum(axis=1)[0] < 2:
        raise TableError("counts: each unit needs the same number of judges, two at least")
    judges = given.sum(axis=1)[0]
    agreed = float((((given**2).sum(axis=1) - judges) / (judges * (judges - 1))).mean())
    by_chance = float(((given.sum(axis=0) / given.sum()) ** 2).sum())
    return (agreed - by_chance) / (1 - by_chance) if by_chance < 1 else float("nan")


def cohen_kappa(
    first: ArrayLike, second: ArrayLike, *, weights: Literal["none", "linear", "quadratic"] = "none"
) -> float:
    """Return Cohen's kappa of two judges, weighted by distance of ordered categories where asked (Cohen 1968)."""
    one, two = np.asarray(first), np.asarray(second)
    if one.shape != two.shape or one.ndim != 1 or not one.size:
        raise TableError("ratings: give as many for the second judge as for the first")
    values = np.unique(np.concatenate([one, two]))
    places = np.arange(len(values), dtype=np.float64)
    apart = np.abs(places[:, None] - places[None, :])
    cost = (apart > 0) * 1.0 if weights == "none" else apart if weights == "linear" else apart**2
    seen = np.array([[((one == a) & (two == b)).mean() for b in values] for a in values])
    expected = np.outer(seen.sum(axis=1), seen.sum(axis=0))
    by_chance = float((expected * cost).sum())
    return 1.0 - float((seen * cost).sum()) / by_chance if by_chance else float("nan")
