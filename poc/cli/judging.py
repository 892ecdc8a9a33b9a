"""touchstone score and verify: what runs are worth, and whether they are as they were written."""

from pathlib import Path
from typing import Annotated

import typer

from poc import archive
from poc.cli import cover
from poc.cli.faults import MISSED
from poc.cli.voice import AsJson, tabulate, tell
from scorecards.methods.gates import GateState
from scorecards.scorecard import Gate, Scorecard, Standing

Runs = Annotated[
    list[Path] | None,
    typer.Argument(help="Runs, assessments, or folders of them; the youngest in 'runs' if none is named."),
]


def score(
    run: Annotated[
        Path | None, typer.Argument(help="An assessment or a run; the youngest assessment in 'runs' if none is named.")
    ] = None,
    weighting: Annotated[str, typer.Option(help="Name of a shipped weighting, or a TOML file.")] = archive.WEIGHTING,
    need: Annotated[
        float | None, typer.Option(help="Leave with 99 unless every target's worst case reaches this total (0 to 5).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score an assessment: seven dimensions by target, each observed, worst, best and covered, with the gates."""
    from poc.assessment import opened, short_of  # only here: help and a wrong word are answered at once

    scorecard = opened(cover.shown(run or archive.latest()), weighting).scorecard
    show(scorecard, as_json=as_json)
    if need is not None and (below := short_of(scorecard, need)):
        typer.echo(
            f"touchstone: {', '.join(below)}: below {need:g} in the worst case, or ruled out by a gate.", err=True
        )
        raise typer.Exit(MISSED)


def verify(runs: Runs = None, as_json: AsJson = False) -> None:
    """Verify that no byte of the runs differs from what was written."""
    whole = archive.verify(runs or [archive.latest()])
    rows = [
        {
            "run": one.manifest.run,
            "target": one.manifest.target,
            "state": one.state,
            "evidence": one.evidence,
            "whole": True,
            "folder": str(one.folder),
        }
        for one in whole
    ]
    tabulate(rows, as_json=as_json)


def show(scorecard: Scorecard, *, as_json: bool) -> None:
    """Print a scorecard: dimensions by target and the gates."""
    if as_json:
        tell(as_facts(scorecard), as_json=True)
        return
    tabulate(as_table(scorecard), as_json=False, title=f"Scorecard 0-5 under '{scorecard.weighting.name}'")
    for line in gates(scorecard):
        typer.echo(line)


def as_facts(scorecard: Scorecard) -> dict[str, object]:
    """Return a scorecard for machines."""
    return {
        "weighting": scorecard.weighting.name,
        "digest": scorecard.weighting.digest,
        "ranking": scorecard.ranking(),
        "scores": scorecard.rows(),
        "gates": [
            {"target": one.target, "criterion": gate.criterion, "state": gate.state.value}
            for one in scorecard.standings
            for gate in one.gates
        ],
    }


def as_table(scorecard: Scorecard) -> list[dict[str, object]]:
    """Return a scorecard for people: a row a dimension, a column a target, the total first."""
    weights = {"total": "", **{code: f"{weight:.0%}" for code, weight in scorecard.weighting.dimensions.items()}}
    rows: list[dict[str, object]] = [
        {"dimension": code, "weight": weight, **{one.target: _cell(one, code) for one in scorecard.standings}}
        for code, weight in weights.items()
    ]
    eligible = {one.target: one.eligible.value for one in scorecard.standings}
    return [*rows, {"dimension": "eligible", "weight": "", **eligible}]


def gates(scorecard: Scorecard) -> list[str]:
    """Return a line for each target that says which of its gates hold, fail or are open."""
    lines = []
    for one in scorecard.standings:
        told = [f"{state.value} {' '.join(_of(one.gates, state))}" for state in GateState if _of(one.gates, state)]
        lines.append(f"gates of {one.target}: {'; '.join(told)}")
    return lines


def _of(held: tuple[Gate, ...], state: GateState) -> list[str]:
    return [gate.criterion for gate in held if gate.state is state]


def _cell(one: Standing, code: str) -> str:
    found = one.overall if code == "total" else one.dimensions.get(code)
    if found is None:
        return "–"
    seen = "–" if found.observed is None else f"{found.observed:.2f}"
    return f"{seen} ({found.worst:.2f} to {found.best:.2f}), {found.coverage:.0%} covered"
