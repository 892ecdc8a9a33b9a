"""touchstone load growth: how a system slows down with the customers on file (PER-07).

The rooms that do it are imported where they are needed, so that help and a wrong word are answered at once.
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from poc import archive
from poc.cli.faults import FINE, MISSED
from poc.cli.trials import Kept, folder_of
from poc.cli.voice import AsJson, tabulate, tell

if TYPE_CHECKING:
    from loadtests.enlargement import Series
    from scenarios.evidence import Evidence


def growth(
    system: Annotated[str, typer.Argument(help="A system that is built into the lab, such as reference.")],
    sizes: Annotated[str, typer.Option(help="Customers on file, parted by commas; what is kept is not repeated.")] = (
        "1000,3000,10000"
    ),
    times: Annotated[int, typer.Option(min=1, help="Runs of each size; more make the interval narrower.")] = 1,
    seconds: Annotated[float | None, typer.Option(min=1, help="Seconds of a run; the workload's own if not named.")] = (
        None
    ),
    add: Annotated[
        list[str] | None,
        typer.Option(help="SIZE=PLACE: the youngest run in a place counts, made with so many customers elsewhere."),
    ] = None,
    mutant: Annotated[list[str] | None, typer.Option(help="Plant this defect (lab only); may be given again.")] = None,
    lab: Annotated[Path, typer.Option(help="Folder of the lab in which the systems are filled.")] = Path("lab"),
    keep: Annotated[
        Path | None, typer.Option(help="Folder of the series; below the lab, named by the system, if not named.")
    ] = None,
    assessment: Annotated[str | None, typer.Option("--id", help="File the verdict in this assessment.")] = None,
    runs: Kept = archive.RUNS,
    as_json: AsJson = False,
) -> None:
    """Fill a system with ever more customers, ask it the same each time, and tell how its slowest hundredth grows.

    Runs are kept, so a series goes on where it ended. With --id the verdict becomes evidence of that assessment.
    Leaves with 99 if a check failed.
    """
    from loadtests.enlargement import p99_ms
    from loadtests.workload import workload
    from poc.enlarging import enlarged, filed, judged, put
    from poc.pressing import results
    from poc.pressure.series import Grown, keep_grown

    folder = keep or lab / "growth" / "-".join([system, *(mutant or [])])
    for word in add or []:
        size, place = _pair(word)
        put(results(place)[-1], size, folder)
    series = enlarged(
        system, _sizes(sizes), lab=lab, folder=folder, asked=workload("growing-data").at(seconds=seconds), times=times,
        mutants=mutant or [], tell=(lambda words: None) if as_json else (lambda words: typer.echo(words, err=True)),
    )  # fmt: skip
    keep_grown(
        Grown(
            target=system,
            began=time.time(),
            points=tuple((size, ms) for size, ran in series.items() for one in ran if (ms := p99_ms(one)) is not None),
        ),
        runs,
    )
    if assessment is None:
        pieces = judged(series, run="", system=system)
    else:
        pieces = filed(series, folder_of(assessment, runs, resume=True), system)
    _show(series, pieces, folder, as_json=as_json)
    raise typer.Exit(MISSED if any(one.outcome.value == "failed" for one in pieces) else FINE)


def _sizes(words: str) -> tuple[int, ...]:
    parts = [word.strip() for word in words.split(",") if word.strip()]
    if wrong := next((word for word in parts if not word.isdigit() or int(word) < 1), None):
        raise typer.BadParameter(f"{wrong!r} is no number of customers: write 1000,10000", param_hint="--sizes")
    return tuple(int(word) for word in parts)


def _pair(word: str) -> tuple[int, Path]:
    size, parted, place = word.partition("=")
    if not parted or not size.isdigit():
        raise typer.BadParameter(f"{word!r}: write SIZE=PLACE, such as 1000000=runs/large", param_hint="--add")
    return int(size), Path(place)


def _show(series: "Series", pieces: "tuple[Evidence, ...]", folder: Path, *, as_json: bool) -> None:
    from loadtests.enlargement import fitted

    rows = [_row(size, number, one) for size, runs in series.items() for number, one in enumerate(runs)]
    seen = fitted(series)
    checks = [{"check": one.check, "outcome": one.outcome.value, "note": one.note or "–"} for one in pieces]
    if as_json:
        tell(
            {
                "folder": str(folder),
                "runs": rows,
                "exponent": None if seen is None else seen._asdict(),
                "checks": checks,
            },
            as_json=True,
        )
        return
    tabulate(rows, as_json=False, title=f"Reads by customers on file, over loopback: {folder}")
    if seen is not None:
        between = f"{seen.lower:+.2f} to {seen.upper:+.2f} at 95 %"
        typer.echo(f"p99 grows with the customers to the power of {seen.exponent:+.2f} ({between}).")
    tabulate(checks, as_json=False, title="Speed with growing data (PER-07)")


def _row(size: int, number: int, one: object) -> Mapping[str, object]:
    from loadtests.enlargement import processor_ms
    from loadtests.result import LoadResult

    assert isinstance(one, LoadResult)
    reads = one.histogram(kind="read")
    told = {f"p{q * 100:g}_ms": reads.quantile(q) for q in (0.5, 0.95, 0.99)}
    quantiles = {name: None if value is None else value / 1000 for name, value in told.items()}
    spent = {"processor_ms": processor_ms(one), "generator": one.exhausted() or "well"}
    return {"customers": size, "run": number, "reads": reads.n, **quantiles, **spent}
