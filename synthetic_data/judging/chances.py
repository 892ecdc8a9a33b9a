"""Chances: scores of what may happen (churn, a purchase) against what happened and what was truly likely."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from synthetic_data.judging.arrays import Bools, Floats, JudgingError, numbers, ratio, same_length, shares, truths

#: The share of customers a campaign reaches, at which lift is told; bins of the calibration table.
REACHED, BINS = 0.10, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Customers of like score: how many, what was said on average, and how many it happened to."""

    rows: int
    said: float
    happened: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """How good scores are. What one class alone cannot tell is None; what needs probabilities is None without them."""

    rows: int
    happened: int
    auc: float | None
    auc_error: float | None  # standard error
    lift: float | None  # in the highest-scored tenth, over picking at random
    brier: float | None
    calibration_error: float | None
    bins: tuple[Bin, ...]
    optimum_auc: float | None  # the AUC that nobody can beat but by luck
    optimum_brier: float | None
    attained: float | None  # share of the way from guessing (0) to the optimum (1)


def judge_chances(
    score: ArrayLike, happened: ArrayLike, *, likely: ArrayLike | None = None, reached: float = REACHED
) -> Chances:
    """Judge one score for each customer against what happened.

    ``happened`` is 0 or 1; ``likely`` is the true probability from the sealed truth, by which the best attainable AUC
    and Brier score are known. Brier and calibration are told where all scores lie in 0..1. Raises ``JudgingError``.
    """
    said, came = numbers("score", score), truths("happened", happened)
    rows = same_length(score=said, happened=came)
    probable = bool(said.min() >= 0 and said.max() <= 1)
    true = None if likely is None else shares("likely", likely)
    if true is not None:
        same_length(score=said, likely=true)
    found, best = auc(said, came), None if true is None else expected_auc(true, true)
    bins = calibration(said, came) if probable else ()
    return Chances(
        rows=rows,
        happened=int(came.sum()),
        auc=found,
        auc_error=auc_error(found, int(came.sum()), int(rows - came.sum())),
        lift=lift(said, came, reached),
        brier=float(np.mean((said - came) ** 2)) if probable else None,
        calibration_error=sum(b.rows * abs(b.said - b.happened) for b in bins) / rows if bins else None,
        bins=bins,
        optimum_auc=best,
        optimum_brier=None if true is None else float(np.mean(true * (1 - true))),
        attained=None if found is None or best is None or best <= 0.5 else (found - 0.5) / (best - 0.5),
    )


def auc(score: ArrayLike, happened: ArrayLike) -> float | None:
    """Area under the ROC curve: how often one it happened to scores above one it did not, ties half.

    Mann and Whitney's U over the number of pairs (Hanley and McNeil, Radiology 143, 1982, 29-36). None when it happened
    to all or to nobody.
    """
    came = truths("happened", happened)
    return None if came.all() or not came.any() else expected_auc(score, came.astype(np.float64))


def expected_auc(score: ArrayLike, likely: ArrayLike) -> float | None:
    """The AUC to expect of scores when each row happens with its own probability: exact, over all pairs of rows.

    Sum of p_i (1 - p_j) over pairs i, j where i scores above j (ties half), over the sum for all pairs. With the
    probabilities themselves as scores it is the optimum: no order of the rows has a greater one, because swapping two
    neighbours out of the order of p loses p_i (1 - p_j) - p_j (1 - p_i) = p_i - p_j.
    """
    said, chance = numbers("score", score), shares("likely", likely)
    same_length(score=said, likely=chance)
    _, place = np.unique(said, return_inverse=True)
    yes = np.bincount(place, weights=chance)
    no = np.bincount(place, weights=1 - chance)
    with_itself = float(np.sum(chance * (1 - chance)))
    above = float(np.sum(yes * (np.cumsum(no) - no))) + 0.5 * (float(np.sum(yes * no)) - with_itself)
    return ratio(above, float(yes.sum() * no.sum()) - with_itself)


def auc_error(found: float | None, positive: int, negative: int) -> float | None:
    """Standard error of an AUC by Hanley and McNeil 1982, formula 1 with the exponential approximation of Q1 and Q2."""
    if found is None:
        return None
    q1, q2 = found / (2 - found), 2 * found**2 / (1 + found)
    spread = found * (1 - found) + (positive - 1) * (q1 - found**2) + (negative - 1) * (q2 - found**2)
    return float(np.sqrt(max(spread, 0.0) / (positive * negative)))


def lift(score: ArrayLike, happened: ArrayLike, reached: float = REACHED) -> float | None:
    """How many times more often it happened among the highest-scored share than among all; None if it never happened.

    Where the cut falls among equal scores, they count with the share of them that fits: the value to expect when ties
    are broken at random.
    """
    if not 0 < reached <= 1:
        raise JudgingError(f"reached: {reached:g} is outside 0..1; give the share of customers that is reached")
    said, came = numbers("score", score), truths("happened", happened)
    rows = same_length(score=said, happened=came)
    places = max(1, round(reached * rows))
    cut = np.partition(said, rows - places)[rows - places]
    above, equal = said > cut, said == cut
    hits = came[above].sum() + came[equal].mean() * (places - above.sum())
    return ratio(float(hits) / places, float(came.mean()))


def calibration(score: Floats, happened: Bools, bins: int = BINS) -> tuple[Bin, ...]:
    """Rows in bins of equal size by score, as expected calibration error needs them (Naeini et al., AAAI 2015)."""
    order = np.argsort(score, kind="stable")
    parts = [part for part in np.array_split(order, min(bins, len(order))) if part.size]
    return tuple(
        Bin(rows=len(part), said=float(score[part].mean()), happened=float(happened[part].mean())) for part in parts
    )
