"""Scans: run a tool of others against a target, harmless and bounded, and return what it reports as plain data."""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from poc.connectors.tools import Tool, tool
from scenarios.port import BenchFault
from scenarios.verdict import NotTestable

#: What sslyze looks at; how often a client may renegotiate is counted without load.
LOOKS = (
    "--sslv2", "--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2", "--tlsv1_3", "--heartbleed", "--robot", "--openssl_ccs",
    "--reneg", "--compression", "--fallback", "--certinfo",
)  # fmt: skip
#: What wapiti tries: reads only. Its module "methods" is left out, since it sends PUT, PATCH and DELETE to find them.
MODULES = ("cookieflags", "csp", "http_headers", "crlf", "redirect", "xss", "file")
#: Modules that also send forms (POST), which is switched off.
SENDING = ("crlf", "redirect", "xss", "file")
#: Where a target that can be made to call somebody would call: nobody; the tool names its makers' servers.
NOWHERE = "https://127.0.0.1:9/"
#: Parts of reports that are not kept.
LEFT_OUT = frozenset(
    {
        "received_certificate_chain", "verified_certificate_chain", "ocsp_response", "error_trace", "ephemeral_key",
        "connectivity_error_trace", "connectivity_result", "network_configuration", "classifications",
    }
)  # fmt: skip
#: Requests under way at once, links followed deep, and the seconds left to a tool to come to its end.
TASKS, DEPTH, GRACE = 2, 3, 20.0


class Aim(NamedTuple):
    """What is scanned: the target's address, the authority that it must lead to, and the most seconds it may take."""

    url: str
    ca: Path | None
    seconds: float


def scan(name: str, aim: Aim, *, folder: Path) -> Mapping[str, object]:
    """Run a tool and return its report; raises NotTestable if it is not installed, BenchFault if it fails."""
    one = tool(name)
    program = one.command(folder)
    if program is None:
        raise NotTestable(one.remedy)
    with tempfile.TemporaryDirectory(prefix="touchstone-") as own:
        report = Path(own) / "report.json"
        _run(one, [str(program), *COMMANDS[name](aim, report)], aim.seconds + GRACE, Path(own))
        try:
            told: Mapping[str, object] = _lean(json.loads(report.read_bytes()))
        except (OSError, ValueError):
            raise BenchFault(f"{name} left no report: try it by itself with {program} --help") from None
    return told


def _lean(told: Any) -> Any:
    """Return a report without what nobody judges: whole certificates (numbers beyond 64 bits), traces, explanations."""
    if isinstance(told, dict):
        return {name: _lean(each) for name, each in told.items() if name not in LEFT_OUT}
    return [_lean(each) for each in told] if isinstance(told, list) else told


def _of_sslyze(aim: Aim, report: Path) -> list[str]:
    parts = urlsplit(aim.url)
    trusted = ["--certinfo_ca_file", str(aim.ca)] if aim.ca else []
    where = f"{parts.hostname}:{parts.port or 443}"
    return ["--quiet", f"--json_out={report}", *LOOKS, *trusted, "--mozilla_config", "disable", where]


def _of_wapiti(aim: Aim, report: Path) -> list[str]:
    """Never tell the makers of a crash, keep nothing in the user's home, and let certificates be judged elsewhere."""
    bounds = ["--max-scan-time", str(int(aim.seconds)), "--max-attack-time", str(max(int(aim.seconds / 4), 1))]
    own = ["--store-session", str(report.parent), "--store-config", str(report.parent), "--flush-session"]
    pace = ["--tasks", str(TASKS), "-S", "polite", "-d", str(DEPTH), "--scope", "folder"]
    told = ["-f", "json", "-o", str(report), "-v", "0", "--no-bugreport", "--verify-ssl", "0"]
    own += ["--endpoint", NOWHERE, "--dns-endpoint", "localhost"]
    modules = ",".join([*MODULES, *(f"-{name}:post" for name in SENDING)])
    return ["-u", f"{aim.url}/", "-m", modules, *pace, *bounds, *own, *told]


#: How each tool is told what to do.
COMMANDS: Mapping[str, Callable[[Aim, Path], list[str]]] = {"sslyze": _of_sslyze, "wapiti": _of_wapiti}


def _run(one: Tool, command: list[str], patience: float, home: Path) -> None:
    """Run a tool without the secrets that this process may have in its environment."""
    plain = {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=patience, check=False, env=plain)
    except subprocess.TimeoutExpired:
        raise BenchFault(f"{one.name} did not end within {patience:.0f} s: look whether the target answers") from None
    except OSError as fault:
        raise BenchFault(f"{one.name} does not start ({fault.strerror}): touchstone tools install {one.name}") from None
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no reason given"]
        raise BenchFault(f"{one.name} failed: {last[0]}")
