"""touchstone app: opens the workbench in the browser."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from poc.admission import USERS, VARIABLE, listed, must_sign_in
from poc.cli.faults import OUR_FAULT
from poc.cli.voice import AsJson, tell
from poc.lab.service import refuse_if_taken

LOOPBACK = "127.0.0.1"


def app(
    port: Annotated[int, typer.Option(help="Port to serve the pages on.")] = 8501,
    address: Annotated[str, typer.Option(help="Address to serve on; beyond this machine people sign in.")] = LOOPBACK,
    users: Annotated[Path, typer.Option(help="File that lists who may enter; see touchstone user.")] = USERS,
    certificate: Annotated[Path | None, typer.Option(help="TLS certificate, for any other address.")] = None,
    key: Annotated[Path | None, typer.Option(help="Key of the certificate.")] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser window, where no certificate is named.")] = True,
    as_json: AsJson = False,
) -> None:
    """Open the workbench: overview, runs, evidence and scorecards as pages, until Ctrl-C.

    On an address that others reach, it is served over TLS and only to people whom the users file lists.
    """
    guarded = must_sign_in(address)
    if guarded:
        _refuse_unguarded(address, users, certificate, key)
    refuse_if_taken(port)
    door = find_spec("app")
    if door is None or door.origin is None:
        raise typer.BadParameter("the pages (app.py) are not installed; install Touchstone again")
    scheme = "https" if certificate else "http"
    tell({"address": f"{scheme}://{address}:{port}", "stop": "Ctrl-C"}, as_json=as_json)
    # every address (0.0.0.0, ::) has no name of its own: Streamlit would ask the internet for one
    named = address if address.strip("0.:") else "localhost"
    settings: dict[str, object] = {
        "server.address": address,
        "server.port": port,
        "server.headless": guarded or not browser or certificate is not None,
        "server.maxUploadSize": 1,
        "server.enableXsrfProtection": True,
        "server.enableCORS": True,
        "browser.serverAddress": named,
        "browser.gatherUsageStats": False,
    }
    if certificate and key:
        settings |= {"server.sslCertFile": str(certificate), "server.sslKeyFile": str(key)}
        command = ["poc.pages.over_tls", json.dumps(settings)]
    else:
        told = [word for name, value in settings.items() for word in (f"--{name}", str(value).lower())]
        command = ["streamlit", "run", door.origin, *told]
    ended = subprocess.run(
        [sys.executable, "-m", *command], check=False, env={**os.environ, VARIABLE: str(users)} if guarded else None
    )
    if ended.returncode > 0:
        raise typer.Exit(OUR_FAULT)


def _refuse_unguarded(address: str, users: Path, certificate: Path | None, key: Path | None) -> None:
    if not listed(users):
        remedy = f"touchstone user add NAME --role admin --users {users}"
        raise typer.BadParameter(f"others reach {address}, and {users} lists nobody: {remedy}", param_hint="--users")
    if certificate is None or key is None or not certificate.is_file() or not key.is_file():
        text = f"others reach {address}, and passwords would cross in clear: name --certificate and --key"
        raise typer.BadParameter(text, param_hint="--certificate")
