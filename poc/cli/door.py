"""Door: the command line as one program: its groups, its exit codes, and one place where troubles come out."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Annotated

import typer
from typer.exceptions import TyperException

from poc.cli import (
    bank,
    calibrating,
    committee,
    contesting,
    crm,
    deciding,
    drilling,
    filing,
    judging,
    listing,
    loading,
    orders,
    papers,
    people,
    seeds,
    shows,
    tooling,
    trials,
    workbench,
)
from poc.cli.faults import FINE, STOPPED, explain


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"touchstone {version('touchstone-crm')}")
        raise typer.Exit


app = typer.Typer(
    name="touchstone",
    help="Choose a bank's CRM on evidence. Exit codes: 0 fine, 99 threshold missed, 2 bad input, 3 our own fault.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def program(
    told: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="Print the version.")
    ] = False,
) -> None:
    """Stand above all commands."""


app.add_typer(bank.app, name="bank")
app.add_typer(crm.app, name="crm")
app.add_typer(people.user, name="user")
app.add_typer(listing.target, name="target")
app.add_typer(listing.connectors, name="connector")
app.add_typer(tooling.tools, name="tools")
app.command("drill")(drilling.drill)
app.command("seed")(seeds.seed)
app.command("unseed")(seeds.unseed)
app.command("run")(trials.run)
app.add_typer(loading.app, name="load")
app.command("score")(judging.score)
app.command("decide")(deciding.decide)
app.command("business")(deciding.business)
app.add_typer(filing.record, name="record")
app.add_typer(committee.committee, name="committee")
app.add_typer(committee.process, name="process")
app.command("report")(papers.report)
app.add_typer(filing.verify, name="verify")
app.command("trial")(calibrating.trial)
app.command("demo")(shows.demo)
app.command("contest")(contesting.contest)
app.command("carry-out")(orders.carry_out)
app.command("app")(workbench.app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code; troubles become one line on standard error.

    A polite end (SIGTERM) is taken like Ctrl-C, so that databases and services are not left behind.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Run one command and return its exit code. With TOUCHSTONE_DEBUG=1 an error keeps its trace."""
    try:
        code = app(args=arguments, prog_name="touchstone", standalone_mode=False)
        if code == STOPPED:  # Typer has turned the interrupt into a code already
            raise KeyboardInterrupt
    except (Exception, KeyboardInterrupt) as error:
        if _asks_for_help(error):
            typer.echo(str(error))
            return FINE
        if environment.get("TOUCHSTONE_DEBUG") == "1":
            raise
        fault = explain(error)
        typer.echo(f"touchstone: {fault.message}", err=True)
        return fault.code
    return code if isinstance(code, int) else FINE


def _asks_for_help(error: BaseException) -> bool:
    """Whether a group was called without a command: Typer raises its help as if that were an error."""
    return isinstance(error, TyperException) and error.message.startswith("Usage: ")
