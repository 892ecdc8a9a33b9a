"""touchstone carry-out: an order that was given in the workbench is carried out, or gone on with."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
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
    """Carry out an order of the workbench, or go on with it; Ctrl-C stops it as its stop button does."""
    from poc.conduct import conduct  # only here: it brings every room of the house along

    folder = AssessmentFolder(runs, name)
    with _asked_to_end(lambda: stop(folder)):
        ended = conduct(folder)
    tell({"assessment": str(folder.path), "ended": ended}, as_json=as_json)


@contextmanager
def _asked_to_end(wish: Callable[[], None]) -> Iterator[None]:
    """Within the block, being asked to end by the system is a wish and no end."""
    before = {number: signal.signal(number, lambda *_: wish()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
