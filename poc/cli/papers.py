"""touchstone report: an assessment as pages that can be printed and sent."""

from pathlib import Path
from typing import Annotated

import typer

from poc import archive
from poc.cli import cover
from poc.cli.voice import AsJson, tell


def report(
    run: Annotated[
        Path | None, typer.Argument(help="An assessment or a run; the youngest assessment in 'runs' if none is named.")
    ] = None,
    weighting: Annotated[str, typer.Option(help="Name of a shipped weighting, or a TOML file.")] = archive.WEIGHTING,
    out: Annotated[Path | None, typer.Option(help="Folder for the pages; the assessment's own if not named.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the report: one page of HTML a language that needs nothing else, readable on paper too."""
    from poc.assessment import opened  # only here: help and a wrong word are answered at once
    from poc.report import write

    place = cover.shown(run or archive.latest())
    pages = write(opened(place, weighting), out or place)
    tell({"assessment": str(place), "pages": [str(page) for page in pages]}, as_json=as_json)
