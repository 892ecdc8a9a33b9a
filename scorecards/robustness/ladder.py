"""Ladder: how firm a recommendation may be, from how often the leader leads and what the gates say."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from scorecards.methods.tables import TableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """How often one must come first to be recommended, to be preferred with conditions; fractions from 0 to 1.

    ``pessimistic`` is how often even with one's own unknowns taken pessimistically. They are policy, see policy.toml.
    """

    recommended: float
    preferred: float
    pessimistic: float


class Verdict(StrEnum):
    """What may be said of the leader."""

    RECOMMENDED = "recommended"
    PREFERRED = "preferred"
    NO_CLEAR_LEADER = "no_clear_leader"
    NOBODY_MAY_WIN = "nobody_may_win"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The verdict, whom it is about (by place, None where nobody may win) and the reasons that hold it down."""

    verdict: Verdict
    leader: int | None
    first: float
    because: tuple[str, ...]


def verdict(
    first: ArrayLike,
    eligible: Sequence[str],
    steps: Steps,
    *,
    pessimistic: ArrayLike | None = None,
    views_agree: bool = True,
    tied: bool = False,
) -> Finding:
    """Return how firm a recommendation may be.

    ``first`` is each alternative's share of first places, ``eligible`` its gates: yes, conditional or no.
    ``pessimistic`` is its share of first places with its own unknowns taken pessimistically. Who is not eligible never
    leads; ``tied`` says that its total is within the tie band of another's. The reasons are words: gate_open,
    few_firsts, own_unknowns, views_differ, tie.
    """
    share = np.asarray(first, dtype=np.float64)
    if len(eligible) != len(share) or not len(share):
        raise TableError("eligible: say yes, conditional or no of each alternative")
    running = [place for place, state in enumerate(eligible) if state != "no"]
    if not running:
        return Finding(verdict=Verdict.NOBODY_MAY_WIN, leader=None, first=0.0, because=("gate_failed",))
    leader = max(running, key=lambda place: (share[place], -place))
    reasons = {
        "few_firsts": share[leader] < steps.recommended,
        "gate_open": eligible[leader] == "conditional",
        "own_unknowns": pessimistic is not None and float(np.asarray(pessimistic)[leader]) < steps.pessimistic,
        "views_differ": not views_agree,
        "tie": tied,
    }
    because = tuple(name for name, holds in reasons.items() if holds)
    found = Verdict.RECOMMENDED if not because else Verdict.PREFERRED
    if share[leader] < steps.preferred:
        found = Verdict.NO_CLEAR_LEADER
    return Finding(verdict=found, leader=leader, first=float(share[leader]), because=because)
