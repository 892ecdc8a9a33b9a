"""Pairwise: weights from pairwise comparisons (AHP), by row geometric mean, and how consistent they are.

The geometric mean is used for every verdict: with it, aggregating judgements and aggregating priorities is the same
number. The eigenvector is here because people know it and published cases were worked with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize, minimize_scalar

from scorecards.methods.tables import Floats, TableError, numbers, shares

#: Limits of the geometric consistency index that stand for CR <= 0.1 (Aguaron and Moreno-Jimenez 2003, EJOR 147).
GCI_LIMITS = {3: 0.3147, 4: 0.3526}
GCI_LIMIT_ABOVE = 0.370
CR_LIMIT = 0.10
#: Mean consistency index of random matrices of 3, 4 ... 10.
#: Saaty 1980; Donegan and Dodd 1991, Mathematical and Computer Modelling 15(2).
RANDOM_INDEX = {
    "saaty": (0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49),
    "donegan-dodd": (0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055),
}
Method = Literal["geometric", "eigen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """How well comparisons agree with each other; ``worst`` names the three that agree least, by place."""

    gci: float
    gci_limit: float
    ratio: float
    worst: tuple[int, int, int] | None

    @property
    def acceptable(self) -> bool:
        """Whether the geometric consistency index is within its limit."""
        return self.gci <= self.gci_limit


def matrix(names: Sequence[str], judgements: Mapping[tuple[str, str], float | None]) -> Floats:
    """Return the reciprocal matrix of judgements ``{(a, b): times that a outweighs b}``; a missing pair is NaN.

    Raises TableError for an unknown name, a pair given twice, or a judgement that is not positive.
    """
    place = {name: at for at, name in enumerate(names)}
    found = np.full((len(names), len(names)), np.nan)
    np.fill_diagonal(found, 1.0)
    for (first, second), times in judgements.items():
        if first not in place or second not in place or first == second:
            raise TableError(f"judgement {first!r} : {second!r} does not compare two of {', '.join(names)}")
        row, column = place[first], place[second]
        if not np.isnan(found[row, column]):
            raise TableError(f"judgement {first!r} : {second!r} is given twice; give it once")
        if times is None:
            continue
        if not times > 0 or not np.isfinite(times):
            raise TableError(f"judgement {first!r} : {second!r} is {times}; give a positive number such as 3 or 1/3")
        found[row, column], found[column, row] = times, 1.0 / times
    return found


def checked(comparisons: ArrayLike, *, missing: bool = False) -> Floats:
    """Return a positive reciprocal matrix; raises TableError for any other. ``missing`` allows NaN off the diagonal."""
    found = numbers(comparisons, "comparisons")
    if found.ndim != 2 or found.shape[0] != found.shape[1] or not found.size:
        raise TableError(f"comparisons: shape {found.shape} is not square; compare each criterion with each")
    holes = np.isnan(found)
    if holes.any() and not missing:
        raise TableError("comparisons: a pair is missing; complete the matrix first")
    if not (holes == holes.T).all() or holes.diagonal().any():
        raise TableError("comparisons: a pair is missing on one side only; give both or none")
    if (found[~holes] <= 0).any():
        raise TableError("comparisons: a judgement is 0 or negative; give positive ratios")
    if (np.abs(found * found.T - 1.0)[~holes] > 1e-6).any():
        raise TableError("comparisons: a pair and its opposite do not multiply to 1; give a[j][i] = 1 / a[i][j]")
    return found


def priorities(comparisons: ArrayLike, *, method: Method = "geometric") -> Floats:
    """Return weights that sum to 1: by row geometric mean (Crawford and Williams 1985) or principal eigenvector."""
    found = checked(comparisons)
    if method == "geometric":
        return shares(np.exp(np.log(found).mean(axis=1)), len(found))
    values, vectors = np.linalg.eig(found)
    return shares(np.abs(vectors[:, int(values.real.argmax())].real), len(found))


def largest_eigenvalue(comparisons: ArrayLike) -> float:
    """Return the principal eigenvalue, n for perfectly consistent comparisons."""
    return float(np.linalg.eigvals(checked(comparisons)).real.max())


def consistency(comparisons: ArrayLike, *, index: str = "saaty") -> Consistency:
    """Return GCI with its limit, Saaty's ratio by the random ``index``, and the worst triple.

    GCI = 2 / ((n-1)(n-2)) sum_{i<j} ln^2(a_ij w_j / w_i). One or two criteria are always consistent.
    """
    found = checked(comparisons)
    n = len(found)
    if n < 3:
        return Consistency(gci=0.0, gci_limit=0.0, ratio=0.0, worst=None)
    weight = priorities(found)
    off = np.log(found * weight[None, :] / weight[:, None])
    gci = 2.0 / ((n - 1) * (n - 2)) * float((np.triu(off, 1) ** 2).sum())
    if index not in RANDOM_INDEX:
        raise TableError(f"index: {index!r} is none; use one of {', '.join(RANDOM_INDEX)}")
    random = RANDOM_INDEX[index][min(n, 10) - 3]
    ratio = (largest_eigenvalue(found) - n) / (n - 1) / random
    return Consistency(
        gci=gci, gci_limit=GCI_LIMITS.get(n, GCI_LIMIT_ABOVE), ratio=max(0.0, ratio), worst=_worst(found)
    )


def _worst(found: Floats) -> tuple[int, int, int]:
    def off(three: tuple[int, ...]) -> float:
        i, j, k = three
        return abs(float(np.log(found[i, j] * found[j, k] * found[k, i])))

    first, second, third = max(combinations(range(len(found)), 3), key=off)
    return first, second, third


def completed(comparisons: ArrayLike) -> Floats:
    """Return the matrix with missing pairs (NaN) filled so that its largest eigenvalue is smallest.

    Bozoki, Fulop and Ronyai 2010, Math. Computer Modelling 52, 318-333. Raises TableError where the known pairs do not
    connect all criteria, since then no completion is unique.
    """
    found = checked(comparisons, missing=True)
    holes = [(i, j) for i, j in combinations(range(len(found)), 2) if np.isnan(found[i, j])]
    if not _connected(~np.isnan(found)):
        raise TableError(
            "comparisons: some criteria are linked to the others by no judgement; compare at least one pair"
        )
    if not holes:
        return found

    def filled(logs: Floats) -> Floats:
        trial = found.copy()
        for (i, j), log in zip(holes, logs, strict=True):
            trial[i, j], trial[j, i] = np.exp(log), np.exp(-log)
        return trial

    def goal(logs: Floats) -> float:
        return float(np.linalg.eigvals(filled(logs)).real.max())

    if len(holes) == 1:  # convex in the logarithm, so a search along the line finds the one minimum
        best = minimize_scalar(
            lambda log: goal(np.array([log])), bounds=(-7, 7), method="bounded", options={"xatol": 1e-10}
        )
        return filled(np.array([float(best.x)]))
    best = minimize(
        goal, np.zeros(len(holes)), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 20_000}
    )
    return filled(np.asarray(best.x))


def _connected(known: NDArray[np.bool_]) -> bool:
    reached, frontier = {0}, [0]
    while frontier:
        at = frontier.pop()
        new = {int(other) for other in np.flatnonzero(known[at])} - reached
        reached |= new
        frontier += new
    return len(reached) == len(known)


def group(matrices: Sequence[ArrayLike]) -> Floats:
    """Return the element-wise geometric mean of the members' matrices (Aczel and Saaty 1983)."""
    logs = [np.log(checked(one)) for one in matrices]
    if not logs or any(log.shape != logs[0].shape for log in logs):
        raise TableError("matrices: give one of the same size for each member")
    return np.asarray(np.exp(np.mean(logs, axis=0)))


def synthesis(
    criteria: ArrayLike, local: ArrayLike, *, mode: Literal["distributive", "ideal"] = "distributive"
) -> Floats:
    """Return priorities of alternatives: ``local`` holds a column of local priorities for each criterion.

    The distributive mode divides each column by its sum, so that a copy of an alternative can change who leads
    (Belton and Gear 1983); the ideal mode divides by its largest.
    """
    columns = numbers(local, "local")
    if columns.ndim != 2 or not (columns > 0).all():
        raise TableError("local: give alternatives x criteria of positive priorities")
    weight = shares(criteria, columns.shape[1] if columns.ndim == 2 else 0)
    norm = columns.sum(axis=0) if mode == "distributive" else columns.max(axis=0)
    return np.asarray((columns / norm) @ weight)
