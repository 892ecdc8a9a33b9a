"""Tools: programs of others, each in an environment of its own in the user's cache; they are called, never imported."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

#: The file that says that an environment is whole, and for which version.
WHOLE = "touchstone.version"


class ToolError(Exception):
    """A tool could not be installed or removed; the text says why and what to do."""


class UnknownToolError(ValueError):
    """A tool of a name that is not known; the text lists those that are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A program of others: its version, its licence (SPDX), the criterion that it helps to judge, and what it does."""

    name: str
    version: str
    licence: str
    criterion: str
    purpose: str
    program: str

    def place(self, folder: Path) -> Path:
        """Return where its environment lies in the folder of all tools."""
        return folder / self.name

    def installed(self, folder: Path) -> str:
        """Return the version that is installed whole in the folder of all tools, "" for none."""
        mark = self.place(folder) / WHOLE
        return mark.read_text("utf-8").strip() if mark.is_file() else ""

    def command(self, folder: Path) -> Path | None:
        """Return the program if the pinned version of the tool is installed, None if not."""
        return self.place(folder) / "bin" / self.program if self.installed(folder) == self.version else None

    @property
    def remedy(self) -> str:
        """Return what to do where it is missing."""
        return f"{self.name} {self.version} is not installed: touchstone tools install {self.name}"


@cache
def tools() -> Mapping[str, Tool]:
    """Read the known tools by name."""
    told = tomllib.loads(files("poc.connectors").joinpath("external", "tools.toml").read_text("utf-8"))
    return {name: Tool(name=name, **facts) for name, facts in told.items()}


def tool(name: str) -> Tool:
    """Return a tool by name; raises UnknownToolError."""
    if name not in tools():
        raise UnknownToolError(f"unknown tool {name!r}: known are {', '.join(tools())}")
    return tools()[name]


def install(one: Tool, folder: Path, report: Callable[[str, int, int], None]) -> Path:
    """Make the environment of a tool and return its program; what was there before is replaced, nothing stays half.

    Every file that is fetched must have one of the hashes that are listed. Raises ToolError.
    """
    place = one.place(folder)
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        report(f"{one.name}: environment", 0, 2)
        _do(one, [sys.executable, "-m", "venv", str(place)])
        report(f"{one.name}: programs", 1, 2)
        with as_file(files("poc.connectors").joinpath("external", f"{one.name}.txt")) as listed:
            pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            _do(one, [*pip, "--require-hashes", "--requirement", str(listed)])
        (place / WHOLE).write_text(f"{one.version}\n", "utf-8")
        report(f"{one.name}: ready", 2, 2)
    finally:
        if not one.installed(folder):
            shutil.rmtree(place, ignore_errors=True)
    return place / "bin" / one.program


def remove(one: Tool, folder: Path) -> bool:
    """Remove a tool's environment and return whether there was one."""
    there = one.place(folder).is_dir()
    shutil.rmtree(one.place(folder), ignore_errors=True)
    return there


def _do(one: Tool, command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no reason given"]
        raise ToolError(f"{one.name} could not be installed: {last[0]}; check the way to your package index, try again")
