"""Optimum: the best that anybody could do against the planted truth, worked out from the true probabilities alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from synthetic_data.chance import Floats
from synthetic_data.judging.chances import auc, auc_error, expected_auc


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """What the true probabilities of one question reach: no score can be expected to reach more."""

    question: str  # churn, or take-up of a product, such as "fund"
    rows: int
    happened: int
    expected: float  # share to which it happens, by the probabilities
    auc: float | None  # to expect of the probabilities as scores: the Bayes optimum, exact over all pairs
    drawn: float | None  # AUC of the probabilities against what was drawn from them
    error: float | None  # standard error of ``drawn`` (Hanley and McNeil, 1982)


def optima(truth: Mapping[str, pa.Table]) -> tuple[Optimum, ...]:
    """Return the optimum of churn and of each product on offer, from the truth tables that tell their probabilities."""
    churn, offers = truth["churn"], truth["propensities"]
    product = np.asarray(offers.column("product").cast(pa.string()).to_pylist(), dtype=object)
    likely, taken = _floats(offers, "probability"), _floats(offers, "takes")
    found = [_optimum("churn", _floats(churn, "hazard"), _floats(churn, "leaves"))]
    for name in dict.fromkeys(product.tolist()):
        mine = product == name
        found.append(_optimum(str(name), likely[mine], taken[mine]))
    return tuple(found)


def _optimum(question: str, likely: Floats, happened: Floats) -> Optimum:
    drawn = auc(likely, happened > 0) if len(likely) else None
    count = int(happened.sum())
    return Optimum(
        question=question,
        rows=len(likely),
        happened=count,
        expected=float(likely.mean()) if len(likely) else 0.0,
        auc=expected_auc(likely, likely) if len(likely) else None,
        drawn=drawn,
        error=auc_error(drawn, count, len(likely) - count),
    )


def _floats(table: pa.Table, name: str) -> Floats:
    return np.asarray(table.column(name).cast(pa.float64()).to_numpy())
