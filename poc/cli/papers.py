"""touchstone report: an assessment as pages that can be printed and sent."""

from pathlib import Path
from typing import Annotated

import typer

from poc import archive
from poc.assessment import DEFAULT_WEIGHTING, opened
from poc.cli.voice import AsJson, tell
from poc.report import write


def report(
    run: Annotated[
        Path | None, typer.Argument(help="An assessment or a run; the youngest assessment in 'runs' if none is named.")
    ] = None,
    weighting: Annotated[str, typer.Option(help="Name of a shipped weighting, or a TOML file.")] = DEFAULT_WEIGHTING,
    out: Annotated[Path | None, typer.Option(help="Folder for the pages; the assessment's own if not named.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the report: one page of HTML a language that needs nothing else, readable on paper too."""
    place = run or archive.latest()
    pages = write(opened(place, weighting), out or place)
    tell({"assessment": str(place), "pages": [str(page) for page in pages]}, as_json=as_json)
