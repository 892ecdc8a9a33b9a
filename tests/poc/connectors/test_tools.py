"""Tools: known by name, pinned to the byte, installed whole or not at all, and never imported."""

import ast
import re
from importlib.resources import files
from pathlib import Path

import pytest

from poc.connectors.tools import UnknownToolError, remove, tool, tools
from poc.lab.environment import WHOLE

HOUSE = Path(__file__).parents[3]
NAMES = {"sslyze": {"sslyze", "nassl"}, "wapiti": {"wapitiCore", "wapiti"}}


def test_every_tool_tells_its_licence_and_what_to_do_where_it_is_missing() -> None:
    assert tools().keys() == NAMES.keys()
    for one in tools().values():
        assert "GPL" in one.licence
        assert one.remedy.endswith(f"touchstone tools install {one.name}")


@pytest.mark.parametrize("name", NAMES)
def test_every_package_of_a_tool_is_pinned_and_has_hashes(name: str) -> None:
    text = files("poc.connectors").joinpath("external", f"{name}.txt").read_text("utf-8")
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert all(re.match(r"[\w.-]+==\S+", block) and "--hash=sha256:" in block for block in blocks)
    assert any(re.match(rf"{name}3?=={re.escape(tool(name).version)} ", block) for block in blocks)
    assert "://" not in text


def test_no_tool_is_ever_imported() -> None:
    foreign = set().union(*NAMES.values())
    rooms = [HOUSE / room for room in ("poc", "scorecards", "loadtests", "scenarios", "synthetic_data")]
    for path in [HOUSE / "app.py", *(path for room in rooms for path in room.rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            named = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            named += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            assert not foreign.intersection(name.partition(".")[0] for name in named), path


def test_an_unknown_tool_is_told_with_the_known_ones() -> None:
    with pytest.raises(UnknownToolError, match="unknown tool 'nmap': known are sslyze, wapiti"):
        tool("nmap")


def test_only_a_whole_environment_of_the_pinned_version_counts(tmp_path: Path) -> None:
    one = tool("sslyze")
    place = one.environment(tmp_path).place
    place.mkdir(parents=True)
    assert (one.installed(tmp_path), one.command(tmp_path)) == ("", None)
    (place / WHOLE).write_text("0.1\n", "utf-8")
    assert (one.installed(tmp_path), one.command(tmp_path)) == ("0.1", None)
    (place / WHOLE).write_text(f"{one.version}\n", "utf-8")
    assert one.command(tmp_path) == place / "bin" / "sslyze"
    assert [remove(one, tmp_path), remove(one, tmp_path), place.exists()] == [True, False, False]
