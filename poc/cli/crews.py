"""touchstone load worker, and the crew that load run gathers: several processes or machines that press as one."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from poc.cli.faults import OUR_FAULT
from poc.cli.gauges import Second
from poc.cli.voice import AsJson, tell

if TYPE_CHECKING:
    from loadtests.crew import Crew

#: Name of the variable that holds the token of a crew; no option, which everybody on a machine could read.
TOKEN = "TOUCHSTONE_LOAD_TOKEN"  # noqa: S105 the name of a variable

Workers = Annotated[int, typer.Option(min=0, help="Processes of this machine that press as one; 0: one alone.")]
Elsewhere = Annotated[int, typer.Option("--join", min=0, help="Workers of other machines that are waited for.")]
Bind = Annotated[str, typer.Option(help="Address and port at which workers of other machines find this one.")]


def gathered(here: int, elsewhere: int, bind: str) -> "Crew | None":
    """Return the crew that was asked for, with the token of the environment if there is one; None for one process."""
    if not here and not elsewhere:
        return None
    from loadtests.crew import crew

    return crew(here, elsewhere, bind, os.environ.get(TOKEN, ""))


def announced(second: Second, crew: "Crew | None", *, quiet: bool) -> Second:
    """Return what takes lines of a run and tells on standard error whom a crew waits for before it begins."""

    def told(line: Mapping[str, object]) -> None:
        if "gathers" not in line:
            second(line)
        elif crew is not None and crew.elsewhere and not quiet:
            typer.echo(
                f"waiting for {crew.elsewhere} workers: on each machine set {TOKEN}={crew.token} and run "
                f"`touchstone load worker --master {line['at']}`",
                err=True,
            )

    return told


def worker(
    master: Annotated[str, typer.Option(help="HOST:PORT at which the run that is joined waits.")],
    trusted: Annotated[
        str, typer.Option(help="Key (64 hex digits) that must have signed the permission to press what is not here.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Be one worker of a run that another machine commands; the token is read from TOUCHSTONE_LOAD_TOKEN or asked for.

    Leaves with 0 when its share was made, 3 when it could not be.
    """
    from loadtests.crew import place

    place(master)
    token = os.environ.get(TOKEN) or typer.prompt("Token", hide_input=True)
    agent = subprocess.Popen(
        [sys.executable, "-m", "loadtests.agent", "--join", master, trusted],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, TOKEN: token},
    )
    try:
        said, _ = agent.communicate()
    finally:
        if agent.poll() is None:
            agent.terminate()
            agent.wait()
    if agent.returncode:
        typer.echo(f"this worker's share was not made: {_fault(said)}", err=True)
        raise typer.Exit(OUR_FAULT)
    tell({"master": master, "share": "made"}, as_json=as_json)


def _fault(said: str) -> str:
    for line in reversed(said.splitlines()):
        if line.startswith('{"fault"'):
            return str(json.loads(line)["fault"])
    return "the agent ended without a word"
