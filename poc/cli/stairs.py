"""touchstone load stairs: throughput by users or by processes, and what the law of scalability makes of it.

The rooms that do it are imported where they are needed, so that help and a wrong word are answered at once.
"""

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from poc import archive
from poc.cli.trials import BankFolder, Kept, Listed, TargetName
from poc.cli.voice import AsJson, tabulate, tell
from poc.settings import TARGETS, target

if TYPE_CHECKING:
    from loadtests.arithmetic.scaling import Band
    from poc.pressure.series import Climbed

#: A peak as far as this is not told.
FAR = 10_000


def stairs(
    name: TargetName,
    bank: BankFolder,
    users: Annotated[str, typer.Option(help="Users who ask again as soon as they are answered, step by step.")] = (
        "1,2,4,8,16"
    ),
    processes: Annotated[
        str | None,
        typer.Option(
            help="Serve a system of the lab by so many processes instead, and press with the last of --users."
        ),
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, help="Seconds of a step.")] = 8,
    kind: Annotated[str, typer.Option("--workload", help="Whose mix is asked: a shipped workload or a file.")] = (
        "growing-data"
    ),
    lab: Annotated[Path, typer.Option(help="Folder of the lab, for --processes.")] = Path("lab"),
    targets: Listed = TARGETS,
    runs: Kept = archive.RUNS,
    as_json: AsJson = False,
) -> None:
    """Press a target step by step with a closed crowd and fit the law of scalability (USL) to its throughput.

    This shows where it stops growing; it is no capacity and proves no promise; 'touchstone load search' does that.
    """
    from loadtests.workload import workload
    from poc.pressure.series import Climbed, keep_climbed
    from poc.stairs import by_processes, by_users
    from synthetic_data.files import read

    counts, many = _counts(users, "--users"), None if processes is None else _counts(processes, "--processes")
    asked, grown = workload(kind).at(seconds=seconds), read(bank)
    began, told = time.time(), (lambda words: None) if as_json else (lambda words: typer.echo(words, err=True))
    if many is None:
        steps = by_users(target(name, targets), grown, asked, counts, told)
    else:
        steps = by_processes(name, grown, asked, many, lab=lab, users=counts[-1], tell=told)
    made = Climbed(target=name, began=began, by="users" if many is None else "processes", steps=steps)
    keep_climbed(made, runs)
    _show(made, as_json=as_json)


def _counts(words: str, option: str) -> tuple[int, ...]:
    parts = [word.strip() for word in words.split(",") if word.strip()]
    if not parts or not all(word.isdigit() and 0 < int(word) <= 512 for word in parts):
        raise typer.BadParameter(f"{words!r}: write numbers from 1 to 512, such as 1,2,4,8", param_hint=option)
    return tuple(int(word) for word in parts)


def _show(made: "Climbed", *, as_json: bool) -> None:
    fitted, what = made.law(), made.by
    rows = [
        {
            what: count,
            "per_second": round(seen, 1) if isinstance(seen, float) else None,
            "by_the_law": None if fitted is None else round(fitted.fit.at(count), 1),
            "note": "–" if isinstance(seen, float) else seen,
        }
        for count, seen in made.steps.items()
    ]
    if as_json:
        between = None if fitted is None else [_finite(fitted.lower), _finite(fitted.upper)]
        told = None if fitted is None else {**fitted.fit._asdict(), "peak_between": between}
        tell({"steps": rows, "law": told}, as_json=True)
        return
    tabulate(rows, as_json=False, title=f"Throughput of {made.target} by {what}, over loopback")
    if fitted is None:
        typer.echo("Fewer than four steps say something: no law is fitted.")
        return
    fit = fitted.fit
    typer.echo(
        f"One carries {fit.gamma:,.0f}/s; {fit.sigma:.1%} is done one by one, each pair costs {fit.kappa:.2%}; "
        f"throughput peaks {_between(fitted)} {what} (90 of 100 resamplings)."
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _between(fitted: "Band") -> str:
    least, most = fitted.lower, fitted.upper
    if least >= FAR:
        return "with more than can be told of"
    return f"between {least:,.0f} and {most:,.0f}" if most < FAR else f"nowhere below {least:,.0f}"
