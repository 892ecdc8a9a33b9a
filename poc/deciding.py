"""Deciding: an assessment becomes a choice: who leads, how surely, what would turn it, what to measure next."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from poc.assessment import Assessment
from scorecards.deciding.contest import Contest, contest
from scorecards.deciding.decision import DRAWS, Decision, decide
from scorecards.robustness.information import Worth
from scorecards.robustness.sensitivity import Interval
from scorecards.weighting import Weighting

#: Draws that answer while a slider moves, of so many cells at most in all; the whole number is for the record.
AT_ONCE, CELLS = 5_000, 10_000_000
#: To know a cell that improves the choice by less than this many points is worth nothing on its own.
WORTH_KNOWING = 0.001


def board(assessment: Assessment) -> Contest:
    """Return the table behind an assessment with every dimension in it; ``reweighed`` gives it weights in no time."""
    even = evenly(assessment.weighting)
    pieces = (piece for subject in assessment.subjects for piece in subject.evidence)
    return contest(pieces, even, assessment.catalogue)


def evenly(weighting: Weighting) -> Weighting:
    """Return a weighting under which every dimension counts, so that a table made by it lacks none."""
    return weighting.moved(dict.fromkeys(weighting.dimensions, 1.0))


def reweighed(table: Contest, weighting: Weighting) -> Contest:
    """Return the same table under other weights of its dimensions."""
    shares = np.array([weighting.dimensions[code] for code in table.dimensions], dtype=np.float64)
    return replace(table, outer=shares / shares.sum())


def at_once(table: Contest) -> int:
    """Return how many draws answer at once: fewer of a very large table, 500 at least."""
    return max(min(AT_ONCE, CELLS // table.expected.low.size), 500)


def decided(assessment: Assessment, *, draws: int = DRAWS, seed: int = 1, table: Contest | None = None) -> Decision:
    """Decide an assessment under its weighting; ``table`` is its ``board`` where that is at hand already.

    Raises ValueError for fewer than 100 draws, TableError where nothing has been seen.
    """
    if not 100 <= draws <= 10_000_000:
        raise DrawsError(f"draws = {draws}: between 100 and 10,000,000 tell something; 100,000 is usual")
    known = board(assessment) if table is None else table
    return decide(reweighed(known, assessment.weighting), draws=draws, seed=seed)


class DrawsError(ValueError):
    """So many draws make no sense; the text says how many do."""


def nearest_flip(decision: Decision) -> tuple[str, Interval] | None:
    """Return the dimension of which the smallest change of weight lets somebody else lead; None where none does."""
    found = [(code, one) for code, one in decision.intervals.items() if one.flips_at is not None]
    return min(found, key=lambda pair: pair[1].room, default=None)


def worth_knowing(decision: Decision) -> tuple[Worth, ...]:
    """Return the cells that are worth measuring one by one; empty where no single one can turn the choice."""
    return tuple(one for one in decision.worth if one.points >= WORTH_KNOWING)


def rival(decision: Decision, interval: Interval) -> str:
    """Return who takes over at the nearer end of an interval; raises IndexError where nobody does."""
    running = [name for name, state in zip(decision.contest.vendors, decision.contest.eligible, strict=True)
               if state != "no"]  # fmt: skip
    place = interval.above if interval.flips_at == interval.high and interval.above is not None else interval.below
    if place is None:
        raise IndexError("nobody takes over at either end")
    return running[place]


def facts(decision: Decision) -> dict[str, object]:
    """Return a decision for machines: shares as fractions, points from 0 to 5; what is not known is null."""
    table, flip = decision.contest, nearest_flip(decision)
    return {
        "verdict": decision.finding.verdict.value,
        "leader": decision.leader,
        "because": list(decision.finding.because),
        "first_share": decision.finding.first,
        "views_agree": decision.views_agree,
        "tie": {"band": table.tie_band, "targets": list(decision.tie)},
        "weights": dict(zip(table.dimensions, map(float, table.outer), strict=True)),
        "targets": {name: _target(decision, row) for row, name in enumerate(table.vendors)},
        "smallest_flip": None if flip is None else _flip(decision, *flip),
        "intervals": {code: {"weight": one.weight, "low": one.low, "high": one.high}
                      for code, one in decision.intervals.items()},
        "score_flips": [{"target": table.vendors[one.row], "criterion": table.criteria[one.column],
                         "change": one.change, "possible": one.possible} for one in decision.flips],
        "crosschecks": [{"method": one.method, "leaders": list(one.leaders), "points": dict(one.points)}
                        for one in decision.crosschecks],
        "without_dimension": dict(decision.omissions.dimensions),
        "without_criterion": decision.omissions.turning(decision.omissions.criteria),
        "without_evidence_of_class": dict(decision.omissions.grades),
        "members": {name: {"leader": one.leader, "share": one.share, "without": one.without,
                           "without_share": one.without_share} for name, one in decision.omissions.members.items()},
        "pivotal": list(decision.omissions.pivotal(decision.leader)),
        "lead_swings": [{"criterion": table.criteria[one.name], "over": decision.runner_up, "low": one.low,
                         "high": one.high} for one in decision.tornado],
        "measure_next": [{"target": table.vendors[one.row], "criterion": table.criteria[one.column],
                          "points": one.points, "turns": one.turns} for one in worth_knowing(decision)],
        "draws": decision.draws,
        "seed": decision.seed,
        "standard_error": decision.acceptability.error,
    }  # fmt: skip


def _target(decision: Decision, row: int) -> Mapping[str, object]:
    name = decision.contest.vendors[row]
    return {
        "eligible": decision.contest.eligible[row],
        "low": decision.low[name],
        "middle": decision.middle[name],
        "high": decision.high[name],
        "coverage": decision.coverage[name],
        "ranks": [float(share) for share in decision.acceptability.ranks[row]],
        "ranks_conservative": [float(share) for share in decision.conservative.ranks[row]],
        "pessimistic_first": decision.pessimistic.get(name),
    }


def _flip(decision: Decision, code: str, one: Interval) -> Mapping[str, object]:
    return {"dimension": code, "from": one.weight, "to": one.flips_at, "then_leads": rival(decision, one)}
