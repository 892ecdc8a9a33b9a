"""touchstone target and connector: what is on trial, and which products can be spoken to."""

from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer

from poc.cli import onpaper, vendors
from poc.cli.faults import MISSED
from poc.cli.voice import AsJson, tabulate, tell
from poc.settings import TARGETS
from poc.settings import target as target_of

target = typer.Typer(help="The systems on trial.", no_args_is_help=True)
connectors = typer.Typer(help="The products that can be spoken to.", no_args_is_help=True)

for _command in (
    vendors.install, vendors.start, vendors.stop, vendors.remove, onpaper.paper, onpaper.answered, onpaper.attest
):  # fmt: skip
    target.command()(_command)

Listed = Annotated[Path, typer.Option(help="The file that lists the targets.")]


@target.command("list")
def list_targets(targets: Listed = TARGETS, as_json: AsJson = False) -> None:
    """List what can be put on trial: listed targets, products to install, clouds; and what must be told of each."""
    from poc.market import offers  # only here: help and a wrong word are answered at once

    found = offers(vendors.lab(), targets)
    if as_json:
        tell({"targets": [one.told() for one in found]}, as_json=True)
        return
    rows = [
        {
            "target": one.name,
            "kind": one.kind,
            "version": one.version,
            "licence": one.licence,
            "installed": one.installed,
            "running": one.running,
            "verified_live": one.verified_live,
            "address": one.address,
            "labels": list(one.labels),
            "to_do": one.trouble,
        }
        for one in found
    ]
    tabulate(rows, as_json=False)


@target.command()
def check(
    name: Annotated[str, typer.Argument(help="Name of a target that the targets file lists.")],
    targets: Listed = TARGETS,
    as_json: AsJson = False,
) -> None:
    """Reach a target and sign every actor in, before anything is judged."""
    from poc.connectors.connect import connect, prove

    known = target_of(name, targets)
    crm = connect(known)
    prove(crm, known)
    tell(
        {"target": name, "address": known.url, "signed_in": [actor.value for actor in crm.credentials]}, as_json=as_json
    )


@target.command()
def verify(
    name: Annotated[str, typer.Argument(help="Name of a listed target: a sandbox, never a live bank.")],
    targets: Listed = TARGETS,
    as_json: AsJson = False,
) -> None:
    """Try on a live sandbox what its connector promises; if all is kept, lift the label "not verified live" there.

    It puts 11 made-up customers and one account on file and leaves them there.
    """
    from poc.connectors.verification import verify as tried_live

    known = target_of(name, targets)
    found, lifted = tried_live(known, targets)
    told = {True: "kept", False: "broken", None: "not offered"}
    rows = [{"promise": one.promise, "result": told[one.kept], "seen": one.seen} for one in found]
    tabulate(rows, as_json=as_json)
    if not as_json:
        tell({"target": name, "verified_live": lifted}, as_json=False)
    if not lifted:
        raise typer.Exit(MISSED)


@target.command("stand-in")
def stand_in(
    name: Annotated[str, typer.Argument(help="dataverse, fxiaoke, hubspot or salesforce.")],
    targets: Listed = TARGETS,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of loopback; 0 takes a free one.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Serve a stand-in for a vendor's cloud on this machine until Ctrl-C, and list it as a target that says so."""
    import threading

    from poc.lab.standins.offered import offered

    with offered(name, targets, port) as made:
        tell(
            {"target": made.name, "address": made.url, "next": f"touchstone target check {made.name}"}, as_json=as_json
        )
        threading.Event().wait()


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


@connectors.command("new")
def new_connector(
    name: Annotated[str, typer.Argument(help="Name of the new connector: small letters, digits and _.")],
    openapi: Annotated[str, typer.Option(help="OpenAPI 3 document of the product: a file or an https address.")] = "",
    folder: Annotated[Path, typer.Option(help="Where the package's folder is made.")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Write a connector's skeleton in a package of its own: shapes, a contract test and a check-list."""
    from poc.connectors.sketch import write

    place, shapes = write(name, folder, openapi)
    proposed = {one.kind.__name__: f"{one.path} ({len(one.names)} fields)" for one in shapes}
    told = {"connector": name, "folder": str(place), "proposed": proposed}
    tell({**told, "next": f"pip install -e {place}, then read {place}/CHECKLIST.md"}, as_json=as_json)
