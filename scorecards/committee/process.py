"""Process: the twelve stages from needs to go-live, what each needs to begin and end, and how cleanly it went."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from importlib import resources

from scorecards.methods.tables import TableError


class State(StrEnum):
    """Where a stage stands."""

    WAITING = "waiting"
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Something that should be there: its id, what it says, and how much it counts for the integrity of the process.

    What is not ``needed`` holds up no stage: it cannot be made good, and is told by the integrity alone.
    """

    id: str
    text: str
    text_zh: str
    weight: float = 1.0
    needed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage: the criterion it answers to, its ISO/IEC 25040 phase, what must be done before, entry and exit demands.

    ``owner`` is the role that answers for it.
    """

    id: str
    title: str
    title_zh: str
    phase: str
    owner: str
    after: tuple[str, ...]
    entry: tuple[Demand, ...]
    exit: tuple[Demand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """Something that shows a demand met: a file's hash or a run's, who brought it, and when."""

    stage: str
    demand: str
    sha256: str
    by: str
    at: datetime
    note: str = ""


def stages() -> tuple[Stage, ...]:
    """Return the twelve stages in their order."""
    document = tomllib.loads((resources.files(__package__) / "stages.toml").read_text("utf-8"))
    return tuple(
        Stage(
            id=name, title=one["title"], title_zh=one["title_zh"], phase=one["phase"], owner=one["owner"],
            after=tuple(one.get("after", ())), entry=_demands(one.get("entry", {})), exit=_demands(one["exit"]),
        )
        for name, one in document.items()
    )  # fmt: skip


def _demands(given: Mapping[str, Mapping[str, str | float | bool]]) -> tuple[Demand, ...]:
    return tuple(
        Demand(id=name, text=str(one["text"]), text_zh=str(one["text_zh"]), weight=float(one.get("weight", 1.0)),
               needed=bool(one.get("needed", True)))
        for name, one in given.items()
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a selection is; ``began`` and ``ended`` tell the moments of stages, ``skipped`` why one was left out."""

    began: Mapping[str, datetime] = field(default_factory=dict)
    ended: Mapping[str, datetime] = field(default_factory=dict)
    skipped: Mapping[str, str] = field(default_factory=dict)
    artefacts: tuple[Artefact, ...] = ()

    def state(self, stage: Stage) -> State:
        """Return where a stage stands."""
        if stage.id in self.skipped:
            return State.SKIPPED
        if stage.id in self.ended:
            return State.DONE
        return State.OPEN if stage.id in self.began else State.WAITING

    def met(self, stage: Stage) -> frozenset[str]:
        """Return the demands of a stage that an artefact shows met."""
        return frozenset(one.demand for one in self.artefacts if one.stage == stage.id)

    def missing(self, stage: Stage, *, at: str = "exit") -> tuple[Demand, ...]:
        """Return the entry or exit demands of a stage that hold it up: nothing shows them met."""
        demands = stage.entry if at == "entry" else stage.exit
        return tuple(one for one in demands if one.needed and one.id not in self.met(stage))


def begin(progress: Progress, stage: Stage, at: datetime, known: Iterable[Stage]) -> Progress:
    """Return the progress with a stage begun; raises TableError naming the stage before or the demand missing."""
    names = {one.id: one for one in known}
    for before in stage.after:
        if progress.state(names[before]) not in (State.DONE, State.SKIPPED):
            raise TableError(
                f"stage {stage.id}: {before} ({names[before].title}) is not done; end it, or skip it with a reason"
            )
    if missing := progress.missing(stage, at="entry"):
        raise TableError(f"stage {stage.id}: {missing[0].text} is not shown; attach what shows it")
    return Progress(
        began={**progress.began, stage.id: at},
        ended=progress.ended,
        skipped=progress.skipped,
        artefacts=progress.artefacts,
    )


def end(progress: Progress, stage: Stage, at: datetime) -> Progress:
    """Return the progress with a stage ended; raises TableError while it is not open or an exit demand is not met."""
    if progress.state(stage) is not State.OPEN:
        raise TableError(f"stage {stage.id}: it is {progress.state(stage).value}, not open; begin it first")
    if missing := progress.missing(stage):
        raise TableError(f"stage {stage.id}: {missing[0].text} is not shown; attach what shows it")
    return Progress(
        began=progress.began,
        ended={**progress.ended, stage.id: at},
        skipped=progress.skipped,
        artefacts=progress.artefacts,
    )


def skip(progress: Progress, stage: Stage, reason: str) -> Progress:
    """Return the progress with a stage left out for a reason, which the integrity shows; raises TableError without."""
    if len(reason.strip()) < 10:
        raise TableError(f"stage {stage.id}: skipping needs a reason that a reader understands; write a sentence")
    return Progress(
        began=progress.began, ended=progress.ended, skipped={**progress.skipped, stage.id: reason.strip()},
        artefacts=progress.artefacts,
    )  # fmt: skip


def shown(progress: Progress, artefact: Artefact, known: Iterable[Stage]) -> Progress:
    """Return the progress with an artefact attached; raises TableError for an unknown stage, demand or hash."""
    names = {one.id: {demand.id for demand in (*one.entry, *one.exit)} for one in known}
    if artefact.demand not in names.get(artefact.stage, set()):
        raise TableError(
            f"artefact: {artefact.stage}/{artefact.demand} is no demand of the process; choose one of its list"
        )
    if len(artefact.sha256) != 64 or set(artefact.sha256) - set("0123456789abcdef"):
        raise TableError("artefact: sha256 is not 64 hexadecimal digits; attach the file itself")
    return Progress(
        began=progress.began, ended=progress.ended, skipped=progress.skipped, artefacts=(*progress.artefacts, artefact)
    )


def under_way(progress: Progress, stage: Stage) -> bool:
    """Return whether a stage began, ended, was skipped, or something of it is shown already."""
    return progress.state(stage) is not State.WAITING or bool(progress.met(stage))


def integrity(progress: Progress, known: Iterable[Stage]) -> float:
    """Return how cleanly the process was done so far, 0 to 100, beside the ranking and never mixed into it.

    The weighted share of demands met, over stages that are under way, ended or were skipped; a skipped stage's demands
    count as not met. 0 before anything began.
    """
    met = total = 0.0
    for stage in known:
        if not under_way(progress, stage):
            continue
        demands = (*stage.entry, *stage.exit)
        total += sum(one.weight for one in demands)
        if progress.state(stage) is not State.SKIPPED:
            met += sum(one.weight for one in demands if one.id in progress.met(stage))
    return 100.0 * met / total if total else 0.0
