"""Recipe: all that must be known to install, start and people a product: data in a folder of its own, and no code."""

import tomllib
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template
from typing import Annotated, Literal

from pydantic import Field

from poc.settings import Door

Texts = Mapping[str, str]


class UnknownProductError(ValueError):
    """A product of a name that no recipe has; the text lists those that are known."""


class Step(Door):
    """A command of the product: ``says`` is what it does, or what the process is, ``keep`` a file for its output."""

    says: str
    command: tuple[str, ...] = Field(min_length=1)
    environment: Texts = Field(default_factory=dict)
    keep: str = ""


class Settings(Door):
    """How a server in production is to be set up, by whose word; ``source`` is where that word stands."""

    source: str
    says: str


class Recipe(Door):
    """A product of the vendor lab.

    ``distribution`` is the package whose version is the product's, ``python`` the oldest version that it runs on,
    ``needs`` what must be on the machine besides PostgreSQL, ``people`` the function (module:name) that makes the
    users of all actors on a product that has just begun to serve, ``health`` the path that answers when it serves,
    ``path`` where below its address the interface begins.
    ``files`` are written before every start, ``prepare`` is done once, ``serve`` are the processes that stay.

    In ``environment``, ``files`` and commands values stand by name: ${bin} (programs), ${run} (their folder), ${port},
    ${url}, ${database}, ${user}, ${password}, ${socket} (PostgreSQL's folder), ${redis} (URL without its number),
    ${secret} (64 hex digits), ${fernet} (32 bytes in URL-safe base64), ${admin} (the first administrator's password).
    """

    name: str
    title: str
    version: str
    licence: str
    home: str
    distribution: str
    connector: str
    python: Annotated[str, Field(pattern=r"^3\.\d+$")] = "3.11"
    needs: tuple[Literal["redis"], ...] = ()
    people: Annotated[str, Field(pattern=r"^poc\.lab\.vendors\.\w+:\w+$")]
    health: str = "/"
    path: str = ""
    settings: Settings
    environment: Texts = Field(default_factory=dict)
    files: Texts = Field(default_factory=dict)
    prepare: tuple[Step, ...] = ()
    serve: tuple[Step, ...] = Field(min_length=1)

    @property
    def least(self) -> tuple[int, int]:
        """Return the oldest version of Python as numbers."""
        major, minor = self.python.split(".")
        return int(major), int(minor)

    @property
    def lock(self) -> Traversable:
        """Return the list of all packages with their versions and hashes."""
        return _folder().joinpath(self.name, "packages.lock")

    @property
    def digest(self) -> str:
        """Return SHA-256 over recipe and list: what was installed by another one is another version."""
        told = sha256(_folder().joinpath(self.name, "recipe.toml").read_bytes())
        told.update(self.lock.read_bytes())
        return told.hexdigest()

    @property
    def stem(self) -> str:
        """Return the name as databases and environments take it."""
        return self.name.replace("-", "_")


@cache
def recipes() -> Mapping[str, Recipe]:
    """Read the recipes by name."""
    found = sorted(one.name for one in _folder().iterdir() if one.joinpath("recipe.toml").is_file())
    return {name: Recipe(name=name, **tomllib.loads(_text(name))) for name in found}


def recipe(name: str) -> Recipe:
    """Return a recipe by name; raises UnknownProductError."""
    if name not in recipes():
        raise UnknownProductError(f"there is no product {name!r} to install: known are {', '.join(recipes())}")
    return recipes()[name]


def filled(text: str, values: Texts) -> str:
    """Put values in the places that are named in a text; raises KeyError for a name that has none."""
    return Template(text).substitute(values)


def _text(name: str) -> str:
    return _folder().joinpath(name, "recipe.toml").read_text("utf-8")


def _folder() -> Traversable:
    return files("poc.lab.vendors").joinpath("recipes")
