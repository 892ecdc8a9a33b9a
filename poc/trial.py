"""trial(): the instrument on trial: which check notices which planted defect, and does the good CRM pass them all?

A check that cannot fail proves nothing. So each scenario must notice at least one planted defect, each defect must be
noticed by a check that is there for it, and the unspoilt reference CRM must not fail. The matrix that comes out is the
calibration certificate of the workbench.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from threading import Lock
from typing import Any, NamedTuple

from loadtests.harvest import CRITERION as LOADED
from loadtests.harvest import SCENARIO as LOAD
from poc import acts
from poc.connectors.connect import connect
from poc.lab.house import House
from poc.leak_surface import leak_surface
from poc.mutants.bundles import WEAKENED
from poc.mutants.catalogue import ABSENT
from poc.mutants.mutant import Mutant
from poc.settings import Target, target
from scenarios.evidence import Evidence, Outcome
from scenarios.folders import AssessmentFolder
from scenarios.runner import run
from scenarios.scenario import Scenario
from synthetic_data.bank import Bank

#: How many systems are on trial at the same time: they wait for half of their time, so more than the two cores we need.
AT_ONCE = 4
#: Load under which a stall shows: arrivals a second, and seconds.
RATE, SECONDS = 100.0, 22.0
#: How much leaks in the present system of the bank of a trial (SEC-22): the least, so that any leak is no improvement.
PRESENT_LEAKS = 1
#: A scenario says in one of these ways that it noticed something; a harness fault says nothing about the product.
NOTICED = frozenset({Outcome.FAILED, Outcome.UNSUPPORTED})
WRONG = frozenset({Outcome.FAILED, Outcome.UNSUPPORTED, Outcome.BLOCKED})
#: Which of several ends of a check counts when the good CRM was played more than once: the first of these that it had.
GRAVEST = (Outcome.FAILED, Outcome.BLOCKED, Outcome.UNSUPPORTED)

Tell = Callable[[str, int, int], None]


class CheckId(NamedTuple):
    """A check by its criterion, its scenario and its own name."""

    criterion: str
    scenario: str
    check: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One mutant: which scenarios were played on it and which checks noticed it.

    ``missed`` are the checks that are there for it and did not notice it, ``blocked`` those that our own bench could
    not make, ``fault`` says why it did not run at all.
    """

    mutant: str
    defect: str
    played: frozenset[str]
    killed_by: frozenset[CheckId]
    missed: frozenset[str] = frozenset()
    blocked: frozenset[CheckId] = frozenset()
    fault: str = ""
    precedent: str = ""

    @property
    def killers(self) -> frozenset[str]:
        """Return the scenarios that noticed it."""
        return frozenset(one.scenario for one in self.killed_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The kill matrix: what the good CRM did, and a line for each mutant.

    The good CRM was played ``plays`` times: ``good`` is the gravest end that each check had, ``alarms`` counts in how
    many plays a check blamed it.
    """

    scenarios: tuple[str, ...]
    good: Mapping[CheckId, Outcome]
    lines: tuple[Line, ...]
    plays: int = 1
    alarms: Mapping[CheckId, int] = field(default_factory=dict)

    @property
    def survivors(self) -> tuple[str, ...]:
        """Return the mutants that nothing noticed."""
        return tuple(line.mutant for line in self.lines if not line.killed_by)

    @property
    def toothless(self) -> tuple[str, ...]:
        """Return the scenarios that noticed no mutant; none where no mutant was tried."""
        if not self.lines:
            return ()
        biting = {killer for line in self.lines for killer in line.killers}
        return tuple(name for name in self.scenarios if name not in biting)

    @property
    def unbitten(self) -> tuple[CheckId, ...]:
        """Return the single checks that noticed no mutant, though their scenario may have."""
        biting = {one for line in self.lines for one in line.killed_by}
        return tuple(one for one in sorted(self.good) if one not in biting)

    @property
    def missed(self) -> tuple[str, ...]:
        """Return ``mutant: check`` for each check that is there for a mutant and did not notice it."""
        return tuple(f"{line.mutant}: {check}" for line in self.lines for check in sorted(line.missed))

    @property
    def complaints(self) -> tuple[CheckId, ...]:
        """Return the checks that the good CRM failed, or that our own bench could not make.

        What it is known not to offer (``ABSENT``) and says so is none of them.
        """
        return tuple(
            one
            for one, outcome in sorted(self.good.items())
            if outcome in WRONG and not (one.check in ABSENT and outcome is Outcome.UNSUPPORTED)
        )

    @property
    def sound(self) -> bool:
        """Whether the instrument may be trusted: no survivor, no toothless scenario, no complaint."""
        return not (self.survivors or self.toothless or self.complaints)


@dataclass(slots=True)
class Court:
    """Where systems are tried: the lab, the bank that is inside each of them, and what is asked of them."""

    house: House
    bank: Bank
    scenarios: Sequence[Scenario[Any]]
    original: Target
    load: bool
    _one_at_a_time: Lock = field(default_factory=Lock)

    @classmethod
    def opened(cls, house: House, bank: Bank, scenarios: Sequence[Scenario[Any]], *, load: bool) -> "Court":
        """Fill one reference CRM with users and the bank, and stop it: all that are tried begin as its copies."""
        listed = house.folder / "trial.toml"
        tenancy = acts.serve(house, "trial", targets=listed)
        try:
            original = acts.admit(target("trial", listed), bank, house, targets=listed)
            acts.pour(original, bank)
        finally:
            tenancy.service.stop()
        return cls(house, bank, scenarios, original, load)

    def good(self, play: int = 0) -> dict[CheckId, Outcome]:
        """Return what every check said of the unspoilt reference CRM; it is pressed in the first play only."""
        return outcomes(self._played(f"good-{play}", (), self.scenarios, load=self.load and not play))

    def good_again(self, plays: int, step: Callable[[], None]) -> list[dict[CheckId, Outcome]]:
        """Play the unspoilt reference CRM so often, one play after the other on one system, which is in use then."""
        found: list[dict[CheckId, Outcome]] = []
        with self._served("good", ()) as known:
            for play in range(plays):
                found.append(outcomes(self._seen(self.scenarios, known, f"trial-{play}")))
                step()
        return found

    def line(self, mutant: Mutant, good: Mapping[CheckId, Outcome], *, full: bool = False) -> Line:
        """Play on one mutant what should notice it (``full``: everything), and tell what did."""
        chosen = [one for one in self.scenarios if full or _is_there_for(one, mutant)]
        load = self.load and _needs_load(mutant, good)
        played = frozenset([*(one.name for one in chosen), *([LOAD] if load else [])])
        try:
            seen = outcomes(self._played(f"mutant-{mutant.name}", (mutant.name,), chosen, load=load))
        except Exception as fault:  # a mutant that does not even run is told as such, the others still are on trial
            text = f"{type(fault).__name__}: {fault}"
            line = Line(mutant=mutant.name, defect=mutant.defect, played=played, killed_by=frozenset(), fault=text)
            return replace(line, precedent=mutant.precedent)
        return judged(mutant, played, seen, good)

    def _played(
        self, name: str, mutants: Sequence[str], scenarios: Sequence[Scenario[Any]], *, load: bool
    ) -> tuple[Evidence, ...]:
        with self._served(name, mutants) as known:
            seen = self._seen(scenarios, known, "trial")
            return (*seen, *self._pressed(known)) if load else seen

    def _seen(self, scenarios: Sequence[Scenario[Any]], known: Target, run_id: str) -> tuple[Evidence, ...]:
        """Play scenarios and return their evidence, with what follows from it."""
        seen = tuple(run(scenarios, connect(known), self.bank, run_id=run_id, target=known.name))
        found = leak_surface(seen, PRESENT_LEAKS)
        return seen if found is None else (*seen, found)

    @contextmanager
    def _served(self, name: str, mutants: Sequence[str]) -> Iterator[Target]:
        """Serve a copy of the reference CRM while the block lasts."""
        listed = self.house.folder / f"trial-{name}.toml"
        labels = (WEAKENED,) if mutants else ()
        with self._one_at_a_time:  # a database is copied while nobody else copies it
            tenancy = acts.twin(
                self.house, self.original, name, targets=listed, mutants=mutants, labels=labels, title=name
            )
        try:
            yield target(name, listed)
        finally:
            tenancy.service.stop()
            listed.unlink(missing_ok=True)

    def _pressed(self, known: Target) -> tuple[Evidence, ...]:
        runs = AssessmentFolder(self.house.folder / "trial-loads", "trial")
        return acts.load(known, self.bank, runs, rate=RATE, seconds=SECONDS)[1]


def trial(
    house: House,
    bank: Bank,
    mutants: Sequence[Mutant],
    scenarios: Sequence[Scenario[Any]],
    *,
    full: bool = False,
    load: bool = False,
    repeats: int = 1,
    report: Tell = lambda name, done, total: None,
) -> Matrix:
    """Play the scenarios on the good CRM, then on each mutant those that should notice it (``full``: all of them).

    With ``load`` the load test is played too, on the good CRM and on those that only load betrays; without it these
    are left out. The good CRM is played ``repeats`` times, each time as a new copy, since an alarm may be false now
    and then only. Raises what the acts raise when the good CRM does not serve.
    """
    asked = {check.name for one in scenarios for check in one.checks}
    tried = [one for one in mutants if load or asked.intersection(one.killed_by)]
    step = _steps(report, len(tried) + repeats + 1)
    court = Court.opened(house, bank, scenarios, load=load)
    step()
    plays = [court.good()]
    step()

    def again(play: int) -> None:
        plays.append(court.good(play))
        step()

    def one(mutant: Mutant) -> Line:
        line = court.line(mutant, plays[0], full=full)
        step()
        return line

    pressed = [mutant for mutant in tried if load and _needs_load(mutant, plays[0])]
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        repeated = pool.map(again, range(1, repeats))
        lines = tuple(pool.map(one, [mutant for mutant in tried if mutant not in pressed]))
        list(repeated)  # a play of the good CRM that did not even run is raised here
    finally:
        pool.shutdown(cancel_futures=True)  # whoever interrupts a trial does not want the rest of its queue played
    lines = (*lines, *(one(mutant) for mutant in pressed))
    names = tuple(story.name for story in scenarios) + ((LOAD,) if load else ())
    return summed(names, plays, lines)


def good_alone(
    house: House,
    bank: Bank,
    scenarios: Sequence[Scenario[Any]],
    plays: int,
    report: Tell = lambda name, done, total: None,
) -> Matrix:
    """Play the good CRM alone and again and again, without a new copy each time: does a check blame it now and then?

    Raises what the acts raise when it does not serve.
    """
    step = _steps(report, plays + 1)
    court = Court.opened(house, bank, scenarios, load=False)
    step()
    return summed(tuple(story.name for story in scenarios), court.good_again(plays, step), ())


def _steps(report: Tell, total: int) -> Callable[[], None]:
    done = count(1)
    report("trial", 0, total)
    return lambda: report("trial", next(done), total)


def summed(scenarios: tuple[str, ...], plays: Sequence[Mapping[CheckId, Outcome]], lines: Iterable[Line]) -> Matrix:
    """Return the matrix of some plays of the good CRM and of the mutants' lines.

    A check that blamed the good CRM in any play proves nothing about a mutant, so its kills are struck out.
    """
    alarms = Counter(one for play in plays for one, outcome in play.items() if outcome is Outcome.FAILED)
    good = {one: _gravest([play[one] for play in plays if one in play]) for play in plays for one in play}
    kept = tuple(replace(line, killed_by=line.killed_by - alarms.keys()) for line in lines)
    return Matrix(scenarios=scenarios, good=good, lines=kept, plays=len(plays), alarms=alarms)


def _gravest(ends: Sequence[Outcome]) -> Outcome:
    return next((grave for grave in GRAVEST if grave in ends), ends[0])


def of_dimension(scenarios: Iterable[Scenario[Any]], code: str) -> tuple[Scenario[Any], ...]:
    """Return the scenarios whose criteria belong to a dimension: ``SEC`` for SEC-01 and so on."""
    return tuple(one for one in scenarios if one.criterion.startswith(f"{code}-"))


def judged(
    mutant: Mutant, played: frozenset[str], seen: Mapping[CheckId, Outcome], good: Mapping[CheckId, Outcome]
) -> Line:
    """Compare what checks said of a mutant and of the good CRM: noticed is what only the mutant fails.

    A check that is no part of this trial, such as one of another dimension, has missed nothing.
    """
    killed = frozenset(
        one for one, outcome in seen.items() if outcome in NOTICED and good.get(one, Outcome.BLOCKED) not in WRONG
    )
    return Line(
        mutant=mutant.name,
        defect=mutant.defect,
        played=played,
        killed_by=killed,
        missed=frozenset(mutant.killed_by).intersection(one.check for one in good) - {one.check for one in killed},
        blocked=frozenset(one for one, outcome in seen.items() if outcome is Outcome.BLOCKED),
        precedent=mutant.precedent,
    )


def outcomes(evidence: Iterable[Evidence]) -> dict[CheckId, Outcome]:
    """Return how each check ended."""
    return {CheckId(piece.criterion, piece.scenario, piece.check): piece.outcome for piece in evidence}


def for_these(scenarios: Iterable[Scenario[Any]], mutants: Iterable[Mutant]) -> tuple[Scenario[Any], ...]:
    """Return the scenarios that are there for some of the mutants."""
    some = tuple(mutants)
    return tuple(one for one in scenarios if any(_is_there_for(one, mutant) for mutant in some))


def one_for_each(scenarios: Sequence[Scenario[Any]], mutants: Sequence[Mutant]) -> tuple[Mutant, ...]:
    """Return as few mutants as it takes for every scenario to have one that is there for it, in their order.

    Of equally useful ones the later is taken: those that take long stand first.
    """
    useful = {one.name: {story.name for story in scenarios if _is_there_for(story, one)} for one in mutants}
    left, taken = set().union(*useful.values()), set[str]()
    while left:
        best = max(reversed(mutants), key=lambda one: len(useful[one.name] & left))
        taken.add(best.name)
        left -= useful[best.name]
    return tuple(one for one in mutants if one.name in taken)


def _is_there_for(one: Scenario[Any], mutant: Mutant) -> bool:
    return any(check.name in mutant.killed_by for check in one.checks)


def _needs_load(mutant: Mutant, good: Mapping[CheckId, Outcome]) -> bool:
    return any(one.check in mutant.killed_by for one in good if one.criterion == LOADED)
