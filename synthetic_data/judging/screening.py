"""Screening: hits on a watch-list against true ones: how many are found for how many false alarms."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from synthetic_data.judging.arrays import JudgingError, numbers, ratio, same_length, truths


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """What a score finds while at most a share of the innocent is alarmed."""

    true: int
    innocent: int
    allowed: float  # share of the innocent that may be alarmed
    threshold: float | None  # lowest score that still alarms; None when nothing may
    alarmed: float | None  # share of the innocent that is
    recall: float | None
    recall_from: float | None  # Wilson interval of 95 %
    recall_to: float | None


def judge_screening(score: ArrayLike, is_hit: ArrayLike, *, allowed: float = 0.01) -> Screening:
    """Judge one score for each name against whether it is truly on the list.

    The threshold is the lowest at which no more than ``allowed`` of the innocent score as high or higher, so equal
    scores are alarmed together: a point on the ROC curve (Fawcett, Pattern Recognition Letters 27, 2006). Raises
    ``JudgingError``.
    """
    if not 0 <= allowed <= 1:
        raise JudgingError(f"allowed: {allowed:g} is outside 0..1; give a share of false alarms")
    said, true = numbers("score", score), truths("is_hit", is_hit)
    same_length(score=said, is_hit=true)
    levels = np.unique(said)
    false = _at_least(said[~true], levels)
    fits = levels[false <= allowed * int((~true).sum())]
    threshold = float(fits[0]) if fits.size else None
    alarmed = said >= threshold if threshold is not None else np.zeros(len(said), dtype=np.bool_)
    found = int(alarmed[true].sum())
    low, high = wilson(found, int(true.sum()))
    return Screening(
        true=int(true.sum()),
        innocent=int((~true).sum()),
        allowed=allowed,
        threshold=threshold,
        alarmed=ratio(int(alarmed[~true].sum()), int((~true).sum())),
        recall=ratio(found, int(true.sum())),
        recall_from=low,
        recall_to=high,
    )


def wilson(found: int, of: int, sure: float = 0.95) -> tuple[float | None, float | None]:
    """The interval of a share by Wilson (JASA 22, 1927, 209-212); (None, None) for a share of nothing."""
    if not of:
        return None, None
    z = NormalDist().inv_cdf((1 + sure) / 2)
    share, scale = found / of, 1 + z * z / of
    middle = (share + z * z / (2 * of)) / scale
    half = z * np.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / scale
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def _at_least(scores: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """How many scores reach each level."""
    return np.asarray(len(scores) - np.searchsorted(np.sort(scores), levels, side="left"))
