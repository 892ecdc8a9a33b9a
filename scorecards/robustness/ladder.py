"""Ladder: how firm a recommendation may be, from how often the leader leads and what the gates say."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from scorecards.methods.tables import TableError

#: Shares of first places from which an alternative is recommended, and from which it is preferred with conditions.
RECOMMENDED, PREFERRED = 0.80, 0.60
#: The leader must come first this often even with its own unknowns taken pessimistically.
PESSIMISTIC = 0.50


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
    *,
    pessimistic: ArrayLike | None = None,
    views_agree: bool = True,
    recommended: float = RECOMMENDED,
    preferred: float = PREFERRED,
) -> Finding:
    """Return how firm a recommendation may be.

    ``first`` is each alternative's share of first places, ``eligible`` its gates: yes, conditional or no.
    ``pessimistic`` is its share of first places with its own unknowns taken pessimistically. Who is not eligible never
    leads. The reasons are words: gate_open, few_firsts, own_unknowns, views_differ.
    """
    share = np.asarray(first, dtype=np.float64)
    if len(eligible) != len(share) or not len(share):
        raise TableError("eligible: say yes, conditional or no of each alternative")
    running = [place for place, state in enumerate(eligible) if state != "no"]
    if not running:
        return Finding(verdict=Verdict.NOBODY_MAY_WIN, leader=None, first=0.0, because=("gate_failed",))
    leader = max(running, key=lambda place: (share[place], -place))
    reasons = {
        "few_firsts": share[leader] < recommended,
        "gate_open": eligible[leader] == "conditional",
        "own_unknowns": pessimistic is not None and float(np.asarray(pessimistic)[leader]) < PESSIMISTIC,
        "views_differ": not views_agree,
    }
    because = tuple(name for name, holds in reasons.items() if holds)
    found = Verdict.RECOMMENDED if not because else Verdict.PREFERRED
    if share[leader] < preferred:
        found = Verdict.NO_CLEAR_LEADER
    return Finding(verdict=found, leader=leader, first=float(share[leader]), because=because)
