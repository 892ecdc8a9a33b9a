"""Rubric: how the checks and measures of one criterion become 0 to 5 points, on an absolute scale."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple, Protocol

TOP = 5.0
SHARES = (1.0, 0.9, 0.75, 0.5, 0.25)  # of checks passed, for 5, 4, 3, 2 and 1 points
PANEL_SCORE = "panel_score"  # the measure in which people's evidence carries their 0 to 5
STATED = "stated_points"  # the measure in which somebody's word for a whole row carries its 0 to 5

_BOUND = re.compile(r"(?P<measure>\w+) (?P<sign><=|>=) (?P<limit>-?\d+(\.\d+)?)")
_GROUP = re.compile(r"(?P<needed>\d+) of (?P<group>\w+)")
_NAME = re.compile(r"[a-z]\w*")


class RubricError(ValueError):
    """A rubric that cannot be read: the message names the rung and the remedy."""


class Points(NamedTuple):
    """Points from 0 to 5 in three views; ``observed`` is None when too little is decided."""

    observed: float | None  # what is open is not counted
    worst: float  # what is open counts as failed
    best: float  # what is open counts as passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known about one criterion of one target.

    ``checks`` holds True (passed), False (failed, or not offered) or None (open) by check name; ``waived`` the names
    that left the sum; ``measures`` the values by measure name, one for each piece of decided evidence that carries it.
    """

    checks: Mapping[str, bool | None]
    waived: frozenset[str] = frozenset()
    measures: Mapping[str, tuple[float, ...]]


class Rubric(Protocol):
    """What every kind of rubric answers."""

    @property
    def kind(self) -> str:
        """One of ``count``, ``ladder``, ``judged``."""

    @property
    def checks(self) -> frozenset[str]:
        """The checks it names, whether or not a scenario plays them yet."""

    @property
    def measures(self) -> frozenset[str]:
        """The measures it reads."""

    @property
    def expected(self) -> int:
        """The number of checks the criterion asks for, where it is known before all are named; else 0."""

    def points(self, facts: Facts) -> Points:
        """The points that these facts earn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Points by the share of checks passed: ``shares`` holds the least share for 5, 4, 3, 2 and 1 points."""

    checks: frozenset[str] = frozenset()
    expected: int = 0
    shares: tuple[float, ...] = SHARES
    kind: str = "count"
    measures: frozenset[str] = frozenset()

    def points(self, facts: Facts) -> Points:
        """Points for the share of passed checks among the decided ones (observed) and all of them (worst, best)."""
        states = [facts.checks.get(name) for name in {*facts.checks, *self.checks} - facts.waived]
        total = max(len(states), self.expected - len(facts.waived))
        passed, failed = states.count(True), states.count(False)
        if not total:
            return Points(None, 0.0, TOP)
        seen = self._of_share(passed, passed + failed) if passed + failed else None
        return Points(seen, self._of_share(passed, total), self._of_share(total - failed, total))

    def _of_share(self, passed: int, total: int) -> float:
        steps = enumerate(self.shares)
        return next((TOP - place for place, least in steps if passed >= least * total - 1e-9), 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One demand of a rung: alternatives of which one must hold, as written in the criteria files."""

    text: str
    checks: frozenset[str]
    measures: frozenset[str]
    tests: tuple[Callable[[Facts], bool | None], ...]

    def holds(self, facts: Facts) -> bool | None:
        """True or False where decided; None while it is open."""
        if len(self.tests) == 1:
            return self.tests[0](facts)
        states = [test(facts) for test in self.tests]
        if True in states:
            return True
        return None if None in states else False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One level of a ladder: its points and what it needs on top of all lower rungs."""

    points: float
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Points of the highest rung whose needs hold together with those of all rungs below it; none: 0.

    Rungs are cumulative, so a ladder can only rise. For ``observed`` open needs are passed over, but a rung counts
    only when something of its own is decided and more than half of all needs up to it are: neither a nicety at the top
    nor half of the floor earns anything while the rest of the floor is unknown.
    """

    rungs: tuple[Rung, ...]  # lowest first
    groups: Mapping[str, tuple[str, ...]]  # checks of which a rung may ask for a number
    checks: frozenset[str]
    measures: frozenset[str]
    kind: str = "ladder"
    expected: int = 0

    def points(self, facts: Facts) -> Points:
        """Points of the highest rung reached, in each view."""
        observed: float | None = None
        worst = best = 0.0
        certain, held, needs = True, 0, 0
        for place, rung in enumerate(self.rungs):
            states = _states(rung, facts)
            if False in states:
                return Points(observed if place else 0.0, worst, best)
            own, asked = states.count(True), len(states)
            held, needs, best = held + own, needs + asked, rung.points
            if own != asked:
                certain = False
            elif certain:
                worst = best
            if own and 2 * held > needs:
                observed = best
        return Points(observed, worst, best)


def _states(rung: Rung, facts: Facts) -> list[bool | None]:
    """The state of every need that was not waived as a whole; a rung without any is passed through."""
    waived = facts.waived
    if not waived:
        return [need.holds(facts) for need in rung.needs]
    return [need.holds(facts) for need in rung.needs if not need.checks or need.checks - waived]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Points given by people along bands of text; each decided piece carries one person's ``panel_score``."""

    bands: tuple[str, ...]  # six sentences, for 0 to 5 points
    kind: str = "judged"
    checks: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset({PANEL_SCORE})
    expected: int = 0

    def points(self, facts: Facts) -> Points:
        """The median of the scores given; scores still owed count as 0 (worst) or 5 (best)."""
        given = list(facts.measures.get(PANEL_SCORE, ()))
        owed = max(list(facts.checks.values()).count(None), 0 if given else 1)
        return Points(
            observed=_middle(given) if given else None,
            worst=_middle([*given, *[0.0] * owed]),
            best=_middle([*given, *[TOP] * owed]),
        )


def _middle(scores: list[float]) -> float:
    return min(max(median(scores), 0.0), TOP)


def count(*, checks: frozenset[str] = frozenset(), of: int = 0, shares: tuple[float, ...] = SHARES) -> Count:
    """A count over the named checks, ``of`` how many the criterion asks for in all."""
    falling = len(shares) == 5 and all(a > b for a, b in pairwise(shares))
    if not falling or not 0 < shares[-1] < shares[0] <= 1:
        raise RubricError(f"shares {shares} must be five falling numbers between 0 and 1, for 5, 4, 3, 2 and 1 points")
    return Count(checks=checks, expected=of, shares=shares)


def ladder(
    levels: Mapping[int, tuple[str, ...]],
    groups: Mapping[str, tuple[str, ...]] | None = None,
    told_by: Mapping[str, str] | None = None,
) -> Ladder:
    """A ladder from the needs of each level, as text.

    A need is a check name (``old_tls_is_refused``), a bound on a measure (``p99_upper_ms <= 100``), a number of a
    named group of checks (``12 of paths``), or alternatives of these parted by ``|``. ``told_by`` names the check that
    reports a measure: when that check failed or is not offered, and left no value, the bound is missed, not open.
    """
    words = _Words(groups or {}, told_by or {})
    rungs = tuple(
        Rung(points=float(level), needs=tuple(words.need(text, level) for text in levels[level]))
        for level in sorted(levels)
    )
    if not rungs or any(not rung.needs or not 1 <= rung.points <= TOP for rung in rungs):
        raise RubricError(f"levels {sorted(levels)}: a ladder needs levels between 1 and 5, each with a need")
    needs = [need for rung in rungs for need in rung.needs]
    checks = frozenset().union(*(need.checks for need in needs))
    measures = frozenset().union(*(need.measures for need in needs))
    for measure, check in words.told_by.items():
        if measure not in measures or check not in checks:
            raise RubricError(
                f"told_by.{measure} = {check!r}: the ladder does not name both; name them or drop the line"
            )
    return Ladder(rungs=rungs, groups=words.groups, checks=checks, measures=measures)


def lower(measure: str, target: float) -> Ladder:
    """A ladder for a measure of which less is better: half the target earns 5, three quarters 4, the target 3."""
    factors = {5: 0.5, 4: 0.75, 3: 1.0, 2: 1.5, 1: 2.5}
    return ladder({level: (f"{measure} <= {_plain(target * factor)}",) for level, factor in factors.items()})


def share(measure: str, target: float) -> Ladder:
    """A ladder for a share of which more is better: the target earns 3, half of the way from it to 1 earns 5."""
    limits = {5: (1 + target) / 2, 4: (1 + 3 * target) / 4, 3: target, 2: 0.85 * target, 1: 0.6 * target}
    return ladder({level: (f"{measure} >= {_plain(limit)}",) for level, limit in limits.items()})


def _plain(number: float) -> str:
    return f"{number:.12f}".rstrip("0").rstrip(".")


class _Words(NamedTuple):
    """What the text of a need may refer to."""

    groups: Mapping[str, tuple[str, ...]]
    told_by: Mapping[str, str]

    def need(self, text: str, level: int) -> Need:
        parts = [self.part(part.strip(), level) for part in text.split("|")]
        return Need(
            text=text,
            checks=frozenset().union(*(names for names, _, _ in parts)),
            measures=frozenset().union(*(measures for _, measures, _ in parts)),
            tests=tuple(test for _, _, test in parts),
        )

    def part(self, text: str, level: int) -> tuple[frozenset[str], frozenset[str], Callable[[Facts], bool | None]]:
        if bound := _BOUND.fullmatch(text):
            name, rising, limit = bound["measure"], bound["sign"] == ">=", float(bound["limit"])
            check = self.told_by.get(name, "")
            return frozenset(), frozenset({name}), lambda facts: _within(facts, name, check, limit, rising)
        if group := _GROUP.fullmatch(text):
            members, needed = self.groups.get(group["group"], ()), int(group["needed"])
            if not 0 < needed <= len(members):
                raise RubricError(
                    f"level {level}: {text!r} does not fit a group; name it under groups with enough checks"
                )
            return frozenset(members), frozenset(), lambda facts: _enough(facts, members, needed)
        if _NAME.fullmatch(text):
            return frozenset({text}), frozenset(), lambda facts: facts.checks.get(text)
        raise RubricError(f"level {level}: {text!r} is neither a check name, 'measure <= number' nor 'number of group'")


def _within(facts: Facts, measure: str, check: str, limit: float, rising: bool) -> bool | None:
    """Whether every value keeps the limit; without a value it is open, or missed with the check that would tell it."""
    values = facts.measures.get(measure)
    if not values:
        return False if facts.checks.get(check) is False else None
    return all(value >= limit if rising else value <= limit for value in values)


def _enough(facts: Facts, members: tuple[str, ...], needed: int) -> bool | None:
    states = [facts.checks.get(name) for name in members if name not in facts.waived]
    needed = min(needed, len(states))
    if states.count(True) >= needed:
        return True
    return False if len(states) - states.count(False) < needed else None
