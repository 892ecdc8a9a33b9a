"""touchstone demo and trial: the whole corridor in one go, and the instrument itself on trial."""

import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from poc import archive
from poc.cli.crm import LAB
from poc.cli.faults import MISSED, STOPPED
from poc.cli.judging import show
from poc.cli.orders import carried_out
from poc.cli.voice import AsJson, progress, tabulate, tell
from poc.orders import Order, give
from scenarios.folders import AssessmentFolder

if TYPE_CHECKING:
    from poc.mutants.mutant import Mutant
    from poc.trial import Matrix


def demo(
    customers: Annotated[int, typer.Option(help="How many customers the bank has.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed and size give the same bank everywhere.")] = 1,
    rate: Annotated[float, typer.Option(help="Arrivals a second of the load test.")] = 400,
    seconds: Annotated[float, typer.Option(help="Seconds of the load test that count.")] = 30,
    at_once: Annotated[int, typer.Option(help="On how many systems scenarios are played at the same time.")] = 3,
    lab: Annotated[Path, typer.Option(help="Folder of the lab: databases, keys, logs.")] = LAB,
    runs: Annotated[Path, typer.Option(help="Folder that assessments are kept in.")] = archive.RUNS,
    as_json: AsJson = False,
) -> None:
    """Go from nothing to a scorecard: a bank, the reference CRM, two weakened copies, scenarios, load, report.

    It is an order like those of the workbench, and can be watched there; one that was stopped can be gone on with.
    """
    from poc.assessment import opened  # only here: they bring every room of the house along
    from poc.candidates import candidates
    from poc.report import write

    folder = AssessmentFolder(runs, datetime.now(UTC).strftime("demo-%Y-%m-%dT%H-%M-%SZ"))
    asked = {"customers": customers, "seed": seed, "rate": rate, "seconds": seconds, "at_once": at_once, "lab": lab}
    give(folder, Order.model_validate({"systems": tuple(candidates()), **asked}))
    if carried_out(folder, quiet=as_json) == "stopped":
        tell({"go_on": f"touchstone carry-out {folder.name} --runs {runs}"}, as_json=as_json)
        raise typer.Exit(STOPPED)
    seen = opened(folder.path)
    pages = [str(page) for page in write(seen, folder.path)]
    show(seen.scorecard, as_json=as_json)
    if not as_json:
        tell({"runs": str(folder.path), "report": pages, "look": "make app"}, as_json=False)


def trial(
    customers: Annotated[int, typer.Option(help="How many customers the bank of the trial has.")] = 300,
    seed: Annotated[int, typer.Option(help="The same seed and size give the same bank everywhere.")] = 1,
    mutant: Annotated[list[str] | None, typer.Option(help="Only this mutant; may be given again.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Try all mutants, not one for each scenario only.")] = False,
    full: Annotated[bool, typer.Option(help="Play every scenario on every mutant, not only those it must die of.")] = (
        False
    ),
    load: Annotated[bool, typer.Option(help="Play the load test too, and try what only load betrays.")] = False,
    write: Annotated[Path | None, typer.Option(help="File to write the kill matrix to, as Markdown.")] = None,
    lab: Annotated[Path | None, typer.Option(help="Folder of a lab to use; one for this trial if not named.")] = None,
    as_json: AsJson = False,
) -> None:
    """Put the instrument itself on trial: plant defects in the reference CRM and see which check notices which.

    Leaves with 99 if a mutant survives, a scenario notices nothing, or the good CRM fails a check. With some mutants
    named, the scenarios that are there for them are played, and no others.
    """
    from poc.calibration import calibration  # only here: help and a wrong word are answered at once
    from poc.lab.house import House
    from poc.mutants.catalogue import WHY_UNBITTEN, mutants
    from poc.trial import for_these, one_for_each
    from poc.trial import trial as tried
    from scenarios.library import catalogue
    from synthetic_data.generator import generate

    known = mutants() if every or mutant or load else one_for_each(catalogue(), mutants())
    chosen = _chosen({one.name: one for one in known}, mutant or [])
    stories = for_these(catalogue(), chosen) if mutant else catalogue()
    with ExitStack() as stack:
        folder = lab or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="touchstone-trial-")))
        report = stack.enter_context(progress(quiet=as_json))
        bank = generate(seed=seed, customers=customers).bank
        house = stack.enter_context(House.open(folder))
        matrix = tried(house, bank, chosen, stories, full=full, load=load, report=report)
    if write is not None:
        inside = f"a bank of {customers} customers, seed {seed}"
        write.write_text(calibration(matrix, bank=inside, why_unbitten=WHY_UNBITTEN), encoding="utf-8")
    _tell_matrix(matrix, as_json=as_json)
    if not matrix.sound:
        raise typer.Exit(MISSED)


def _chosen(known: "dict[str, Mutant]", names: list[str]) -> "list[Mutant]":
    for name in names:
        if name not in known:
            raise typer.BadParameter(f"{name!r} is unknown; there are {' '.join(sorted(known))}", param_hint="--mutant")
    return [known[name] for name in names] if names else list(known.values())


def _tell_matrix(matrix: "Matrix", *, as_json: bool) -> None:
    rows: list[dict[str, object]] = [
        {
            "mutant": line.mutant,
            "defect": line.defect,
            "killed_by": sorted(f"{one.criterion} {one.check}" for one in line.killed_by),
            "fault": line.fault,
        }
        for line in matrix.lines
    ]
    sums: dict[str, object] = {
        "mutants": len(matrix.lines),
        "survivors": list(matrix.survivors),
        "toothless": list(matrix.toothless),
        "complaints": [f"{one.criterion} {one.check}" for one in matrix.complaints],
        "missed": list(matrix.missed),
        "checks": len(matrix.good),
        "unbitten": [f"{one.criterion} {one.check}" for one in matrix.unbitten],
        "sound": matrix.sound,
    }
    if as_json:
        tell({"lines": rows, **sums}, as_json=True)
    else:
        tabulate(rows, as_json=False, title="Who kills whom")
        tell(sums, as_json=False)
