"""touchstone target and connector: what is on trial, and which products can be spoken to."""

from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer

from poc.cli.voice import AsJson, tabulate, tell
from poc.settings import TARGETS
from poc.settings import target as target_of
from poc.settings import targets as targets_of

target = typer.Typer(help="The systems on trial.", no_args_is_help=True)
connectors = typer.Typer(help="The products that can be spoken to.", no_args_is_help=True)

Listed = Annotated[Path, typer.Option(help="The file that lists the targets.")]


@target.command("list")
def list_targets(targets: Listed = TARGETS, as_json: AsJson = False) -> None:
    """List the targets."""
    rows = [
        {
            "target": one.name,
            "connector": one.connector,
            "address": one.url,
            "actors": len(one.actors),
            "labels": list(one.labels),
        }
        for one in targets_of(targets).values()
    ]
    tabulate(rows, as_json=as_json)


@target.command()
def check(
    name: Annotated[str, typer.Argument(help="Name of a target that the targets file lists.")],
    targets: Listed = TARGETS,
    as_json: AsJson = False,
) -> None:
    """Reach a target and sign every actor in, before anything is judged."""
    from poc.connectors.connect import connect, prove  # only here: help and a wrong word are answered at once

    known = target_of(name, targets)
    crm = connect(known)
    prove(crm, known)
    tell(
        {"target": name, "address": known.url, "signed_in": [actor.value for actor in crm.credentials]}, as_json=as_json
    )


@connectors.command("list")
def list_connectors(as_json: AsJson = False) -> None:
    """List the connectors that are installed, ours and others', and how many verbs each offers."""
    from poc.connectors.connect import GROUP, connector

    rows = [
        {
            "connector": one.name,
            "product": connector(one.name).title,
            "verbs": len(connector(one.name).verbs()),
            "from": one.value,
        }
        for one in sorted(entry_points(group=GROUP), key=lambda one: one.name)
    ]
    tabulate(rows, as_json=as_json)
