"""touchstone drill: what would come along if the bank left a product, and whether it still answers the same."""

from pathlib import Path
from typing import Annotated

import typer

from poc.archive import RUNS
from poc.cli.faults import MISSED
from poc.cli.voice import AsJson, progress, tabulate, tell
from poc.settings import TARGETS, target


def drill(
    source: Annotated[str, typer.Option("--from", help="The listed target that is left; it must hold the bank.")],
    bank: Annotated[Path, typer.Option(help="Folder of the bank that was poured into it.")],
    run: Annotated[str, typer.Option(help="File the result as evidence of INT-14 in this assessment.")] = "",
    lab: Annotated[Path, typer.Option(help="Folder of the lab in which the copy is started empty.")] = Path(
        "lab/drill"
    ),
    runs: Annotated[Path, typer.Option(help="Folder of all runs.")] = RUNS,
    targets: Annotated[Path, typer.Option(help="The file that lists the targets.")] = TARGETS,
    as_json: AsJson = False,
) -> None:
    """Leave a target: export all of a bank, load it into an empty reference CRM, and ask both twenty-five questions.

    Leaves with 99 unless every question is answered alike.
    """
    from poc.drill.course import filed, left  # only here: help and a wrong word are answered at once
    from poc.drill.leaving import told
    from poc.drill.telling import sheet
    from poc.words import words
    from scenarios.folders import AssessmentFolder
    from synthetic_data.files import read

    known, grown = target(source, targets), read(bank)
    with progress(quiet=as_json) as report:
        found = left(known, grown, lab=lab, progress=lambda what, kind, rows: report(f"{what}: {kind}", rows, rows))
    if run:
        filed(found, known, grown, AssessmentFolder(runs, run))
    if as_json:
        tell(told(found), as_json=True)
    else:
        page = sheet(told(found), words("en"), known.title or source)
        for place, (heads, rows) in enumerate(page.tables):
            tabulate(
                [dict(zip(heads, row, strict=True)) for row in rows], as_json=False, title="" if place else page.title
            )
        for line in page.lines:
            typer.echo(line)
    if found.agreed < len(found.asked):
        raise typer.Exit(MISSED)
