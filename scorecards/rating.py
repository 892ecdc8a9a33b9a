"""rate(): the scoring policy, the only place where an outcome becomes a number."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from scenarios.evidence import Evidence, Grade, Outcome
from scorecards.criterion import Catalogue, Criterion
from scorecards.rubric import STATED, TOP, Facts

NONE: frozenset[str] = frozenset()
PASSED = Outcome.PASSED
DECIDED = frozenset(outcome for outcome in Outcome if outcome.decided)
STRENGTH = {grade: place for place, grade in enumerate(Grade)}  # weakest first
VENDORS_WORD = frozenset({Grade.STATEMENT, Grade.VENDOR_PAPER})  # proves no floor, only what it admits to lack
WHOLE_ROW = "*"  # the check name with which a named person waives a whole criterion


class UnknownCriterionError(ValueError):
    """Evidence that answers to no criterion of the catalogue."""


class Why(StrEnum):
    """The main reason for a rating; ``Catalogue.why`` holds the sentences."""

    NOT_APPLICABLE = "not_applicable"
    HARM = "harm"
    NOTHING_SEEN = "nothing_seen"
    MUST_RERUN = "must_rerun"
    STATED = "stated"
    CAPPED = "capped"
    FAILED = "failed"
    PARTLY_OPEN = "partly_open"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What one criterion is worth for one target, in points from 0 to 5, and how sure that is.

    ``observed`` counts decided checks only and is None when too little is decided; ``worst`` and ``best`` count open
    checks as failed and as passed; ``coverage`` is the decided share of the checks (0 to 1). ``cap`` is the most that
    the weakest decided ``grade`` allows. A row that is not ``applicable`` leaves every sum. ``checks`` says of every
    check whether it passed, failed or (None) is open, played or not; ``pieces`` is the evidence, one for each check.
    ``stated`` are the points that somebody's word gives the whole row where nothing was seen of it; else None.
    """

    target: str
    criterion: str
    observed: float | None
    worst: float
    best: float
    coverage: float
    why: Why
    grade: Grade | None = None
    cap: float = TOP
    harmed: bool = False
    must_rerun: bool = False
    applicable: bool = True
    checks: Mapping[str, bool | None] = field(default_factory=dict)
    pieces: tuple[Evidence, ...] = ()
    stated: float | None = None

    @property
    def passed_checks(self) -> tuple[str, ...]:
        """The checks that hold."""
        return self._with(True)

    @property
    def failed_checks(self) -> tuple[str, ...]:
        """The checks that do not hold, or that the product does not offer."""
        return self._with(False)

    @property
    def open_checks(self) -> tuple[str, ...]:
        """The checks without a decision, whether or not a scenario plays them yet."""
        return self._with(None)

    def _with(self, state: bool | None) -> tuple[str, ...]:
        return tuple(name for name, known in self.checks.items() if known is state)

    @property
    def latest(self) -> datetime | None:
        """When the youngest piece of evidence began."""
        return max((piece.started for piece in self.pieces), default=None)


@dataclass(frozen=True, slots=True)
class Ratings:
    """The ratings of every target on every row about targets, and of the committee on the rows about itself."""

    by_target: Mapping[str, Mapping[str, Rating]]
    process: Mapping[str, Rating]

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of the targets, in alphabetical order."""
        return tuple(self.by_target)

    def of(self, target: str, criterion: str) -> Rating:
        """The rating of one target on one criterion, whether about targets or the committee."""
        return self.process.get(criterion) or self.by_target[target][criterion]

    def __iter__(self) -> Iterator[Rating]:
        """Every rating, target by target, then those of the committee."""
        for rows in self.by_target.values():
            yield from rows.values()
        yield from self.process.values()


def rate_all(evidence: Iterable[Evidence], catalogue: Catalogue, targets: Iterable[str] = ()) -> Ratings:
    """Rate every target in the evidence, and any further ones named, on every row of the catalogue.

    Rows without evidence are rated too: nothing observed, 0 at worst, 5 at best, coverage 0. Raises
    ``UnknownCriterionError`` when evidence names a criterion that the catalogue lacks.
    """
    process = {criterion.id for criterion in catalogue.process}
    names, rows = set(targets), dict[tuple[str, str], list[Evidence]]()
    for piece in evidence:
        if piece.criterion not in catalogue.by_id:
            raise UnknownCriterionError(
                f"evidence of run {piece.run} names criterion {piece.criterion!r}, which the catalogue lacks; "
                "score it with the catalogue of its own version, or add the criterion"
            )
        own = piece.criterion in process
        names |= set() if own else {piece.target}
        rows.setdefault(("" if own else piece.target, piece.criterion), []).append(piece)
    return Ratings(
        {
            name: {one.id: rate(name, one, rows.get((name, one.id), ())) for one in catalogue.of_targets}
            for name in sorted(names)
        },
        {one.id: rate("", one, rows.get(("", one.id), ())) for one in catalogue.process},
    )


def rate(target: str, criterion: Criterion, evidence: Iterable[Evidence]) -> Rating:
    """Rate one target on one criterion from its evidence.

    A failed harm makes all three figures 0, an open one the worst case; a check of which nothing is known yet is open.
    Our own fault (``blocked``) is open too and asks for another run; ``not_applicable`` leaves the sum. Somebody's word
    for the whole row counts only where no check is decided: what was seen outweighs what was said.
    """
    pieces = latest(evidence)
    came = {piece.outcome for piece in pieces.values()}
    live, waived = (pieces, NONE) if Outcome.NOT_APPLICABLE not in came else _without_waived(pieces)
    if WHOLE_ROW in waived or (waived and not live and _all_of(criterion, waived)):
        return _left_out(target, criterion, tuple(pieces.values()))
    live, word = _parted(live)
    if word and not any(piece.outcome in DECIDED for piece in live.values()):
        return _as_stated(target, criterion, word, tuple(pieces.values()))
    facts = _facts(criterion, live, waived)
    harmed, in_doubt = _harms(criterion, live, facts)
    grade = _weakest(live.values())
    cap = 0.0 if harmed else TOP if grade is None else criterion.caps[grade]
    points = criterion.rubric.points(facts)
    best = min(points.best, cap)
    worst = 0.0 if in_doubt else min(points.worst, cap)
    seen = 0.0 if harmed else points.observed
    observed = None if seen is None else max(min(seen, best), worst)
    coverage = _coverage(criterion, facts)
    must_rerun = Outcome.BLOCKED in came
    return Rating(
        target=target,
        criterion=criterion.id,
        observed=observed,
        worst=worst,
        best=best,
        coverage=coverage,
        why=_why(harmed, must_rerun, grade is None, points.best > cap, False in facts.checks.values(), coverage < 1),
        grade=grade,
        cap=cap,
        harmed=harmed,
        must_rerun=must_rerun,
        checks=facts.checks,
        pieces=tuple(pieces.values()),
    )


def _without_waived(pieces: Mapping[str, Evidence]) -> tuple[Mapping[str, Evidence], frozenset[str]]:
    live = {name: piece for name, piece in pieces.items() if piece.outcome is not Outcome.NOT_APPLICABLE}
    return live, frozenset(pieces.keys() - live.keys())


def _parted(live: Mapping[str, Evidence]) -> tuple[Mapping[str, Evidence], tuple[Evidence, ...]]:
    """Return the checks, and apart from them what somebody says of the whole row."""
    word = tuple(piece for piece in live.values() if STATED in piece.measures)
    return ({name: piece for name, piece in live.items() if STATED not in piece.measures} if word else live), word


def _as_stated(target: str, criterion: Criterion, word: tuple[Evidence, ...], pieces: tuple[Evidence, ...]) -> Rating:
    """Rate a row of which there is nothing but words: the best proven one counts, the latest of those alike.

    A vendor's own word is no floor, but what it admits to lack is lacking: points within the cap of the grade bound the
    row from above. Points beyond the cap leave open what is above it.
    """
    told = max(word, key=lambda piece: (STRENGTH[piece.grade], piece.started, -piece.measures[STATED]))
    points, cap = min(max(told.measures[STATED], 0.0), TOP), criterion.caps[told.grade]
    worst = 0.0 if told.grade in VENDORS_WORD else min(points, cap)
    best = TOP if points > cap else points
    return Rating(
        target=target, criterion=criterion.id, observed=min(points, cap), worst=worst, best=best,
        coverage=0.0 if (worst, best) == (0.0, TOP) else 1.0, why=Why.STATED, grade=told.grade, cap=cap,
        checks=criterion.blank, pieces=pieces, stated=points,
    )  # fmt: skip


def _all_of(criterion: Criterion, waived: frozenset[str]) -> bool:
    return criterion.checks <= waived and len(waived) >= criterion.rubric.expected


def _harms(criterion: Criterion, live: Mapping[str, Evidence], facts: Facts) -> tuple[bool, bool]:
    """Whether a harm was seen, and whether one may yet be; what the product does not offer does none."""
    names = {name for name, piece in live.items() if piece.harm}.union(criterion.harms - facts.waived)
    if not names:
        return False, False
    harmed = any(live[name].outcome is Outcome.FAILED for name in names & live.keys())
    return harmed, any(facts.checks[name] is None for name in names)


def latest(evidence: Iterable[Evidence]) -> dict[str, Evidence]:
    """The piece that counts for each check: the one begun last; a correction wins over what began with it.

    The check names come in alphabetical order, so the order of the lines that were read changes nothing.
    """
    kept: dict[str, Evidence] = {}
    for piece in evidence:
        before = kept.get(piece.check)
        if before is None or _age(piece) > _age(before):
            kept[piece.check] = piece
    return {name: kept[name] for name in sorted(kept)}


def _age(piece: Evidence) -> tuple[datetime, bool, str, str]:
    return piece.started, piece.supersedes is not None, piece.run, piece.outcome.value


def _facts(criterion: Criterion, live: Mapping[str, Evidence], waived: frozenset[str]) -> Facts:
    checks: dict[str, bool | None] = {**criterion.blank}
    measures: dict[str, tuple[float, ...]] = {}
    for name, piece in live.items():
        outcome = piece.outcome
        if outcome not in DECIDED:
            checks[name] = None
            continue
        checks[name] = outcome is PASSED
        for measure, value in piece.measures.items():
            if value == value:  # a measure that is not a number proves nothing
                measures[measure] = (*measures.get(measure, ()), value)
    for name in waived:
        checks.pop(name, None)
    return Facts(checks=checks, waived=waived, measures=measures)


def _coverage(criterion: Criterion, facts: Facts) -> float:
    """Decided share of the checks; of the measures where the rubric names no check and none was played."""
    known = list(facts.checks.values())
    decided, total = len(known) - known.count(None), len(known)
    if criterion.rubric.expected > total:
        total = max(total, criterion.rubric.expected - len(facts.waived))
    if not total:
        wanted = criterion.rubric.measures
        decided, total = len(wanted & facts.measures.keys()), len(wanted)
    return decided / total if total else 0.0


def _weakest(pieces: Iterable[Evidence]) -> Grade | None:
    grades = {piece.grade for piece in pieces if piece.outcome in DECIDED}
    if len(grades) < 2:
        return next(iter(grades), None)
    return min(grades, key=STRENGTH.__getitem__)


def _why(harmed: bool, must_rerun: bool, unseen: bool, capped: bool, failed: bool, partly: bool) -> Why:
    """The first reason that holds, in the order in which they matter to a reader."""
    if harmed:
        return Why.HARM
    if must_rerun:
        return Why.MUST_RERUN
    if unseen:
        return Why.NOTHING_SEEN
    if capped:
        return Why.CAPPED
    if failed:
        return Why.FAILED
    return Why.PARTLY_OPEN if partly else Why.COMPLETE


def _left_out(target: str, criterion: Criterion, pieces: tuple[Evidence, ...]) -> Rating:
    return Rating(
        target=target,
        criterion=criterion.id,
        observed=None,
        worst=0.0,
        best=TOP,
        coverage=0.0,
        why=Why.NOT_APPLICABLE,
        applicable=False,
        pieces=pieces,
    )
