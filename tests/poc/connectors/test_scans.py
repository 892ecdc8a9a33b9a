"""Scans: what is missing is told with its remedy, a program's report is read, and its failure is the bench's own."""

import os
from pathlib import Path

import pytest

from poc.connectors.scans import COMMANDS, MODULES, SENDING, Aim, scan
from poc.connectors.tools import tool
from poc.connectors.wire import HttpsWire
from poc.lab.environment import WHOLE
from scenarios.port import BenchFault
from scenarios.verdict import NotTestable

AIM = Aim("https://127.0.0.1:9", None, 8.0)


def program(folder: Path, script: str) -> Path:
    """Put a program in the place of sslyze."""
    one = tool("sslyze")
    path = one.environment(folder).bin / one.program
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o700)
    (one.environment(folder).place / WHOLE).write_text(one.version, "utf-8")
    return folder


def test_a_tool_that_is_missing_is_told_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(NotTestable, match=r"wapiti 3\.2\.3 is not installed: touchstone tools install wapiti"):
        scan("wapiti", AIM, folder=tmp_path)


def test_the_report_is_returned_and_no_secret_of_ours_is_in_the_tools_environment(tmp_path: Path) -> None:
    told = 'for word in "$@"; do case $word in --json_out=*) out=${word#--json_out=};; esac; done\n'
    folder = program(tmp_path, f'{told}echo "{{\\"names\\": \\"$(env | cut -d= -f1 | sort | tr "\\n" " ")\\"}}" > $out')
    names = set(str(scan("sslyze", AIM, folder=folder)["names"]).split())
    assert names & os.environ.keys() <= {"PATH", "HOME", "LANG", "PWD", "OLDPWD", "SHLVL", "_"}


@pytest.mark.parametrize(("script", "said"), [("echo no luck >&2; exit 1", "failed: no luck"), ("exit 0", "no report")])
def test_a_tool_that_fails_is_a_fault_of_ours(tmp_path: Path, script: str, said: str) -> None:
    with pytest.raises(BenchFault, match=said):
        scan("sslyze", AIM, folder=program(tmp_path, script))


def test_wapiti_only_reads_keeps_its_bounds_and_tells_nobody() -> None:
    asked = COMMANDS["wapiti"](AIM, Path("/tmp/own/report.json"))
    assert "--no-bugreport" in asked
    assert asked[asked.index("--max-scan-time") + 1] == "8"
    assert not {"methods", "sql", "permanentxss", "brute_login_form", "buster", "nikto"} & set(MODULES)


def test_nothing_is_scanned_without_permission(tmp_path: Path) -> None:
    wire = HttpsWire("https://127.0.0.1:9", tools=tmp_path)
    with pytest.raises(NotTestable, match="nobody permitted attacks"):
        wire.scan("sslyze", seconds=1.0)
    wire.close()


def test_wapiti_sends_no_form_and_names_no_host_of_its_makers() -> None:
    asked = COMMANDS["wapiti"](AIM, Path("/tmp/own/report.json"))
    chosen = asked[asked.index("-m") + 1].split(",")
    # the tool reads "module:get" the wrong way round (3.2.3), so what is not wanted is switched off instead
    assert {f"-{name}:post" for name in SENDING} <= set(chosen)
    assert not [one for one in chosen if one.endswith(":get")]
    assert asked[asked.index("--endpoint") + 1].startswith("https://127.0.0.1")
