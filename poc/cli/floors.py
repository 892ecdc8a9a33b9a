"""touchstone load calibrate: what the generator itself carries here, and the latency below which it sees but itself."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from poc.cli.faults import OUR_FAULT
from poc.cli.voice import AsJson, tabulate, tell

if TYPE_CHECKING:
    from loadtests.crew import Crew
    from loadtests.floor import Floor
    from loadtests.workload import Workload


def calibrate(
    client: Annotated[str, typer.Option(help="What speaks HTTP: raw or fast, as a workload names it.")] = "raw",
    plain: Annotated[bool, typer.Option("--plain", help="Without TLS; targets of the lab speak it.")] = False,
    workers: Annotated[int, typer.Option(min=0, help="Processes that press as one; 0: one alone.")] = 0,
    rate: Annotated[
        float | None, typer.Option(min=1, help="This rate alone (requests a second) instead of ever higher ones.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Hold the load generator against a server of its own that does nothing, at ever higher rates.

    What it does not carry there it carries nowhere. The answer is kept on this machine for later runs; a run whose
    rate none on file stands for is preceded by one such trial. Leaves with 3 if not even the lowest was carried.
    """
    from poc.nullrun import LADDER, Kind, floors, ladder

    if client not in ("raw", "fast"):
        raise typer.BadParameter(f"{client!r} is neither raw nor fast", param_hint="--client")
    kind, rates = Kind(client, not plain, workers), LADDER if rate is None else (rate,)
    made = list(ladder(kind, floors(os.environ), rates))
    carried = [one for one in made if one.carried]
    if as_json:
        tell({"tried": [one.as_dict() for one in made], "carries": carried[-1].rate if carried else None}, as_json=True)
    else:
        tabulate([_row(one) for one in made], as_json=False, title=f"The generator alone: {_kind(made[0])}")
        typer.echo(sentence(made, carried))
    if not carried:
        raise typer.Exit(OUR_FAULT)


def known(asked: "Workload", url: str, crew: "Crew | None", *, quiet: bool) -> "Floor | None":
    """Return the floor of the generator that a workload needs, made now if none is on file; None where there is none.

    What is done, and that the run will not be valid, is said on standard error.
    """
    from poc.nullrun import floor_for, floors

    said = _aloud(quiet=quiet)
    floor = floor_for(asked, url, floors(os.environ), gathered=crew, tell=said)
    if floor is not None and (beyond := floor.beyond()):
        said(f"this run will not be valid: {beyond}")
    return floor


def highest(asked: "Workload", url: str, most: float, *, quiet: bool) -> "Floor | None":
    """Return the floor at the highest rate that the generator carries, found now if it is not known."""
    from poc.nullrun import Kind, ceiling, floors

    return ceiling(Kind.needed(asked, url), floors(os.environ), most, _aloud(quiet=quiet))


def _aloud(*, quiet: bool) -> Callable[[str], None]:
    def say(words: str) -> None:
        if not quiet:
            typer.echo(words, err=True)

    return say


def _row(one: "Floor") -> Mapping[str, object]:
    def ms(value: float | None) -> str:
        return "–" if value is None else f"{value:,.2f} ms"

    return {
        "requests_a_second": f"{one.rate:,.0f}",
        "carried": one.carried,
        "processor": "–" if one.cpu_percent is None else f"{one.cpu_percent:.0f} %",
        "lag_p99": ms(one.lag_p99_ms),
        "p50": ms(one.p50_ms),
        "p99": ms(one.p99_ms),
        "p99.9": ms(one.p999_ms),
        "note": one.refused or one.disturbed or "–",
    }


def _kind(one: "Floor") -> str:
    by = f", {one.workers} processes" if one.workers else ""
    return f"client {one.client}, {'TLS' if one.secure else 'no TLS'}{by}, on {one.machine}"


def sentence(made: Sequence["Floor"], carried: Sequence["Floor"]) -> str:
    if not carried:
        return f"Not even {made[0].rate:,.0f}/s is carried: {made[0].refused}. Is the machine busy with something else?"
    best = carried[-1]
    more = "more was not tried" if best is made[-1] else f"{made[-1].rate:,.0f}/s is too much for it"
    calm = [one for one in carried if not one.disturbed]
    if not calm:
        return f"It carries {best.rate:,.0f}/s here ({more}). The machine was too busy to tell its floor: try again."
    low = calm[0]
    return (
        f"It carries {best.rate:,.0f}/s here ({more}). At {low.rate:,.0f}/s it takes {low.p50_ms:.2f} ms itself in "
        f"half of all cases and {low.p99_ms:.2f} ms at p99: latencies of that size say nothing of a target."
    )
