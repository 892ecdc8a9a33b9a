"""touchstone crm: the reference CRM in the lab of this machine."""

import signal
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from poc.cli.voice import AsJson, tell
from poc.lab.service import refuse_if_taken
from poc.settings import TARGETS

#: Where the lab keeps its databases, keys and logs.
LAB = Path("lab")

app = typer.Typer(help="The reference CRM, a complete system to try everything on.", no_args_is_help=True)


@app.command()
def serve(
    name: Annotated[str, typer.Option(help="What the target is called.")] = "reference",
    port: Annotated[int, typer.Option(help="Port of 127.0.0.1.")] = 8443,
    mutant: Annotated[list[str] | None, typer.Option(help="Plant this defect (lab only); may be given again.")] = None,
    fresh: Annotated[bool, typer.Option(help="Begin with an empty database instead of the one it had.")] = False,
    lab: Annotated[Path, typer.Option(help="Folder of the lab: databases, keys, logs.")] = LAB,
    targets: Annotated[Path, typer.Option(help="The file that lists the targets.")] = TARGETS,
    as_json: AsJson = False,
) -> None:
    """Serve the reference CRM over TLS on this machine until Ctrl-C, and list it as a target."""
    from poc import acts  # only here: help and a wrong word are answered at once
    from poc.lab.house import House

    labels = ("deliberately weakened",) if mutant else ()
    refuse_if_taken(port)
    with House.open(lab) as house:
        tenancy = acts.serve(
            house, name, targets=targets, mutants=mutant or (), port=port, keep=not fresh, labels=labels
        )
        told = {
            "address": tenancy.url,
            "authority": str(tenancy.authority),
            "target": f"{name} in {targets}",
            "next": f"touchstone seed {name} --bank FOLDER",
            "stop": "Ctrl-C",
        }
        tell(told, as_json=as_json)
        _wait()


def _wait() -> None:
    """Return when the process is asked to end."""
    ended = Event()
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, lambda *_: ended.set())
    ended.wait()
