"""Actions: what was proposed to each customer against what would have been worth most."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from synthetic_data.judging.arrays import JudgingError, ratio, same_length


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """What proposals are worth, in the currency of the values."""

    rows: int
    captured: float  # expected value of what was proposed
    optimum: float  # of the best for each customer
    share: float | None  # captured of the optimum
    at_random: float | None  # share that a lot among the allowed would capture
    best: int  # customers who were proposed their best
    harmed: int  # customers who were proposed what they have not allowed or must not be sold


def judge_actions(chosen: Sequence[str | None], actions: Sequence[str], value: ArrayLike) -> Actions:
    """Judge one proposal for each customer, None for none, against the true expected value of each action.

    ``value`` has a row for each customer and a column for each of ``actions``, NaN where the action is not allowed.
    Proposing nothing is worth 0, so the optimum never takes an action that loses; what is not allowed is worth 0 and
    counted as harm. The share is the value of a policy over that of the best policy (Dudik, Langford and Li, ICML 2011,
    with the true rewards in place of estimates). Raises ``JudgingError``.
    """
    worth = np.asarray(value, dtype=np.float64)
    if worth.ndim != 2 or worth.shape[1] != len(actions):
        raise JudgingError(f"value: has shape {worth.shape}; give a row a customer and a column for each action")
    rows = same_length(chosen=chosen, value=worth)
    column = {action: at for at, action in enumerate(actions)}
    if unknown := {action for action in chosen if action is not None} - column.keys():
        raise JudgingError(f"chosen: {min(unknown)!r} is none of the actions; choose among {', '.join(actions)}")
    taken = np.array([column[action] if action is not None else -1 for action in chosen])
    got = np.where(taken >= 0, worth[np.arange(rows), taken], 0.0)
    allowed = ~np.isnan(worth)
    top = np.maximum(np.where(allowed, worth, -np.inf).max(axis=1), 0.0)
    optimum, lot = float(top.sum()), float(_by_lot(worth, allowed).sum())
    return Actions(
        rows=rows,
        captured=float(np.nansum(got)),
        optimum=optimum,
        share=ratio(float(np.nansum(got)), optimum),
        at_random=ratio(lot, optimum),
        best=int((got == top).sum()),
        harmed=int(np.isnan(got).sum()),
    )


def _by_lot(worth: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    counts = allowed.sum(axis=1)
    sums = np.where(allowed, worth, 0.0).sum(axis=1)
    return np.asarray(np.divide(sums, counts, out=np.zeros(len(worth)), where=counts > 0))
