"""touchstone load compare, history and search: sides beside each other, runs over time, and the rate at the limit."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from poc import archive
from poc.cli import cover, floors
from poc.cli.faults import FINE, MISSED, OUR_FAULT
from poc.cli.trials import BankFolder, Kept, Listed, TargetName, folder_of
from poc.cli.voice import AsJson, tabulate, tell
from poc.settings import TARGETS, target

if TYPE_CHECKING:
    from loadtests.arithmetic.search import Found
    from loadtests.comparison import Comparison, Difference, Trend
    from loadtests.objectives import Objective
    from loadtests.result import LoadResult
    from poc.pressure.searches import Searched

Side = Annotated[Path, typer.Argument(help="A run, an assessment or a folder that holds load results of one side.")]


def compare(
    first: Side,
    second: Side,
    kind: Annotated[str | None, typer.Option(help="Only read or only write; both together if not named.")] = None,
    margin: Annotated[float, typer.Option(help="Share up to which two sides count as the same.")] = 0.05,
    unit: Annotated[str, typer.Option(help="What counts as one observation: runs; requests are refused.")] = "runs",
    as_json: AsJson = False,
) -> None:
    """Compare two sides of load runs; five runs a side prove something, fewer are indicative.

    Leaves with 99 if the second side is proven slower or breaks a promise more often.
    """
    from loadtests.comparison import compare as compared
    from poc.pressing import results

    if kind not in (None, "read", "write"):
        raise typer.BadParameter(f"{kind!r} is neither read nor write", param_hint="--kind")
    sides = [results(side) for side in (first, second)]
    cover.named(one.target for side in sides for one in side)
    told = compared(*sides, kind=kind, margin=margin, unit=unit)  # type: ignore[arg-type]
    if as_json:
        tell({**asdict(told), "slower": told.slower}, as_json=True)
    else:
        _show(told, first, second)
    if told.slower:
        raise typer.Exit(MISSED)


def _show(told: "Comparison", first: Path, second: Path) -> None:
    pairs = ", paired by seed" if told.paired else ""
    title = f"{first} ({told.runs[0]} runs) and {second} ({told.runs[1]} runs{pairs})"
    rows = [_line(one, " ms", 1, "×") for one in told.quantiles] + [_line(one, " %", 100, "") for one in told.shares]
    tabulate(rows, as_json=False, title=title)
    for note in told.notes:
        typer.echo(f"Note: {note}.")


def _line(one: "Difference", unit: str, scale: float, sign: str) -> Mapping[str, object]:
    by = scale if not sign else 1

    def difference(value: float) -> str:
        return f"×{value:.3f}" if sign else f"{value * by:+.3f}{unit}"

    between = "–" if one.lower is None or one.upper is None else f"{difference(one.lower)} … {difference(one.upper)}"
    return {
        "what": one.what,
        "first": f"{one.first * scale:.2f}{unit}",
        "second": f"{one.second * scale:.2f}{unit}",
        "difference": difference(one.seen),
        "between": between,
        "verdict": one.verdict,
    }


def history(
    names: Annotated[list[str], typer.Argument(help="Names of targets; several are shown side by side.")],
    runs: Kept = archive.RUNS,
    budget: Annotated[float, typer.Option(help="Growth a run, as a share, up to which a target is steady.")] = 0.01,
    as_json: AsJson = False,
) -> None:
    """Show all load runs of targets over time, and whether they get slower from run to run.

    Leaves with 99 if one is proven to.
    """
    from loadtests.comparison import trends
    from poc import pressing

    cover.named(names)
    told = {name: trends(pressing.history(runs, name), budget) for name in names}
    if as_json:
        tell({name: [asdict(one) for one in several] for name, several in told.items()}, as_json=True)
    else:
        for name, several in told.items():
            for one in several:
                _trend(name, one)
    drifts = [drift for several in told.values() for one in several for drift in (one.p50, one.p99) if drift]
    if any(drift.verdict == "growing" for drift in drifts):
        raise typer.Exit(MISSED)


def _trend(name: str, one: "Trend") -> None:
    tabulate([_run(facts) for facts in one.runs], as_json=False, title=f"{name}: {one.workload}")
    for quantile, drift in (("p50", one.p50), ("p99", one.p99)):
        if drift is None:
            typer.echo(f"{quantile}: fewer than five valid runs, no trend is told.")
        else:
            between = f"{drift.lower:+.2%} to {drift.upper:+.2%}"
            typer.echo(f"{quantile}: {drift.seen:+.2%} a run ({between}), {drift.verdict}.")


def _run(facts: Mapping[str, float | None]) -> Mapping[str, object]:
    began = datetime.fromtimestamp(facts["began"] or 0, UTC)
    shares = {name: "–" if (v := facts[name]) is None else f"{v:.3%}" for name in ("errors", "achieved")}
    quantiles = {name: facts[name] for name in ("p50_ms", "p95_ms", "p99_ms")}
    return {"began": f"{began:%Y-%m-%d %H:%M:%S}", **quantiles, **shares, "valid": bool(facts["valid"])}


def search(
    name: TargetName,
    bank: BankFolder,
    kind: Annotated[str, typer.Option("--workload", help="Name of a shipped workload, or a YAML file.")] = "bank-peak",
    promise: Annotated[
        str | None,
        typer.Option(help="Of what, and what must hold, as a workload writes it; 'read p99 < 200 ms' if not named."),
    ] = None,
    start: Annotated[
        float | None, typer.Option(help="First rate that is tried; the workload's own if not named.")
    ] = None,
    most: Annotated[
        float, typer.Option(help="Rate that is not exceeded, beside what the generator carries here.")
    ] = 3000,
    client: Annotated[
        str, typer.Option(help="What speaks HTTP: raw, which costs the generator less, or fast.")
    ] = "raw",
    assessment: Annotated[
        str | None,
        typer.Option("--id", help="Search what PER-01 asks for, and file it as evidence of this assessment."),
    ] = None,
    targets: Listed = TARGETS,
    runs: Kept = archive.RUNS,
    as_json: AsJson = False,
) -> None:
    """Search the highest rate at which a promise still holds, and confirm it over a minute; takes some minutes."""
    from loadtests.workload import parse, workload
    from poc.knee import SaturatedError, claimed, knee
    from poc.pressure.searches import Searched
    from synthetic_data.files import read

    about = _about(promise, assessment)
    asked = parse({**workload(kind).at(rate=start).as_dict(), "client": client})
    known, grown, began = target(name, targets), read(bank), time.time()
    floor = floors.highest(asked, known.url, most, quiet=as_json)
    ended, found = "", None
    try:
        tried = _quiet if as_json else _tried
        found = knee(known, grown, asked, about, most=most, floor=floor, tried=tried)
    except SaturatedError as fault:
        if assessment is None:
            raise
        ended = str(fault)
    if found is not None:
        _ended(Searched(target=name, began=began, about=about, found=found), runs, as_json=as_json)
    if assessment is not None:
        folder, seconds = folder_of(assessment, runs, resume=True), time.time() - began
        (piece,) = claimed(known, grown, folder, found, asked, began=began, seconds=seconds, ended=ended)
        if not as_json:
            typer.echo(f"PER-01: {piece.outcome.value}. {piece.note}".strip())
        raise typer.Exit({"failed": MISSED, "blocked": OUR_FAULT}.get(piece.outcome.value, FINE))


def _tried(ran: "LoadResult", good: bool) -> None:
    words = "holds" if good else "breaks"
    typer.echo(f"{ran.workload.rate:,.0f}/s {words} ({ran.workload.seconds:.0f} s at most)", err=True)


def _quiet(ran: "LoadResult", good: bool) -> None:
    """Tell nothing."""


def _about(promise: str | None, assessment: str | None) -> "Objective":
    """Return the promise that is searched for: the one that is named, or what PER-01 asks for as evidence."""
    from loadtests.headroom import PROMISE, SCOPE
    from loadtests.objectives import objective

    if promise is not None and assessment is not None:
        raise typer.BadParameter(
            f"PER-01 speaks of '{SCOPE} {PROMISE}': leave one of the two out", param_hint="--promise"
        )
    words = promise or ("read p99 < 200 ms" if assessment is None else f"{SCOPE} {PROMISE}")
    scope, _, text = words.partition(" ")
    about = objective(scope, text)
    if not about.proportion:
        raise typer.BadParameter(f"{words!r} is not about a share of requests", param_hint="--promise")
    return about


def _ended(made: "Searched", runs: Path, *, as_json: bool) -> None:
    """Put a search on file, for the Load page to draw, and print it."""
    from poc.pressure.searches import keep

    keep(made, runs)
    _told(made.found, made.about, made.target, as_json=as_json)


def _told(found: "Found", about: "Objective", name: str, *, as_json: bool) -> None:
    rows: Sequence[Mapping[str, object]] = [
        {
            "rate": round(trial.rate, 1),
            "purpose": trial.purpose,
            "requests": sum(block.requests for block in trial.blocks),
            "share": f"{trial.share:.3%} ± {trial.half:.3%}",
            "holds": trial.good,
            "sure": trial.sure,
        }
        for trial in found.trials
    ]
    if as_json:
        tell(
            {"low": found.low, "high": found.high, "ended": found.ended or None, "promise": about.name, "trials": rows},
            as_json=True,
        )
        return
    tabulate(rows, as_json=False, title=f"Rates tried on {name} of this machine (loopback)")
    beyond = found.ended or ("nothing above was tried" if found.high is None else f"{found.high:,.0f}/s breaks it")
    typer.echo(f"'{about.name}' holds at {found.low:,.0f}/s, confirmed over a minute; {beyond}.")
