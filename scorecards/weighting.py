"""Weighting: how much each dimension matters to this bank, who said so, and why."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scorecards.documents import DocumentError, document

DIMENSIONS = ("SEC", "CUS", "INT", "AI", "UX", "VEN", "ROI")


class WeightingError(ValueError):
    """A weighting that cannot be used: the message names the field, the value and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A gate that the committee drops: who, why, until when, and for which target ("" is all of them)."""

    gate: str
    name: str
    reason: str
    expires: date
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighting:
    """Shares of the seven dimensions (they sum to 1), and where a bank departs from the catalogue's rows and gates.

    ``criteria`` replaces the weight of single rows (1 to 5 in the catalogue, any positive number here); ``gates`` are
    added to the catalogue's, ``waivers`` drop some of them until they expire.
    """

    name: str
    because: str
    agreed_by: tuple[str, ...]
    agreed_on: date | None
    dimensions: Mapping[str, float]
    criteria: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    gates: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    name_zh: str = ""
    because_zh: str = ""

    @classmethod
    def of(cls, dimensions: Mapping[str, float], *, name: str = "moved by hand", because: str = "") -> "Weighting":
        """A weighting from any seven numbers that are not negative, as sliders give them; normalised to 1.

        Raises ``WeightingError`` for a dimension that is missing, unknown or not a number.
        """
        return cls(
            name=name,
            name_zh="手动调整",
            because=because,
            agreed_by=(),
            agreed_on=None,
            dimensions=normalised(dimensions, name),
        )

    def moved(self, dimensions: Mapping[str, float]) -> "Weighting":
        """The same rows, gates and waivers under other dimensions: what sliders do to a weighting that was agreed.

        Nobody has agreed on the result, so name and signatures go. Raises ``WeightingError`` as ``of`` does.
        """
        fresh = Weighting.of(dimensions)
        return replace(fresh, criteria=self.criteria, gates=self.gates, waivers=self.waivers)

    def waiver(self, gate: str, target: str) -> Waiver | None:
        """Return the waiver that speaks of a gate of a target, the one that lasts longest; None where none does."""
        found = (one for one in self.waivers if one.gate == gate and one.target in ("", target))
        return max(found, key=lambda one: one.expires, default=None)

    @property
    def digest(self) -> str:
        """SHA-256 over everything that can move a total: what is frozen before evidence is seen."""
        content = {
            "agreed_by": self.agreed_by,
            "agreed_on": str(self.agreed_on),
            "because": self.because,
            "criteria": dict(sorted(self.criteria.items())),
            "dimensions": dict(sorted(self.dimensions.items())),
            "gates": sorted(self.gates),
            "name": self.name,
            "waivers": [
                [one.gate, one.name, one.reason, one.expires.isoformat(), *([one.target] if one.target else [])]
                for one in self.waivers
            ],
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def normalised(dimensions: Mapping[str, float], name: str) -> Mapping[str, float]:
    """The seven numbers as shares that sum to 1, in the order of the catalogue."""
    missing = [code for code in DIMENSIONS if code not in dimensions]
    if missing:
        raise WeightingError(
            f"weighting {name!r}: dimensions.{missing[0]} is missing; "
            f"give it a number (0 if it shall not count), all of {', '.join(DIMENSIONS)} are needed"
        )
    for code, value in dimensions.items():
        if code not in DIMENSIONS:
            raise WeightingError(f"weighting {name!r}: dimensions.{code} is unknown; use {', '.join(DIMENSIONS)}")
        if not math.isfinite(value) or value < 0:
            raise WeightingError(f"weighting {name!r}: dimensions.{code} = {value}: give a number from 0 upwards")
    total = math.fsum(dimensions.values())
    if not total or not math.isfinite(total):
        raise WeightingError(f"weighting {name!r}: dimensions sum to {total}; give at least one a positive number")
    return MappingProxyType({code: dimensions[code] / total for code in DIMENSIONS})


class _Waiver(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    expires: date
    target: str = ""


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(min_length=1)
    because: str = Field(min_length=1)
    agreed_by: tuple[str, ...] = Field(min_length=1)
    agreed_on: date
    dimensions: dict[str, float]
    criteria: dict[str, float] = {}
    gates: tuple[str, ...] = ()
    waive: dict[str, _Waiver] = {}
    name_zh: str = ""
    because_zh: str = ""


def weightings() -> tuple[str, ...]:
    """The names of the shipped weightings, as ``load_weighting`` takes them."""
    return tuple(
        sorted(path.name.removesuffix(".toml") for path in _shipped().iterdir() if path.name.endswith(".toml"))
    )


def load_weighting(name: str | Path) -> Weighting:
    """The shipped weighting of that name, or the one in that TOML file.

    Raises ``WeightingError`` for an unknown name, a file that cannot be read, a missing dimension or an unknown key.
    """
    shipped = str(name) in weightings()
    path = _shipped() / f"{name}.toml" if shipped else Path(name)
    if not path.is_file():
        raise WeightingError(f"weighting {str(name)!r}: no such name or file; shipped are {', '.join(weightings())}")
    try:
        return _read(document(path.read_bytes()), str(name))
    except (OSError, DocumentError) as problem:
        raise WeightingError(f"weighting {str(name)!r}: cannot be read ({problem}); correct the file") from None


def _read(data: Mapping[str, Any], name: str) -> Weighting:
    try:
        door = _File.model_validate(data)
    except ValidationError as problem:
        error = problem.errors()[0]
        place = ".".join(str(part) for part in error["loc"])
        raise WeightingError(f"weighting {name!r}: {place}: {error['msg'].lower()}; correct this field") from None
    for criterion, weight in door.criteria.items():
        if not math.isfinite(weight) or weight < 0:
            raise WeightingError(f"weighting {name!r}: criteria.{criterion} = {weight}: give a number from 0 upwards")
    return Weighting(
        name=door.name,
        name_zh=door.name_zh,
        because=door.because,
        because_zh=door.because_zh,
        agreed_by=door.agreed_by,
        agreed_on=door.agreed_on,
        dimensions=normalised(door.dimensions, name),
        criteria=MappingProxyType(dict(door.criteria)),
        gates=door.gates,
        waivers=tuple(Waiver(gate=gate, **dict(one)) for gate, one in door.waive.items()),
    )


def _shipped() -> Traversable:
    return resources.files("scorecards") / "weightings"
