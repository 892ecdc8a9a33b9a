"""omissions(): who would lead if one criterion, dimension, class of evidence or member were left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from scorecards.deciding.contest import Contest
from scorecards.methods.tables import Floats, Ints
from scorecards.robustness.acceptability import smaa
from scorecards.robustness.draws import Chance
from scorecards.robustness.sensitivity import LEVEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What one member says and weighs: whom their own draws put first and how often, and who leads without them.

    Shares are fractions of draws; without anybody else there is nobody to lead and nothing to share.
    """

    leader: str
    share: float
    without: str | None
    without_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Omissions:
    """Who leads by expected totals when one thing is left out, among those whom no gate rules out.

    ``whole`` is who leads with all there; a leader stays one while nobody is ahead. None: nobody may win, or nothing
    with weight is left. Gates stand as they are, whatever is left out. ``members`` are told where members weigh.
    """

    whole: str | None
    criteria: Mapping[str, str | None]
    dimensions: Mapping[str, str | None]
    grades: Mapping[str, str | None]
    members: Mapping[str, Voice] = field(default_factory=dict)

    def turning(self, found: Mapping[str, str | None]) -> dict[str, str]:
        """Return what of ``found`` puts somebody else first when it is left out, and whom."""
        return {name: now for name, now in found.items() if now is not None and now != self.whole}

    def pivotal(self, leader: str | None) -> tuple[str, ...]:
        """Return the members without any one of whom another than ``leader`` comes first."""
        return tuple(name for name, one in self.members.items() if one.without not in (None, leader))


def omissions(contest: Contest, rows: Sequence[int], members: Mapping[str, Voice]) -> Omissions:
    """Return who leads without each thing; ``rows`` are the places of those who may win."""
    weights, means = contest.weights, contest.expected.mean
    parts = means * weights
    whole = _first(contest, rows, parts.sum(axis=1), None)
    return Omissions(
        whole=None if whole is None else contest.vendors[whole],
        criteria=_without(contest, rows, parts, weights, contest.criteria, whole),
        dimensions=_without(
            contest, rows, contest.by_dimension(contest.expected) * contest.outer, contest.outer,
            contest.dimensions, whole,
        ),
        grades=_unbelieved(contest, rows, whole),
        members=members,
    )  # fmt: skip


def _without(
    contest: Contest, rows: Sequence[int], parts: Floats, weights: Floats, names: Sequence[str], whole: int | None
) -> dict[str, str | None]:
    """Return by name who leads without it; the others keep their proportions, so that no scaling is needed."""
    rest = parts.sum(axis=1, keepdims=True) - parts
    left = weights.sum() - weights > LEVEL
    found = [_first(contest, rows, rest[:, at], whole) if left[at] else None for at in range(len(names))]
    return {name: None if at is None else contest.vendors[at] for name, at in zip(names, found, strict=True)}


def _unbelieved(contest: Contest, rows: Sequence[int], whole: int | None) -> dict[str, str | None]:
    """Return by evidence class who leads when its cells count as unknown."""
    found: dict[str, str | None] = {}
    for grade in sorted({str(one) for one in contest.grades.ravel()} - {""}):
        doubted = contest.without(grades=[grade]).expected.mean @ contest.weights
        at = _first(contest, rows, doubted, whole)
        found[grade] = None if at is None else contest.vendors[at]
    return found


def _first(contest: Contest, rows: Sequence[int], totals: Floats, before: int | None) -> int | None:
    """Return the place of who leads; whoever led before still does while nobody is ahead by more than rounding."""
    if not rows:
        return None
    best = max(rows, key=lambda row: (totals[row], -row))
    return before if before is not None and totals[before] >= totals[best] - LEVEL else best


def alone(
    contests: Mapping[str, Contest], weights: Floats, whose: Ints, rows: Sequence[int], source: Chance, leader: str
) -> dict[str, Voice]:
    """Return what each member's own draws say, and who leads without them, by name.

    ``contests`` are the table as each member judges it, ``weights`` the draws (draws x criteria) and ``whose`` the
    place of the member whose each draw is. Members have equal chances, so leaving one out leaves the mean of the
    others; ``leader`` stays first unless another is ahead by more than the standard error of its share.
    """
    first = {}
    for place, (name, table) in enumerate(contests.items()):
        own = weights[whose == place]
        if len(own):
            first[name] = smaa(own, table.expected.only(rows), source=source).first
    vendors = [next(iter(contests.values())).vendors[row] for row in rows]
    return {name: _voice(name, first, vendors, leader, 0.5 / np.sqrt(len(weights))) for name in first}


def _voice(name: str, first: Mapping[str, Floats], vendors: Sequence[str], leader: str, error: float) -> Voice:
    own, others = first[name], [shares for one, shares in first.items() if one != name]
    alone = int(own.argmax())
    without, share = None, None
    if others:
        mean, held = np.mean(others, axis=0), vendors.index(leader)
        at = held if mean[held] >= mean.max() - error else int(mean.argmax())
        without, share = vendors[at], float(mean[at])
    return Voice(leader=vendors[alone], share=float(own[alone]), without=without, without_share=share)
