"""touchstone load carry-out: an ordered load test is carried out, as the Load page starts it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from poc import archive
from poc.cli.gauges import gauge
from poc.cli.orders import asked_to_end
from poc.cli.voice import AsJson, Report, progress, tell
from poc.orders import heard, stop
from scenarios.folders import AssessmentFolder

if TYPE_CHECKING:
    from poc.pressure.order import LoadOrder


def carry_out(
    name: Annotated[str, typer.Argument(help="Name of the load test that was ordered.")],
    runs: Annotated[Path, typer.Option(help="Folder that assessments are kept in.")] = archive.RUNS,
    as_json: AsJson = False,
) -> None:
    """Carry out an ordered load test; Ctrl-C stops it as the stop button of the Load page does."""
    from poc.pressure.conduct import carry_out as carried_out
    from poc.pressure.order import place, read

    folder = AssessmentFolder(place(runs), name)
    order = read(folder)
    seconds = order.load.profile.seconds
    with (
        progress(quiet=as_json) as report,
        gauge(f"load on {order.target}", seconds, quiet=as_json) as second,
        heard(folder, _ear(order, report, second)),
        asked_to_end(lambda: stop(folder)),
    ):
        ended = carried_out(folder)
    tell({"load": str(folder.path), "ended": ended}, as_json=as_json)


def _ear(
    order: "LoadOrder", report: Report, second: Callable[[Mapping[str, object]], None]
) -> Callable[[Mapping[str, Any]], None]:
    titles = {"bank": f"bank of {order.customers:,}: customers", "seed": "rows poured", "copies": "weakened copies"}

    def hear(line: Mapping[str, Any]) -> None:
        if (title := titles.get(line["act"])) is not None:
            report(title, line["done"], line["total"])
        elif line["act"] == "load" and "second" in line:
            second(line)

    return hear
