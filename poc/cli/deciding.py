"""touchstone decide and business: who leads, and whether it would pay."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from poc import archive
from poc.cli import cover
from poc.cli.faults import MISSED
from poc.cli.voice import AsJson, tabulate, tell

if TYPE_CHECKING:
    from poc.business import Worked
    from poc.decision_view import Spoken

Draws = Annotated[int, typer.Option(help="How often weights and evidence are drawn.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same figures.")]


def decide(
    run: Annotated[
        Path | None, typer.Argument(help="An assessment or a run; the youngest assessment in 'runs' if none is named.")
    ] = None,
    weighting: Annotated[str, typer.Option(help="Name of a shipped weighting, or a TOML file.")] = archive.WEIGHTING,
    draws: Draws = 100_000,
    seed: Seed = 1,
    firm: Annotated[bool, typer.Option("--firm", help="Leave with 99 unless a system is recommended.")] = False,
    as_json: AsJson = False,
) -> None:
    """Decide an assessment: who leads, how surely, what would turn it, and what to measure next."""
    from poc.assessment import opened  # only here: help and a wrong word are answered at once
    from poc.deciding import decided, facts
    from poc.decision_view import Spoken
    from poc.report import View
    from poc.words import words

    assessment = opened(cover.shown(run or archive.latest()), weighting)
    decision = decided(assessment, draws=draws, seed=seed)
    if as_json:
        tell({"assessment": assessment.name, "weighting": assessment.weighting.name, **facts(decision)}, as_json=True)
    else:
        _tell_decision(Spoken(view=View(assessment=assessment, say=words("en")), decision=decision))
    if firm and decision.finding.verdict.value != "recommended":
        typer.echo(f"touchstone: the verdict is {decision.finding.verdict.value}, not recommended.", err=True)
        raise typer.Exit(MISSED)


def business(
    file: Annotated[Path | None, typer.Argument(help="A bank's case as a TOML file.")] = None,
    example: Annotated[bool, typer.Option("--example", help="Work out the example; its figures are invented.")] = False,
    draws: Draws = 100_000,
    seed: Seed = 1,
    need: Annotated[
        float | None, typer.Option(help="Leave with 99 unless NPV is above 0 with this chance (0 to 1).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Work out whether a CRM pays: NPV, ROI, payback, at face value and as far as its claims are to be believed."""
    from poc.business import case_at, facts, worked  # only here: help and a wrong word are answered at once

    if (file is None) == (not example):
        raise typer.BadParameter("name a bank's case, or ask for --example; one of the two", param_hint="FILE")
    done = worked(case_at(file), draws=draws, seed=seed)
    if as_json:
        tell(facts(done), as_json=True)
    else:
        _tell_business(done)
    if need is not None and done.graded.chance_of_gain < need:
        typer.echo(f"touchstone: NPV is above 0 in {done.graded.chance_of_gain:.0%} of draws only.", err=True)
        raise typer.Exit(MISSED)


def _tell_decision(spoken: "Spoken") -> None:
    from poc.robust_view import findings

    decision = spoken.decision
    for line in (spoken.headline(), *spoken.reasons(), spoken.tie(), spoken.flip(), spoken.methods()):
        typer.echo(line)
    rows: list[dict[str, object]] = [
        {
            "target": name,
            "eligible": decision.contest.eligible[row],
            "total": f"{decision.middle[name]:.2f} ({decision.low[name]:.2f} to {decision.high[name]:.2f})",
            "covered": f"{decision.coverage[name]:.0%}",
            **{f"rank {place + 1}": f"{share:.1%}" for place, share in enumerate(decision.acceptability.ranks[row])},
        }
        for row, name in enumerate(decision.contest.vendors)
    ]
    tabulate(rows, as_json=False, title="How often each takes each rank")
    checks: list[dict[str, object]] = [
        {"method": one.method, "first": list(one.leaders), **{n: f"{v:.3f}" for n, v in one.points.items()}}
        for one in decision.crosschecks
    ]
    tabulate(checks, as_json=False, title="Cross-check by other methods")
    for finding in findings(spoken):
        typer.echo(finding.sentence)
    typer.echo(spoken.measure()[0])
    for target, criterion, worth in spoken.measure()[1]:
        typer.echo(f"  {target}: {criterion}: {worth}")
    typer.echo(spoken.drawn())


def _tell_business(done: "Worked") -> None:
    case, graded = done.case, done.graded
    if case.example:
        typer.echo("EXAMPLE: every figure of this bank is invented.")
    typer.echo(f"{case.name}, {case.years} years at {case.rate:.0%}, {done.draws:,} draws, seed {done.seed}")

    def money(amount: float) -> str:
        return done.money(amount, "en")

    tells = {"NPV": money, "ROI": "{:.0%}".format, "payback (years)": _years, "total cost": money}
    names = dict(zip(tells, ("npv", "roi", "payback", "tco"), strict=True))
    rows: list[dict[str, object]] = [
        {
            "": name,
            **dict(zip(("P10", "P50", "P90"), map(tells[name], graded.quantiles(names[name])), strict=True)),
            "face value": tells[name](float(getattr(done.face, names[name])[0])),
        }
        for name in tells
    ]
    tabulate(rows, as_json=False, title="As far as its claims are to be believed, against face value")
    tell({"NPV above 0": f"{graded.chance_of_gain:.1%} of draws"}, as_json=False)
    stressed: list[dict[str, object]] = [
        {"claims at": f"{share:.0%}", **dict(zip(("P10", "P50", "P90"), map(money, found), strict=True))}
        for share, found in done.stress.items()
    ]
    tabulate(stressed, as_json=False, title="NPV with all claims at")
    needs: list[dict[str, object]] = [
        {
            "driver": one.name,
            "stated": f"{one.stated:.0%}",
            "believed": f"{one.effect.median:.1%}",
            "needed for NPV 0": _needed(done.break_even[one.name]),
            "worth": money(graded.worth[one.name]),
        }
        for one in case.drivers
        if one.name in done.break_even
    ]
    tabulate(needs, as_json=False, title="What each claim would have to reach on its own")
    swings: list[dict[str, object]] = [
        {"input": name, "NPV at its 5 %": money(low), "at its 95 %": money(high)} for name, low, high in done.tornado
    ]
    tabulate(swings, as_json=False, title="What moves NPV most")


def _years(value: float) -> str:
    return "never" if value == float("inf") else f"{value:.1f}"


def _needed(effect: float | None) -> str:
    return "no effect would do" if effect is None else "pays without" if effect == 0 else f"{effect:.1%}"
