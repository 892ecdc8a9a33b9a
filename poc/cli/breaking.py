"""touchstone load fault: what is broken while a system is pressed, and what holds then (PER-06).

The rooms that do it are imported where they are needed, so that help and a wrong word are answered at once.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from poc import archive
from poc.cli.faults import FINE, MISSED, OUR_FAULT
from poc.cli.trials import BankFolder, Id, Kept, folder_of
from poc.cli.voice import AsJson, tabulate, tell

if TYPE_CHECKING:
    from loadtests.ordeal import Ordeal
    from scenarios.evidence import Evidence

app = typer.Typer(help="Break a system of the lab while it is pressed, and say what held.", no_args_is_help=True)


@app.command("list")
def listed(as_json: AsJson = False) -> None:
    """List the faults that can be pressed."""
    from loadtests.fault import shipped

    rows = [
        {
            "fault": one.name,
            "what": one.title.en,
            "asked_for_as": one.stands_for or "–",
            "seconds": one.lasts,
            "asked_seconds": one.asked,
            "reads": one.reads.replace("_", " "),
            "undone_by": one.restores,
        }
        for one in shipped()
    ]
    tabulate(rows, as_json=as_json, title="Faults")


@app.command()
def run(
    system: Annotated[str, typer.Argument(help="A system that is built into the lab, such as reference.")],
    bank: BankFolder,
    only: Annotated[
        list[str] | None, typer.Option(help="Press only this fault, by name or YAML file; may be given again.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="As long as the requirement asks: over an hour in all.")] = False,
    lasts: Annotated[float | None, typer.Option(min=1, help="Seconds that faults with a length last.")] = None,
    kind: Annotated[str, typer.Option("--workload", help="The load beside them: a shipped workload or a file.")] = (
        "bank-peak"
    ),
    rate: Annotated[float, typer.Option(min=1, max=1000, help="Its arrivals a second.")] = 10,
    mutant: Annotated[list[str] | None, typer.Option(help="Plant this defect (lab only); may be given again.")] = None,
    assessment: Id = None,
    runs: Kept = archive.RUNS,
    as_json: AsJson = False,
) -> None:
    """Serve a system on a ground of its own, press it, break it, undo that, and judge the seven invariants.

    The ground has its own database, disk and keys and is thrown away. Leaves with 99 if an invariant was broken, 3 if
    a fault could not be pressed here.
    """
    from loadtests.fault import fault, shipped
    from poc.breakage import broken, filed
    from synthetic_data.files import read

    faults = [fault(name) for name in only] if only else shipped()
    chosen = tuple(one.at(lasts=lasts, full=full) for one in faults)
    grown, folder = read(bank), folder_of(assessment, runs, resume=assessment is not None)
    done, hindered = broken(
        system, grown, chosen, mutants=tuple(mutant or ()), kind=kind, rate=rate,
        tell=(lambda words: None) if as_json else (lambda words: typer.echo(words, err=True)),
    )  # fmt: skip
    pieces = filed(done, grown, folder, system, mutants=tuple(mutant or ()))
    _show(done, pieces, hindered, str(folder.of(system)), as_json=as_json)
    failed = any(one.outcome.value == "failed" for one in pieces)
    raise typer.Exit(MISSED if failed else OUR_FAULT if hindered else FINE)


@app.command()
def check(
    place: Annotated[Path, typer.Argument(help="The run of a target, or an assessment, that holds ordeals.")],
    as_json: AsJson = False,
) -> None:
    """Judge stored ordeals anew, without breaking anything; leaves with 99 if an invariant was broken."""
    from loadtests.resilience import harvest
    from poc.breakage import ordeals

    done = ordeals(place)
    pieces = harvest(done, run="", target=done[0].target, proofs={})
    _show(done, pieces, {}, str(place), as_json=as_json)
    raise typer.Exit(MISSED if any(one.outcome.value == "failed" for one in pieces) else FINE)


def _show(
    done: "Sequence[Ordeal]",
    pieces: "Sequence[Evidence]",
    hindered: Mapping[str, str],
    place: str,
    *,
    as_json: bool,
) -> None:
    from loadtests.resilience import table

    rows = list(table(done))
    if as_json:
        evidence = [{"check": one.check, "outcome": one.outcome.value, "note": one.note} for one in pieces]
        tell({"folder": place, "faults": rows, "invariants": evidence, "not_pressed": dict(hindered)}, as_json=True)
        return
    tabulate(
        [_line(row) for row in rows], as_json=False, title=f"Faults under load on this machine (loopback): {place}"
    )
    for name, why in hindered.items():
        typer.echo(f"{name} was not pressed: {why}")
    invariants = [{"invariant": one.sentence, "outcome": one.outcome.value, "note": _short(one.note)} for one in pieces]
    tabulate(invariants, as_json=False, title="Seven invariants (PER-06)")


def _line(row: Mapping[str, object]) -> Mapping[str, object]:
    least, broken, open_ = row["served_at_least"], row["broken"], row["open"]
    assert isinstance(broken, list) and isinstance(open_, list)
    return {
        "fault": row["fault"],
        "lasted_s": row["lasted_s"],
        "told_after_s": row["told_after_s"],
        "recovered_after_s": row["recovered_after_s"],
        "served": "–" if least is None else f"at least {least:.2%}",
        "requests": row["requests"],
        "held": f"{row['hold']} of {7 - len(open_)}",
        "broken": ", ".join(map(str, broken)) or "–",
    }


def _short(note: str) -> str:
    return note if len(note) <= 90 else f"{note[:89]}…"
