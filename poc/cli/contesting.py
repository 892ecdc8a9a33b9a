"""touchstone contest: products of others beside the reference CRM, from nothing to figures side by side.

The rooms that do it are imported where they are needed, so that help and a wrong word are answered at once.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from poc import archive
from poc.cli import vendors
from poc.cli.trials import Kept, Listed, chosen
from poc.cli.voice import AsJson, progress, tell
from poc.settings import TARGETS
from scenarios.folders import AssessmentFolder

if TYPE_CHECKING:
    from poc.contest.plan import Log

LAB = Path("lab/contest")


def contest(
    products: Annotated[
        list[str] | None, typer.Argument(help="Products by name; every one that can be installed here if none is.")
    ] = None,
    customers: Annotated[int, typer.Option(help="How many customers the bank has that each of them gets.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed and size give the same bank everywhere.")] = 1,
    rate: Annotated[
        float, typer.Option(help="The stated rate in arrivals a second; pressed at 1, 2 and 5 times.")
    ] = 2.0,
    seconds: Annotated[float, typer.Option(help="Seconds of each load run that count; 0 for no load.")] = 20.0,
    repeats: Annotated[int, typer.Option(help="Load runs at each rate.")] = 3,
    only: Annotated[
        list[str] | None, typer.Option(help="Play only this criterion, such as SEC-02; may be given again.")
    ] = None,
    name: Annotated[str | None, typer.Option("--id", help="Name of the contest; to go on with one, its name.")] = None,
    again: Annotated[str, typer.Option(help="Play this product once more, after its vendor replied (--reply).")] = "",
    reply: Annotated[str, typer.Option(help="What the vendor said; kept beside the new result.")] = "",
    lab: Annotated[Path, typer.Option(help="Folder of the reference CRM's lab.")] = LAB,
    targets: Listed = TARGETS,
    runs: Kept = archive.RUNS,
    as_json: AsJson = False,
) -> None:
    """Install products, give each the same bank, ask all questions, press all alike, and write it side by side.

    What is done is kept: the same command with the same --id goes on. A product that cannot be had is told with its
    reason and does not keep the others out.
    """
    from poc.contest.course import Course
    from poc.contest.plan import Contest, ContestError, Log

    chosen(only or [])
    here = vendors.lab()
    known = [one.name for one in here.products()]
    if unknown := [one for one in (*(products or []), *([again] if again else [])) if one not in known]:
        raise typer.BadParameter(f"{unknown[0]!r} is no product: known are {' '.join(known)}")
    if bool(again) != bool(reply):
        raise typer.BadParameter("--again and --reply belong together: a product and what its vendor said")
    folder = AssessmentFolder(runs, name or datetime.now(UTC).strftime("contest-%Y-%m-%dT%H-%M-%SZ"))
    log = Log(folder)
    if again and not log.path.exists():
        raise ContestError(f"there is no contest {folder.path}: name one by --id")
    asked = log.contest if again else log.begin(
        Contest(
            products=tuple(products or known), customers=customers, seed=seed, rate=rate, seconds=seconds,
            repeats=repeats, only=tuple(only or ()), targets_file=targets, lab=lab,
        )
    )  # fmt: skip
    with progress(quiet=as_json) as report:
        course = Course(contest=asked, folder=folder, vendors=here, report=report)
        twin = course.again(again, reply) if again else None
        if twin is None:
            course.run()
    _tell(folder, log, twin, as_json=as_json)


def _tell(folder: AssessmentFolder, log: "Log", twin: str | None, *, as_json: bool) -> None:
    """Write the pages of a contest, and say where they are, who is out, and under what name a product was met again."""
    from poc.contest.telling import write

    pages = [str(page) for page in write(folder)]
    out = {one: facts["out"] for one, facts in log.read()["entrants"].items() if facts.get("out")}
    more = {**({"out": out} if out else {}), **({"again": twin} if twin else {})}
    tell({"contest": str(folder.path), "pages": pages, **more}, as_json=as_json)
