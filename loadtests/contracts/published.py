"""Published: contracts by name, read from data that names its sources."""

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class ContractError(ValueError):
    """A contract or a day that cannot be read; the text names the field, the value and the remedy."""


class Part(BaseModel):
    """A part of a file that people write."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


P = TypeVar("P", bound=Part)


class Allowance(Part):
    """One quota; ``requests`` are seconds of execution for ``work``."""

    kind: Literal["window", "day", "at_once", "work"]
    requests: Annotated[int, Field(ge=0)]
    seconds: Annotated[float, Field(gt=0)] = 86_400
    per: Literal["all", "interface", "user"] = "all"
    only: str = ""
    longer_than: Annotated[float, Field(ge=0)] = 0
    licence: Annotated[int, Field(ge=0)] = 0
    pack: Annotated[int, Field(ge=0)] = 0

    def size(self, licences: int, packs: int) -> int:
        """Return what it lets through with so many licences and packs."""
        return self.requests + licences * self.licence + packs * self.pack

    def told(self, licences: int, packs: int) -> str:
        """Return it in words, as a label."""
        size, whose = self.size(licences, packs), "" if self.per == "all" else f"/{self.per}"
        of = f" {self.only}" if self.only else ""
        match self.kind:
            case "window":
                return f"{size:,}{of}{whose} / {_span(self.seconds)}"
            case "day":
                return f"{size:,}{of}{whose} / day"
            case "at_once":
                longer = f" > {self.longer_than:g} s" if self.longer_than else ""
                return f"{size:,}{of}{whose} at once{longer}"
        return f"{size:,} s of work{whose} / {_span(self.seconds)}"


class Contract(Part):
    """What a vendor publishes: title, limits, where it was read and when, and how it says no."""

    title: str
    source: str
    read: date
    says: str = ""
    note: str = ""
    limits: Annotated[tuple[Allowance, ...], Field(min_length=1)]


def contracts(path: Path | None = None) -> Mapping[str, Contract]:
    """Return contracts by name, the shipped ones or those of a file; raises ContractError."""
    told = parsed(path, "published.toml")
    return {name: checked(Contract, entry, f"{path or 'published.toml'}: {name}") for name, entry in told.items()}


def contract(name: str, path: Path | None = None) -> Contract:
    """Return a contract by name; raises ContractError listing the known ones."""
    known = contracts(path)
    if name not in known:
        raise ContractError(f"contract {name!r} is unknown: use {', '.join(sorted(known))}, or a file of your own")
    return known[name]


def parsed(path: Path | None, shipped: str) -> Mapping[str, Any]:
    """Return a TOML file of somebody's, or the shipped one; raises ContractError."""
    place = files("loadtests").joinpath("contracts", shipped) if path is None else path
    try:
        return tomllib.loads(place.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ContractError(f"{path or shipped} cannot be read: {fault}") from None


def checked(kind: type[P], entry: object, where: str) -> P:
    """Return an entry as a part; raises ContractError naming the field."""
    try:
        return kind.model_validate(entry)
    except ValidationError as fault:
        first = fault.errors()[0]
        field = ".".join([where, *(str(part) for part in first["loc"])])
        shown = "" if first["type"] in ("value_error", "missing") else f" = {first['input']!r}"
        raise ContractError(f"{field}{shown}: {first['msg'].removeprefix('Value error, ')}") from None


def _span(seconds: float) -> str:
    return "24 h" if seconds == 86_400 else f"{seconds / 60:g} min" if seconds % 60 == 0 else f"{seconds:g} s"
