"""touchstone carry-out: an order that was given in the browser is carried out, or gone on with."""

import signal
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from poc import archive
from poc.cli.voice import AsJson, tell
from poc.orders import stop
from scenarios.folders import AssessmentFolder


def carry_out(
    name: Annotated[str, typer.Argument(help="Name of the assessment that was ordered.")],
    runs: Annotated[Path, typer.Option(help="Folder that assessments are kept in.")] = archive.RUNS,
    as_json: AsJson = False,
) -> None:
    """Carry out an order of the workbench, or go on with it; SIGTERM stops it as its stop button does."""
    from poc.conduct import conduct  # only here: it brings every room of the house along

    folder = AssessmentFolder(runs, name)

    def asked(number: int, frame: FrameType | None) -> None:
        stop(folder)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, asked)
    tell({"assessment": str(folder.path), "ended": conduct(folder)}, as_json=as_json)
