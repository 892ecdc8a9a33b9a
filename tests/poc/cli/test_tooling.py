"""Tools on the command line: listed with licence, removed, and asked for before a run that needs them."""

import json
from pathlib import Path

import pytest
import typer

from poc.cli.door import run
from poc.cli.trials import scanned


def test_tools_are_listed_with_their_licences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert run(["tools", "list", "--json"]) == 0
    rows = {row["tool"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["sslyze"]["licence"].startswith("AGPL-3.0")
    assert rows["wapiti"]["installed"] is None
    assert run(["tools", "remove", "wapiti", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"tool": "wapiti", "removed": False}


def test_an_unknown_tool_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["tools", "install", "nmap"]) == 2
    assert capsys.readouterr().err == "touchstone: unknown tool 'nmap': known are sslyze, wapiti\n"


def test_a_scan_asked_for_without_its_tool_is_refused_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(typer.BadParameter, match="touchstone tools install sslyze"):
        scanned([])
    assert scanned(["CUS-01"]) == ()
