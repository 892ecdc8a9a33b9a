"""Knee: how many arrivals a second a target carries while it keeps a promise, found by pressing it again and again."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from loadtests.arithmetic.search import BeyondError, Block, Found, Length, enough, search
from loadtests.findings import signed
from loadtests.floor import Floor
from loadtests.headroom import CRITERION, PROMISE, SCENARIO, SCOPE, headroom
from loadtests.limits import peak
from loadtests.objectives import Objective, objective
from loadtests.result import LoadResult
from loadtests.tally import Tally
from loadtests.workload import Workload, WorkloadError, parse
from poc import acts
from poc.loadrun import press
from poc.pressing import planned
from poc.settings import Target
from scenarios.evidence import Evidence
from scenarios.folders import AssessmentFolder
from synthetic_data.bank import Bank

#: What one generator process is asked for at the most (arrivals a second) where nobody knows what it carries.
MOST_RATE = 3000.0
#: Connections that a trial opens at the most, and those beyond what a promise may have under way.
MOST_USERS, SPARE = 4000, 1.1


class SaturatedError(BeyondError):
    """The generator or the machine was at its end before the target; the text says at which rate."""


def knee(
    target: Target,
    bank: Bank,
    asked: Workload,
    promise: Objective,
    *,
    most: float = MOST_RATE,
    floor: Floor | None = None,
    tried: Callable[[LoadResult, bool], None] = lambda result, good: None,
) -> Found:
    """Return the highest rate at which a promise holds, confirmed over a minute; ``tried`` hears of every trial.

    Each trial is a run of its own: whoever was not answered counts as broken, and the next begins with empty queues.
    ``floor`` says what the generator carries: it is not asked for more. Raises SearchError, SaturatedError (nothing
    could be seen at any rate), PlanError or LoadError.
    """
    carried = most if floor is None else min(most, floor.rate * asked.rate / peak(asked))

    def attempt(rate: float, length: Length, seed: int) -> Sequence[Block]:
        load = shaped(asked, promise, rate, length, seed)
        counted = Counted(promise, load, length)
        result = press(planned(target, bank, load), watch=counted)
        blocks = counted.blocks if counted.over else counted.blocks_with(result.unfinished)
        good = sum(one.bad for one in blocks) <= promise.allowed * sum(one.requests for one in blocks)
        # that the trial was ended when it was decided does not make it worthless
        seen = replace(result, stopped_early=False)
        if why := seen.starved(promise.limit_ms) if good else seen.excuse(promise.limit_ms):
            raise SaturatedError(
                f"at {rate:.0f}/s {why}: what the target carries there cannot be seen from here. "
                "Begin lower with --start, or let the target run on a machine of its own"
            )
        tried(result, good)
        return blocks

    return search(attempt, asked.rate, promise.allowed, most=carried, seed=asked.seed)


def claimed(
    known: Target,
    bank: Bank,
    runs: AssessmentFolder,
    found: Found | None,
    asked: Workload,
    *,
    began: float,
    seconds: float,
    ended: str = "",
) -> tuple[Evidence, ...]:
    """Put what a search for the promise of PER-01 found into a target's run as evidence, and return it.

    ``found`` is None where the search broke off, ``ended`` says why.
    """
    judged = headroom(found, objective(SCOPE, PROMISE), asked.claimed_rate, ended)
    pieces = signed(
        judged, run=runs.name, target=known.name, criterion=CRITERION, scenario=SCENARIO, began=began, seconds=seconds
    )
    acts.add(pieces, known, bank, runs)
    return pieces


class Counted:
    """Counts a trial into blocks while it goes on, and ends it when they decide it."""

    def __init__(self, promise: Objective, load: Workload, length: Length) -> None:
        """Begin before the first second."""
        self._promise, self._settle, self._length = promise, load.warm_up, length
        self._seconds: list[Tally] = []
        self.refuted: dict[str, object] = {}

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Return the blocks that are whole."""
        length = round(self._length.block)
        parts = [self._seconds[at : at + length] for at in range(0, len(self._seconds) - length + 1, length)]
        return tuple(Block(sum(n for n, _ in part), sum(bad for _, bad in part)) for part in parts)

    @property
    def over(self) -> bool:
        """Whether the blocks decide the trial."""
        return enough(self.blocks, self._length, self._promise.allowed)

    def see(self, second: int, tallies: Mapping[str, Sequence[int]]) -> None:
        """Take in a second."""
        if second >= self._settle:
            self._seconds.append(Tally(*tallies[self._promise.name]))

    def blocks_with(self, lost: int) -> tuple[Block, ...]:
        """Return the blocks, and one more of those who never got an answer: they broke the promise."""
        return (*self.blocks, Block(lost, lost)) if lost > 0 else self.blocks


def shaped(asked: Workload, promise: Objective, rate: float, length: Length, seed: int) -> Workload:
    """Return a workload as one trial: steady, at a rate, with the trial's settling time as its warm-up.

    It has as many connections as the promise lets be under way (Little 1961): if they do not suffice, that breaks it.
    """
    if asked.arrivals == "closed":
        raise WorkloadError("arrivals = 'closed': a rate can be searched with open arrivals only, poisson or constant")
    change = {"profile": "steady", "rate": rate, "forecast": rate, "seed": seed, "warm_up": length.settle}
    plain = {name: value for name, value in asked.as_dict().items() if name != "batch"}
    promised = {"objectives": {promise.scope: [promise.text]}}
    trial = parse({**plain, **change, **promised, "seconds": length.block * length.most})
    under_way = SPARE * peak(trial) * (promise.limit_ms or 0.0) / 1000
    return trial.with_users(min(MOST_USERS, max(asked.users, math.ceil(under_way))))
