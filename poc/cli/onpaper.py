"""touchstone target paper, answered, attest: a product that nobody can ask, judged by what is answered and shown."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from poc.archive import RUNS
from poc.cli.voice import AsJson, tell
from poc.settings import TARGETS

if TYPE_CHECKING:
    from scenarios.folders import AssessmentFolder

Name = Annotated[str, typer.Argument(help="A product that is judged on paper, as 'touchstone target paper' lists it.")]
Beside = Annotated[
    str, typer.Argument(help="The assessment beside whose targets it stands, as 'touchstone run' names it.")
]
Runs = Annotated[Path, typer.Option(help="Folder of all runs.")]
Listed = Annotated[Path, typer.Option(help="The file that lists the targets.")]


def paper(
    name: Annotated[str, typer.Argument(help="Name under which it stands in lists, runs and reports.")],
    title: Annotated[str, typer.Option(help="What people call it; its name if nothing is said.")] = "",
    out: Annotated[Path | None, typer.Option(help="The workbook to write; NAME.xlsx here if not named.")] = None,
    targets: Listed = TARGETS,
    as_json: AsJson = False,
) -> None:
    """List a product that can only be judged on paper, and write the workbook that its vendor answers in."""
    from poc import onpaper  # only here: help and a wrong word are answered at once
    from scenarios.disk import write_whole
    from scorecards.criterion import catalogue

    made, file = onpaper.listed(name, title, targets), out or Path(f"{name}.xlsx")
    write_whole(file, onpaper.workbook(made))
    told = {"target": name, "questions": len(catalogue().of_targets), "workbook": str(file)}
    tell({**told, "next": f"touchstone target answered {name} RUN {file}"}, as_json=as_json)


def answered(
    name: Name,
    run: Beside,
    file: Annotated[Path, typer.Argument(help="The workbook as it came back.")],
    runs: Runs = RUNS,
    targets: Listed = TARGETS,
    as_json: AsJson = False,
) -> None:
    """File a vendor's answers beside the tested targets of an assessment: statements (E0) until somebody looked."""
    from poc import onpaper

    known = onpaper.on_paper(name, targets)
    pieces = onpaper.answered(known, _folder(runs, run), _bytes(file), file.name, datetime.now(UTC))
    said = [str(piece.observed).partition(" ")[0] for piece in pieces]
    counted = {kind: said.count(kind) for kind in dict.fromkeys(said)}
    tell({"target": name, "assessment": run, "answers": counted, "class": "E0"}, as_json=as_json)


def attest(
    name: Name,
    run: Beside,
    criterion: Annotated[str, typer.Argument(help="The criterion that it speaks of, as SEC-02.")],
    grade: Annotated[
        str, typer.Option("--class", help="E1v a document of the vendor, E1t of a third party, E2 shown.")
    ],
    points: Annotated[float, typer.Option(min=0, max=5, help="Points along the criterion's rubric, 0 to 5.")],
    by: Annotated[list[str], typer.Option(help="Who looked; E2 asks for two, give one option each.")],
    reason: Annotated[str, typer.Option(help="What was looked at: document, scope, date; or which script was shown.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day on which it may be relied on.")],
    runs: Runs = RUNS,
    targets: Listed = TARGETS,
    as_json: AsJson = False,
) -> None:
    """File what people looked at and answer for by name; it counts up to what its class can carry."""
    from poc import onpaper

    known = onpaper.on_paper(name, targets)
    piece = onpaper.attested(
        known, _folder(runs, run), criterion, grade=grade, points=points, names=by, reason=reason, until=until.date(),
        at=datetime.now(UTC),
    )  # fmt: skip
    tell({"target": name, "criterion": criterion, "class": piece.grade.value, "points": points}, as_json=as_json)


def _folder(runs: Path, run: str) -> "AssessmentFolder":
    from scenarios.folders import AssessmentFolder

    return AssessmentFolder(runs, run)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"cannot read {file}: {error.strerror}", param_hint="FILE") from None
