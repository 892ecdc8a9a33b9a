"""touchstone tools: scanners of others that are fetched when somebody asks for them, each with its own licence."""

import os
from pathlib import Path
from typing import Annotated

import typer

from poc.cli.voice import AsJson, progress, tabulate, tell

tools = typer.Typer(help="Scanners of others, installed apart and called as programs.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name of a tool, as 'touchstone tools list' tells it.")]


@tools.command("list")
def list_tools(as_json: AsJson = False) -> None:
    """List the tools with their licences, and which of them are installed."""
    from poc.connectors import tools as known  # only here: help and a wrong word are answered at once

    folder = _folder()
    rows = [
        {
            "tool": one.name,
            "version": one.version,
            "licence": one.licence,
            "installed": one.installed(folder) or None,
            "criterion": one.criterion,
            "looks_at": one.purpose,
        }
        for one in known.tools().values()
    ]
    tabulate(rows, as_json=as_json)


@tools.command()
def install(name: Name, as_json: AsJson = False) -> None:
    """Fetch a tool into the user's cache, at the pinned version and with its hashes checked."""
    from poc.connectors import tools as known

    one = known.tool(name)
    with progress(quiet=as_json) as report:
        program = known.install(one, _folder(), report)
    told = {"tool": name, "version": one.version, "licence": one.licence, "program": str(program)}
    tell({**told, "next": "touchstone run TARGET --bank FOLDER --scan"}, as_json=as_json)


@tools.command()
def remove(name: Name, as_json: AsJson = False) -> None:
    """Remove a tool from the user's cache."""
    from poc.connectors import tools as known

    tell({"tool": name, "removed": known.remove(known.tool(name), _folder())}, as_json=as_json)


def _folder() -> Path:
    from poc.connectors.connect import cache

    return cache(os.environ) / "tools"
