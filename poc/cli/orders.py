"""touchstone carry-out: an order is carried out, or gone on with; what the demonstration gives is an order too."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from poc import archive
from poc.cli.voice import AsJson, Report, progress, tell
from poc.orders import Order, heard, read, stop
from scenarios.folders import AssessmentFolder

#: What somebody hears who asks for an end.
ENDING = b"\nstopping after what is at hand; once more (Ctrl-C) to end at once\n"


def carry_out(
    name: Annotated[str, typer.Argument(help="Name of the assessment that was ordered.")],
    runs: Annotated[Path, typer.Option(help="Folder that assessments are kept in.")] = archive.RUNS,
    as_json: AsJson = False,
) -> None:
    """Carry out an order, or go on with it; Ctrl-C stops it as the stop button of the workbench does."""
    folder = AssessmentFolder(runs, name)
    tell({"assessment": str(folder.path), "ended": carried_out(folder, quiet=as_json)}, as_json=as_json)


def carried_out(folder: AssessmentFolder, *, quiet: bool) -> str:
    """Carry an order out, tell meanwhile how far it is, and return how it ended: done or stopped."""
    from poc.conduct import conduct  # only here: it brings every room of the house along

    order = read(folder)
    with progress(quiet=quiet) as report, heard(folder, ear(order, report)), asked_to_end(lambda: stop(folder)):
        return conduct(folder)


def ear(order: Order, report: Report) -> Callable[[Mapping[str, Any]], None]:
    """Return what hears the lines that are told of an order and reports how far its acts are."""
    from poc.watch import named

    titles = {name: title for name, title, _ in named(order)}

    def hear(line: Mapping[str, Any]) -> None:
        act, title = line["act"], titles.get(line.get("target", ""), "")
        match act:
            case "bank":
                report(f"bank of {order.customers:,}: customers", line["done"], line["total"])
            case "seed":
                report(f"{title or 'bank'}: rows poured", line["done"], line["total"])
            case "copies":
                report("weakened copies", line["done"], line["total"])
            case "scenarios":
                report(f"{title}: scenarios", line["done"], line["total"])
            case "load":
                far = line["second"] + 1 if "second" in line else 0
                report(f"{title}: seconds of load at {order.rate:g}/s", min(far, line["total"]), line["total"])

    return hear


@contextmanager
def asked_to_end(wish: Callable[[], None]) -> Iterator[None]:
    """Within the block, being asked to end by the system is a wish at first, and an end when asked again."""
    asked = False

    def hear(*_: object) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        os.write(2, ENDING)
        wish()

    before = {number: signal.signal(number, hear) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
