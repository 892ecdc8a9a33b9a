"""touchstone app: opens the workbench in the browser."""

import subprocess
import sys
from importlib.util import find_spec
from typing import Annotated

import typer

from poc.cli.faults import OUR_FAULT
from poc.cli.voice import AsJson, tell
from poc.lab.service import refuse_if_taken


def app(
    port: Annotated[int, typer.Option(help="Port of 127.0.0.1 to serve the pages on.")] = 8501,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
    as_json: AsJson = False,
) -> None:
    """Open the workbench: overview, runs, evidence and scorecards as pages, until Ctrl-C."""
    refuse_if_taken(port)
    door = find_spec("app")
    if door is None or door.origin is None:
        raise typer.BadParameter("the pages (app.py) are not installed; install Touchstone again")
    tell({"address": f"http://127.0.0.1:{port}", "stop": "Ctrl-C"}, as_json=as_json)
    settings = ["--server.address", "127.0.0.1", "--server.port", str(port), "--browser.gatherUsageStats", "false"]
    shown = ["--server.headless", str(not browser).lower()]
    ended = subprocess.run([sys.executable, "-m", "streamlit", "run", door.origin, *settings, *shown], check=False)
    if ended.returncode > 0:
        raise typer.Exit(OUR_FAULT)
