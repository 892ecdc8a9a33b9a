"""touchstone demo: the whole corridor in one go."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from poc import archive
from poc.cli.crm import LAB
from poc.cli.faults import STOPPED
from poc.cli.judging import show
from poc.cli.orders import carried_out
from poc.cli.voice import AsJson, tell
from poc.orders import Order, give
from scenarios.folders import AssessmentFolder

#: Rows whose stories take seconds each, until keys are replaced, alarms come, a neighbour has been loaded or hundreds
#: of attacks are fired: a demonstration leaves them open, so that it ends within about four minutes on two cores.
LATER = frozenset({"SEC-01", "SEC-03", "SEC-06", "SEC-09", "SEC-16", "SEC-20", "SEC-21"})


def demo(
    customers: Annotated[int, typer.Option(help="How many customers the bank has.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed and size give the same bank everywhere.")] = 1,
    rate: Annotated[float, typer.Option(help="Arrivals a second of the load test.")] = 400,
    seconds: Annotated[float, typer.Option(help="Seconds of the load test that count.")] = 30,
    at_once: Annotated[int, typer.Option(help="On how many systems scenarios are played at the same time.")] = 3,
    whole: Annotated[bool, typer.Option("--whole", help="Play the rows too that take long: minutes more.")] = False,
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
    from scenarios.library import catalogue

    folder = AssessmentFolder(runs, datetime.now(UTC).strftime("demo-%Y-%m-%dT%H-%M-%SZ"))
    asked = {"customers": customers, "seed": seed, "rate": rate, "seconds": seconds, "at_once": at_once, "lab": lab}
    only = () if whole else tuple(sorted({one.criterion for one in catalogue()} - LATER))
    give(folder, Order.model_validate({"systems": tuple(candidates()), "only": only, **asked}))
    if carried_out(folder, quiet=as_json) == "stopped":
        tell({"go_on": f"touchstone carry-out {folder.name} --runs {runs}"}, as_json=as_json)
        raise typer.Exit(STOPPED)
    seen = opened(folder.path, exchanges=False)  # they were written a minute ago, by ourselves
    pages = [str(page) for page in write(seen, folder.path)]
    show(seen.scorecard, as_json=as_json)
    if not as_json:
        left = {} if whole else {"left": f"{', '.join(sorted(LATER))} for touchstone demo --whole"}
        tell({"runs": str(folder.path), "report": pages, **left, "look": "make app"}, as_json=False)
