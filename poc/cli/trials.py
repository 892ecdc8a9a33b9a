"""touchstone run: the scenarios are played on a target that holds a bank.

The rooms that do it are imported where they are needed, so that help and a wrong word are answered at once.
"""

import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from poc import archive
from poc.cli.faults import MISSED
from poc.cli.voice import AsJson, progress, tell
from poc.settings import TARGETS, target
from scenarios.evidence import Evidence, Outcome
from scenarios.folders import AssessmentFolder

if TYPE_CHECKING:
    from poc.acts import AnyScenario

TargetName = Annotated[str, typer.Argument(help="Name of a target that the targets file lists.")]
BankFolder = Annotated[Path, typer.Option(help="Folder of the bank, as 'touchstone bank generate' wrote it.")]
Listed = Annotated[Path, typer.Option(help="The file that lists the targets.")]
Kept = Annotated[Path, typer.Option(help="Folder that assessments are kept in.")]
Id = Annotated[
    str | None, typer.Option("--id", help="Name of the assessment; a new one by date and time if not named.")
]


def run(
    name: TargetName,
    bank: BankFolder,
    assessment: Id = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Play only this criterion, such as SEC-02; may be given again.")
    ] = None,
    resume: Annotated[bool, typer.Option(help="Go on with a run that was broken off; what is done is kept.")] = False,
    retry_blocked: Annotated[bool, typer.Option(help="With --resume: play again what our own bench failed.")] = False,
    scan: Annotated[bool, typer.Option(help="Also have the scanners look that 'touchstone tools list' tells.")] = False,
    full: Annotated[
        bool, typer.Option(help="Play in the full size and time of their rows the stories that are usually cut short.")
    ] = False,
    targets: Listed = TARGETS,
    runs: Kept = archive.RUNS,
    as_json: AsJson = False,
) -> None:
    """Play the scenarios on a target; leaves with 99 if a check failed whose failure nothing makes up for."""
    from poc import acts
    from synthetic_data.files import read

    known, grown, folder = target(name, targets), read(bank), folder_of(assessment, runs, resume=resume)
    stories = (*chosen(only or []), *(scanned(only or []) if scan else ()))
    harmed: list[Evidence] = []
    with progress(quiet=as_json) as report:
        counted = acts.play(
            known,
            grown,
            folder,
            tuple(one.in_full() for one in stories) if full else stories,
            progress=lambda _, done, total: report(f"scenarios on {name}", done, total),
            resume=resume,
            retry_blocked=retry_blocked,
            each=lambda piece: harmed.append(piece) if piece.harm and piece.outcome is Outcome.FAILED else None,
        )
    told: dict[str, object] = {outcome.value: count for outcome, count in counted.items() if count}
    tell({"run": str(folder.of(name)), **told, "harm": [piece.check for piece in harmed]}, as_json=as_json)
    if harmed:
        raise typer.Exit(MISSED)


def folder_of(name: str | None, runs: Path, *, resume: bool) -> AssessmentFolder:
    """Return the folder of an assessment: the named one, the youngest to go on with, or a new one."""
    if name is None and resume:
        name = archive.latest(runs).name
    return AssessmentFolder(runs, name or datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ"))


def chosen(criteria: list[str]) -> "tuple[AnyScenario, ...]":
    """Return the scenarios of some criteria, all if none is named; an unknown one is told with the known ones."""
    from scenarios.library import catalogue

    known = Counter(one.criterion for one in catalogue())
    for criterion in criteria:
        if criterion not in known:
            played = " ".join(sorted(known))
            raise typer.BadParameter(f"{criterion!r} has no scenario; played are {played}", param_hint="--only")
    return tuple(one for one in catalogue() if not criteria or one.criterion in criteria)


def scanned(criteria: list[str]) -> "tuple[AnyScenario, ...]":
    """Return the stories of scanners for some criteria, all if none is named; a tool that is missing is told."""
    from poc.connectors.connect import cache
    from poc.connectors.tools import tool
    from scenarios.library.security.scanners import SCANNED

    wanted = {name: one for name, one in SCANNED.items() if not criteria or one.criterion in criteria}
    for name in wanted:
        if tool(name).command(cache(os.environ) / "tools") is None:
            raise typer.BadParameter(tool(name).remedy, param_hint="--scan")
    return tuple(wanted.values())
