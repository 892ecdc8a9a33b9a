"""touchstone trial: the instrument itself on trial."""

import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from poc.cli.faults import MISSED
from poc.cli.trials import scanned
from poc.cli.voice import AsJson, progress, tabulate, tell

if TYPE_CHECKING:
    from poc.acts import AnyScenario
    from poc.mutants.mutant import Mutant


def trial(
    customers: Annotated[int, typer.Option(help="How many customers the bank of the trial has.")] = 300,
    seed: Annotated[int, typer.Option(help="The same seed and size give the same bank everywhere.")] = 1,
    dimension: Annotated[
        str | None, typer.Option(help="Only this dimension, such as SEC: its scenarios, and all mutants of theirs.")
    ] = None,
    mutant: Annotated[list[str] | None, typer.Option(help="Only this mutant; may be given again.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Try all mutants, not one for each scenario only.")] = False,
    full: Annotated[bool, typer.Option(help="Play every scenario on every mutant, not only those it must die of.")] = (
        False
    ),
    load: Annotated[bool, typer.Option(help="Play the load test too, and try what only load betrays.")] = False,
    scan: Annotated[bool, typer.Option(help="Have scanners of others look too; try what they should find.")] = False,
    repeats: Annotated[
        int, typer.Option(min=1, help="How often the good CRM is played: false alarms may come now and then only.")
    ] = 1,
    good_only: Annotated[
        bool, typer.Option("--good-only", help="Try no mutant: play the good CRM only, again and again on one system.")
    ] = False,
    write: Annotated[Path | None, typer.Option(help="File to write the kill matrix to, as Markdown.")] = None,
    lab: Annotated[Path | None, typer.Option(help="Folder of a lab to use; one for this trial if not named.")] = None,
    as_json: AsJson = False,
) -> None:
    """Put the instrument itself on trial: plant defects in the reference CRM and see which check notices which.

    Leaves with 99 if a mutant survives, a scenario notices nothing, or the good CRM fails a check. With some mutants
    named, the scenarios that are there for them are played, and no others.
    """
    from poc.calibration import calibration, facts  # only here: help and a wrong word are answered at once
    from poc.lab.house import House
    from poc.mutants.catalogue import WHY_UNBITTEN, mutants
    from poc.trial import for_these, good_alone, one_for_each
    from poc.trial import trial as tried
    from synthetic_data.generator import generate

    stories = _stories(dimension)
    known = mutants() if every or mutant or load or dimension else one_for_each(stories, mutants())
    stories, known = _with_scanners(stories, known, dimension or "SEC") if scan else (stories, known)
    chosen = _chosen({one.name: one for one in known}, mutant or [])
    stories = for_these(stories, chosen) if mutant else stories
    if not stories:
        named = " ".join(mutant or [])
        raise typer.BadParameter(f"no scenario of {dimension} is there for {named}", param_hint="--mutant")
    with ExitStack() as stack:
        folder = lab or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="touchstone-trial-")))
        report = stack.enter_context(progress(quiet=as_json))
        bank = generate(seed=seed, customers=customers).bank
        house = stack.enter_context(House.open(folder))
        if good_only:
            matrix = good_alone(house, bank, stories, repeats, report)
        else:
            matrix = tried(house, bank, chosen, stories, full=full, load=load, repeats=repeats, report=report)
    if write is not None:
        inside = f"a bank of {customers} customers, seed {seed}"
        write.write_text(calibration(matrix, bank=inside, why_unbitten=WHY_UNBITTEN), encoding="utf-8")
    told = {"written": datetime.now(UTC).date().isoformat(), "version": version("touchstone-crm")}
    _tell({**told, **facts(matrix, why_unbitten=WHY_UNBITTEN)}, as_json=as_json)
    if not matrix.sound:
        raise typer.Exit(MISSED)


def _with_scanners(
    stories: "tuple[AnyScenario, ...]", known: "tuple[Mutant, ...]", dimension: str
) -> "tuple[tuple[AnyScenario, ...], tuple[Mutant, ...]]":
    from poc.mutants.scanned import MUTANTS
    from poc.trial import of_dimension

    return (*stories, *of_dimension(scanned([]), dimension)), (*known, *MUTANTS)


def _stories(dimension: str | None) -> "tuple[AnyScenario, ...]":
    from poc.trial import of_dimension
    from scenarios.library import catalogue

    if dimension is None:
        return catalogue()
    if found := of_dimension(catalogue(), dimension):
        return found
    played = " ".join(sorted({one.criterion.partition("-")[0] for one in catalogue()}))
    raise typer.BadParameter(f"{dimension!r} has no scenario; played are {played}", param_hint="--dimension")


def _chosen(known: "dict[str, Mutant]", names: list[str]) -> "list[Mutant]":
    for name in names:
        if name not in known:
            raise typer.BadParameter(f"{name!r} is unknown; there are {' '.join(sorted(known))}", param_hint="--mutant")
    return [known[name] for name in names] if names else list(known.values())


def _tell(told: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        tell(told, as_json=True)
        return
    lines, unbitten = told["mutants"], told["unbitten"]
    assert isinstance(lines, list)
    assert isinstance(unbitten, list)
    tabulate(lines, as_json=False, title="Who kills whom")
    spared = f"{len(unbitten)} checks; --all tries every mutant, --json and --write name the checks"
    tell({**told, "mutants": len(lines), "unbitten": spared}, as_json=False)
