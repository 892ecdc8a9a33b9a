"""touchstone app: opens the workbench in the browser."""

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
#: TLS 1.2 suites with authenticated encryption and forward secrecy (RFC 9325, 4.2); those of TLS 1.3 all have both.
SUITES = "ECDHE+AESGCM:ECDHE+CHACHA20"


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
    settings = {
        "SERVER_ADDRESS": address,
        "SERVER_PORT": str(port),
        "SERVER_HEADLESS": str(guarded or not browser or certificate is not None).lower(),
        "SERVER_MAX_UPLOAD_SIZE": "1",
        "SERVER_ENABLE_XSRF_PROTECTION": "true",
        "SERVER_ENABLE_CORS": "true",
        "BROWSER_SERVER_ADDRESS": named,
        "BROWSER_GATHER_USAGE_STATS": "false",
    }
    if certificate and key:
        settings |= {
            "LOGGER_LEVEL": "warning",
            "SERVER_SSL_CERT_FILE": str(certificate),
            "SERVER_SSL_KEY_FILE": str(key),
        }
        command = _over_tls(door.origin, address, port, certificate, key)
    else:
        command = ["streamlit", "run", door.origin]
    told = {f"STREAMLIT_{name}": value for name, value in settings.items()}
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        check=False,
        env={**os.environ, **told, **({VARIABLE: str(users)} if guarded else {})},
    )
    if ended.returncode > 0:
        raise typer.Exit(OUR_FAULT)


def _over_tls(door: str, address: str, port: int, certificate: Path, key: Path) -> list[str]:
    """Return how the pages are served over TLS: by the server that Streamlit starts too, which it tells no suites."""
    place = ["--app-dir", str(Path(door).parent), "--host", address, "--port", str(port), "--ws", "websockets-sansio"]
    papers = ["--ssl-certfile", str(certificate), "--ssl-keyfile", str(key), "--ssl-ciphers", SUITES]
    return ["uvicorn", f"{Path(door).stem}:app", *place, *papers, "--no-access-log", "--no-server-header"]


def _refuse_unguarded(address: str, users: Path, certificate: Path | None, key: Path | None) -> None:
    if not listed(users):
        remedy = f"touchstone user add NAME --role admin --users {users}"
        raise typer.BadParameter(f"others reach {address}, and {users} lists nobody: {remedy}", param_hint="--users")
    if certificate is None or key is None or not certificate.is_file() or not key.is_file():
        text = f"others reach {address}, and passwords would cross in clear: name --certificate and --key"
        raise typer.BadParameter(text, param_hint="--certificate")
