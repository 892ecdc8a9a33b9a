"""touchstone target install, start, stop, remove: products of others on this machine, each in a place of its own."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from poc.cli.voice import AsJson, progress, tell
from poc.settings import TARGETS

if TYPE_CHECKING:
    from poc.lab.vendors.lab import VendorLab

Name = Annotated[str, typer.Argument(help="A product, as 'touchstone target list' tells it.")]
Listed = Annotated[Path, typer.Option(help="The file that lists the targets.")]
Port = Annotated[int | None, typer.Option(min=1, max=65535, help="Port of loopback; a free one if not named.")]


def lab() -> "VendorLab":
    """Return the vendor lab of this user."""
    from poc.connectors.connect import cache  # only here: help and a wrong word are answered at once
    from poc.lab.vendors.lab import VendorLab

    return VendorLab(folder=cache(os.environ) / "vendors")


def install(name: Name, port: Port = None, as_json: AsJson = False) -> None:
    """Fetch a product unmodified, with its hashes checked, and give it a database and the users of all actors.

    What was there of it before is made anew, its data included.
    """
    here = lab()
    recipe = here.product(name).recipe
    if not as_json:
        tell(
            {"product": f"{recipe.title} {recipe.version}", "licence": recipe.licence, "home": recipe.home},
            as_json=False,
        )
    with progress(quiet=as_json) as report:
        one = here.install(name, report, port=port)
    told = {"target": name, "version": recipe.version, "licence": recipe.licence, "folder": str(one.premises.folder)}
    tell({**told, "next": f"touchstone target start {name}"}, as_json=as_json)


def start(
    name: Name,
    port: Port = None,
    fresh: Annotated[bool, typer.Option(help="Give it the database of its beginning: no customers, no deals.")] = False,
    targets: Listed = TARGETS,
    as_json: AsJson = False,
) -> None:
    """Start an installed product on loopback and list it as a target; it stays until it is stopped."""
    with progress(quiet=as_json) as report:
        made = lab().start(name, targets, report, port=port, fresh=fresh)
    told = {"target": name, "address": made.url, "actors": len(made.actors)}
    tell({**told, "next": f"touchstone seed {name} --bank FOLDER"}, as_json=as_json)


def stop(name: Name, as_json: AsJson = False) -> None:
    """Stop a product; its data stay."""
    tell({"target": name, "stopped": lab().stop(name)}, as_json=as_json)


def remove(name: Name, targets: Listed = TARGETS, as_json: AsJson = False) -> None:
    """Take a product away: programs, database, users, and its place in the list of targets."""
    tell({"target": name, "removed": lab().remove(name, targets)}, as_json=as_json)
