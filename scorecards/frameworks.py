"""Frameworks: which law or standard each criterion serves, as data that no other code knows."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scorecards.criterion import CriteriaError


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One clause of a framework and the criteria whose evidence speaks for it, in our own short words.

    ``strength`` says how far behaviour of software can show it, ``confidence`` how well the clause number was checked,
    ``pivot`` the NIST SP 800-53 Rev. 5 ids that stand for it in OSCAL, ``clause_former`` the number it had before.
    """

    id: str
    framework: str
    clause: str
    title: str
    title_zh: str
    strength: str
    confidence: str
    pivot: tuple[str, ...]
    criteria: tuple[str, ...]
    clause_former: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A law, rule or standard; ``binding`` says on whom and how."""

    id: str
    name: str
    name_zh: str
    issuer: str
    binding: str
    controls: tuple[Control, ...]


@dataclass(frozen=True)
class Frameworks:
    """All frameworks, and the way back from a criterion to the clauses that it serves."""

    frameworks: tuple[Framework, ...]

    @cached_property
    def controls(self) -> tuple[Control, ...]:
        """Every control of every framework."""
        return tuple(control for framework in self.frameworks for control in framework.controls)

    @cached_property
    def by_criterion(self) -> Mapping[str, tuple[Control, ...]]:
        """The controls that a criterion gives evidence for, by criterion id."""
        served: dict[str, list[Control]] = {}
        for control in self.controls:
            for criterion in control.criteria:
                served.setdefault(criterion, []).append(control)
        return {criterion: tuple(controls) for criterion, controls in served.items()}


class _Control(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    clause: str = Field(min_length=1)
    clause_former: str = ""
    title: str = Field(min_length=3)
    title_zh: str = Field(min_length=2)
    strength: Literal["direct", "partial", "indirect"]
    confidence: Literal["high", "medium"]
    pivot: tuple[str, ...]
    criteria: tuple[str, ...] = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    name_zh: str
    issuer: str
    binding: str
    controls: dict[str, _Control]


def frameworks(folder: Traversable | None = None) -> Frameworks:
    """The frameworks from the TOML files of a folder, one file each; the shipped ones by default.

    Raises ``CriteriaError`` naming file, control and field for a file that cannot be used.
    """
    folder = folder or resources.files("scorecards") / "frameworks"
    files = sorted((path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)
    return Frameworks(tuple(_read(path) for path in files))


def _read(path: Traversable) -> Framework:
    try:
        door = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as problem:
        error = problem.errors()[0]
        place = ".".join(str(part) for part in error["loc"])
        message = f"frameworks/{path.name}: {place}: {error['msg'].lower()}; correct this field"
        raise CriteriaError(message) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise CriteriaError(f"frameworks/{path.name}: cannot be read ({problem}); correct the file") from None
    identity = path.name.removesuffix(".toml")
    return Framework(
        id=identity,
        name=door.name,
        name_zh=door.name_zh,
        issuer=door.issuer,
        binding=door.binding,
        controls=tuple(Control(id=name, framework=identity, **dict(one)) for name, one in door.controls.items()),
    )
