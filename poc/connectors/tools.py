"""Tools: programs of others, each in an environment of its own in the user's cache; they are called, never imported."""

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from poc.lab.environment import Environment, Report


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

    def environment(self, folder: Path) -> Environment:
        """Return where it lives in the folder of all tools."""
        return Environment(name=self.name, place=folder / self.name, mark=self.version)

    def installed(self, folder: Path) -> str:
        """Return the version that is installed whole in the folder of all tools, "" for none."""
        return self.environment(folder).found

    def command(self, folder: Path) -> Path | None:
        """Return the program if the pinned version of the tool is installed, None if not."""
        home = self.environment(folder)
        return home.bin / self.program if home.whole else None

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


def install(one: Tool, folder: Path, report: Report) -> Path:
    """Make the environment of a tool and return its program; what was there before is replaced, nothing stays half.

    Every file that is fetched must have one of the hashes that are listed. Raises EnvironmentFault.
    """
    home = one.environment(folder)
    with as_file(files("poc.connectors").joinpath("external", f"{one.name}.txt")) as listed:
        home.make(listed, Path(sys.executable), report)
    return home.bin / one.program


def remove(one: Tool, folder: Path) -> bool:
    """Remove a tool's environment and return whether there was one."""
    return one.environment(folder).remove()
