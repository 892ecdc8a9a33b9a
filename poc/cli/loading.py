"""touchstone load: what a target carries: planned, pressed, judged, compared and followed over time.

The rooms that do it are imported where they are needed, so that help and a wrong word are answered at once.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from poc import archive
from poc.cli import breaking, contrasting, cover, crews, enlarging, floors, permits, pressing, quotas, stairs
from poc.cli.gauges import bars, gauge
from poc.cli.trials import BankFolder, Id, Kept, Listed, TargetName, folder_of
from poc.cli.voice import AsJson, tabulate, tell
from poc.settings import TARGETS, target

if TYPE_CHECKING:
    from loadtests.judging import Judgement, Sheet
    from loadtests.result import LoadResult
    from loadtests.workload import Workload
    from poc.settings import Target

app = typer.Typer(help="Press targets of this machine as a whole bank would, and say what that proves.")

app.command("compare")(contrasting.compare)
app.command("search")(contrasting.search)
app.command("history")(contrasting.history)
app.command("growth")(enlarging.growth)
app.command("stairs")(stairs.stairs)
app.command("carry-out")(pressing.carry_out)
app.add_typer(breaking.app, name="fault")
app.command("worker")(crews.worker)
app.command("calibrate")(floors.calibrate)
app.command("quota")(quotas.quota)
app.add_typer(permits.app, name="permit")

Kind = Annotated[str, typer.Option("--workload", help="Name of a shipped workload, or a YAML file.")]
Rate = Annotated[float | None, typer.Option(help="Peak arrivals a second; the workload's own if not named.")]
Seconds = Annotated[float | None, typer.Option(help="Seconds that count; the workload's own if not named.")]
Pace = Annotated[bool, typer.Option("--pace", help="Slow down to what the target's contract carries, and say so.")]
Place = Annotated[Path, typer.Argument(help="A load result, or a run or assessment that holds some.")]


@app.command()
def run(
    name: TargetName,
    bank: BankFolder,
    assessment: Id = None,
    kind: Kind = "bank-peak",
    rate: Rate = None,
    seconds: Seconds = None,
    times: Annotated[int, typer.Option(min=1, help="How often; a comparison needs five runs of each side.")] = 1,
    early: Annotated[bool, typer.Option("--early", help="End the run when a promise is refuted.")] = False,
    pace: Pace = False,
    workers: crews.Workers = 0,
    elsewhere: crews.Elsewhere = 0,
    bind: crews.Bind = "127.0.0.1:0",
    targets: Listed = TARGETS,
    runs: Kept = archive.RUNS,
    as_json: AsJson = False,
) -> None:
    """Press a target and judge it by the workload's promises.

    Leaves with 99 if one was missed or is not proven, 3 if the run itself is not valid.
    """
    from loadtests.judging import judge
    from loadtests.workload import workload
    from poc import acts
    from synthetic_data.files import read

    asked, known = workload(kind).at(rate=rate, seconds=seconds), target(name, targets)
    if pace:
        asked = _paced(asked, known, runs)
    crew = crews.gathered(workers, elsewhere, bind)
    floor = floors.known(asked, known.url, crew, quiet=as_json)
    grown, folder = read(bank), folder_of(assessment, runs, resume=assessment is not None)
    sheets: list[Sheet] = []
    for number in range(times):
        with gauge(f"load on {name}", asked.profile.seconds, quiet=as_json) as second:
            ran, pieces = acts.load(
                known,
                grown,
                folder,
                kind=asked,
                seed=asked.seed + number if number else None,
                early=early,
                progress=crews.announced(second, crew, quiet=as_json),
                crew=crew,
                floor=floor,
            )
        sheets.append(judge(ran))
    if as_json:
        evidence = [{"check": one.check, "outcome": one.outcome.value, "observed": one.observed} for one in pieces]
        told = {"folder": str(folder.of(name)), "runs": [sheet.as_dict() for sheet in sheets], "evidence": evidence}
        tell({**told, "labels": list(ran.labels)}, as_json=True)
    else:
        for sheet in sheets:
            show(sheet, f"Load on {_named(ran)} ({ran.ground}): {folder.of(name)}")
    raise typer.Exit(max((sheet.code for sheet in sheets), key=_weight))


@app.command()
def check(
    place: Place,
    kind: Annotated[
        str | None, typer.Option("--workload", help="Judge by the promises of this workload, not by the run's own.")
    ] = None,
    xml: Annotated[Path | None, typer.Option("--junit", help="Write the verdicts to this file as JUnit XML.")] = None,
    as_json: AsJson = False,
) -> None:
    """Judge the youngest load result in a place anew, without pressing anybody.

    Leaves with 99 if a promise was missed or is not proven, 3 if the run itself is not valid.
    """
    from dataclasses import replace

    from loadtests.judging import judge
    from loadtests.papers.junit import junit
    from loadtests.workload import parse, workload
    from poc.pressing import results

    ran = results(place)[-1]
    cover.named([ran.target])
    if kind is not None:
        promised = {**ran.workload.as_dict(), "objectives": dict(workload(kind).objectives)}
        ran = replace(ran, workload=parse(promised))
    sheet = judge(ran)
    if xml is not None:
        xml.write_text(junit(ran, sheet), encoding="utf-8")
    if as_json:
        tell({**sheet.as_dict(), "labels": list(ran.labels)}, as_json=True)
    else:
        show(sheet, f"Load on {_named(ran)} with {ran.workload.name} ({ran.ground})")
    raise typer.Exit(sheet.code)


@app.command()
def plan(
    kind: Annotated[str, typer.Argument(metavar="WORKLOAD", help="Name of a shipped workload, or a YAML file.")],
    rate: Rate = None,
    seconds: Seconds = None,
    as_json: AsJson = False,
) -> None:
    """Tell what a workload will do and which of its promises it can prove, without pressing anybody."""
    from loadtests.judging import loosely, outlook
    from loadtests.workload import workload

    load = workload(kind).at(rate=rate, seconds=seconds)
    rows = [_promise(one.scope, one.text, *outlook(load, one)) for one in load.promises()]
    facts = {
        "workload": load.name,
        "because": load.because,
        "arrivals": f"{load.arrivals}, {load.profile.total:,.0f} expected, {load.rate:g}/s at the peak",
        "seconds": load.profile.seconds,
        "connections": load.users,
        "proves_nothing": loosely(load) or None,
    }
    if as_json:
        tell({**facts, "promises": rows}, as_json=True)
        return
    tell({name: value for name, value in facts.items() if value is not None}, as_json=False)
    typer.echo(f"shape        {bars(load.profile.rates(60))}")
    tabulate(rows, as_json=False, title="What can be proven")


def _paced(asked: "Workload", known: "Target", runs: Path) -> "Workload":
    """Return the workload at a rate that the contract carries, and say so on standard error."""
    from poc import agreed

    spent = agreed.spent_today(runs, known.name, datetime.now(UTC).date())
    slower = agreed.paced(asked, agreed.terms(known, spent))
    if slower is not asked:
        typer.echo(
            f"paced: {slower.rate:g} arrivals/s over {slower.users} connections instead of {asked.rate:g}/s over "
            f"{asked.users}, which is what the contract of {known.name} carries",
            err=True,
        )
    return slower


def _promise(scope: str, text: str, expected: float, least: int | None) -> Mapping[str, object]:
    enough = None if least is None else expected >= least
    return {"of": scope, "promise": text, "requests": round(expected), "needed_at_least": least, "enough": enough}


def _named(ran: "LoadResult") -> str:
    """Return a target's name with what readers must be told of it."""
    return ", ".join((ran.target, *ran.labels))


def show(sheet: "Sheet", title: str) -> None:
    """Print a run's verdicts for people."""
    from loadtests.judging import sentence

    tabulate([_row(one) for one in sheet.judgements], as_json=False, title=title)
    if sheet.void:
        typer.echo(f"The run proves no failure: {sheet.void}.")
    for note in sheet.notes:
        typer.echo(f"Note: {note}.")
    typer.echo(sentence(sheet.judgements) + ".")


def _row(one: "Judgement") -> Mapping[str, object]:
    share = one.objective.proportion or one.objective.form in ("achieved", "slowdown")
    between = "–" if one.lower is None or one.upper is None else f"{one.lower:.3%} … {one.upper:.3%}"
    return {
        "of": one.objective.scope,
        "promise": one.objective.text,
        "verdict": one.verdict,
        "n": one.n,
        "quantile": "–" if one.quantile_ms is None else f"{one.quantile_ms:,.1f} ms",
        "seen": "–" if one.seen is None else f"{one.seen:.3%}" if share else f"{one.seen:,.1f}",
        "between": between,
        "budget_spent": "–" if one.budget_spent is None else f"{one.budget_spent:.0%}",
        "still_needed": "–" if one.needed is None else f"{one.needed:,}",
        "note": one.note or "–",
    }


def _weight(code: int) -> int:
    """Order exit codes: a run that is not valid weighs more than one that missed."""
    return (0, 99, 3).index(code)
