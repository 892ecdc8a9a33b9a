"""Criterion: one row that the bank scores, with its rubric, and the catalogue that holds all of them."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scenarios.evidence import Grade
from scorecards.robustness.ladder import Steps
from scorecards.rubric import SHARES, TOP, Judged, Rubric, RubricError, count, ladder, lower, share

#: What of a gate's row enters the total: only the excess above the gate, or all of its points.
GateScores: TypeAlias = Literal["excess", "whole"]


class CriteriaError(ValueError):
    """A criteria file that cannot be used: the message names the file, the row, the field and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """A branch of the total; ``rows`` are the id prefixes that hang on it. Unweighted ones stay beside the total."""

    code: str
    title: str
    title_zh: str
    rows: tuple[str, ...]
    weighted: bool = True


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One row of the catalogue. ``weight`` is 1 to 5 within its dimension, ``caps`` points by grade of evidence."""

    id: str
    dimension: str
    title: str
    title_zh: str
    weight: float
    gate: bool
    procedure: str
    sources: tuple[str, ...]
    rubric: Rubric
    harms: frozenset[str]
    caps: Mapping[Grade, float]

    @cached_property
    def checks(self) -> frozenset[str]:
        """Every check that its rubric or its harms name."""
        return self.rubric.checks | self.harms

    @cached_property
    def blank(self) -> Mapping[str, None]:
        """The same in alphabetical order, with nothing known of any."""
        return dict.fromkeys(sorted(self.checks))


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """All criteria and the scoring policy; frozen, the same for every target."""

    dimensions: tuple[Dimension, ...]
    criteria: tuple[Criterion, ...]
    gate_at: float
    gate_scores: GateScores = "excess"
    tie_band: float
    steps: Steps
    why: Mapping[str, Mapping[str, str]]

    @cached_property
    def by_id(self) -> Mapping[str, Criterion]:
        """The criteria by id."""
        return {criterion.id: criterion for criterion in self.criteria}

    @cached_property
    def weighted(self) -> tuple[Dimension, ...]:
        """The dimensions that enter a target's total."""
        return tuple(dimension for dimension in self.dimensions if dimension.weighted)

    @cached_property
    def process(self) -> tuple[Criterion, ...]:
        """The rows about the committee itself."""
        beside = {dimension.code for dimension in self.dimensions if not dimension.weighted}
        return tuple(criterion for criterion in self.criteria if criterion.dimension in beside)

    @cached_property
    def of_targets(self) -> tuple[Criterion, ...]:
        """The rows about a target."""
        weighted = {dimension.code for dimension in self.weighted}
        return tuple(criterion for criterion in self.criteria if criterion.dimension in weighted)

    def of(self, dimension: str) -> tuple[Criterion, ...]:
        """The rows of one dimension, by its code."""
        return tuple(criterion for criterion in self.criteria if criterion.dimension == dimension)


class _Door(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


D = TypeVar("D", bound=_Door)


class _Count(_Door):
    of: Annotated[int, Field(ge=0)] = 0
    checks: tuple[str, ...] = ()
    shares: tuple[float, ...] = SHARES


class _Measured(_Door):
    measure: str
    target: float


class _Row(_Door):
    title: Annotated[str, Field(min_length=3)]
    title_zh: Annotated[str, Field(min_length=2)]
    weight: Annotated[float, Field(ge=1, le=5)]
    gate: bool = False
    procedure: Annotated[str, Field(min_length=20)]
    sources: tuple[str, ...]
    harms: tuple[str, ...] = ()
    groups: dict[str, tuple[str, ...]] = {}
    told_by: dict[str, str] = {}
    count: _Count | None = None
    ladder: dict[int, tuple[str, ...]] | None = None
    lower: _Measured | None = None
    share: _Measured | None = None
    judged: Annotated[tuple[str, ...], Field(min_length=6, max_length=6)] | None = None

    def rubric(self) -> Rubric:
        """The one rubric of the row."""
        kinds: list[Rubric] = []
        if self.count:
            kinds.append(count(checks=frozenset(self.count.checks), of=self.count.of, shares=self.count.shares))
        if self.ladder:
            kinds.append(ladder(self.ladder, self.groups, self.told_by))
        kinds += [lower(self.lower.measure, self.lower.target)] if self.lower else []
        kinds += [share(self.share.measure, self.share.target)] if self.share else []
        kinds += [Judged(bands=self.judged)] if self.judged else []
        if len(kinds) != 1:
            raise RubricError("give exactly one of count, ladder, lower, share or judged")
        return kinds[0]


class _Branch(_Door):
    title: str
    title_zh: str
    rows: tuple[str, ...]
    weighted: bool = True


class _Steps(_Door):
    recommended: float = Field(ge=0, le=1)
    preferred: float = Field(ge=0, le=1)
    pessimistic: float = Field(ge=0, le=1)


class _Policy(_Door):
    gate_at: float = Field(ge=0, lt=TOP)
    gate_scores: GateScores = "excess"
    tie_band: float
    steps: _Steps
    caps: dict[Grade, float]
    caps_on: dict[str, dict[Grade, float]]
    why: dict[str, dict[str, str]]
    dimensions: dict[str, _Branch]


def dimension_of(criterion: str) -> str:
    """The dimension that a row counts in, by the letters its id begins with (PER-10: INT); unknown letters stay."""
    prefix = criterion.partition("-")[0]
    return _prefixes().get(prefix, prefix)


@cache
def _prefixes() -> Mapping[str, str]:
    policy = _parsed(_Policy, _toml(resources.files("scorecards") / "policy.toml"), "policy.toml")
    found = {prefix: code for code, branch in policy.dimensions.items() for prefix in branch.rows}
    return MappingProxyType(found)


def catalogue(folder: Traversable | None = None) -> Catalogue:
    """The catalogue from ``criteria/*.toml`` and ``policy.toml`` of a folder; the shipped one by default.

    Raises ``CriteriaError`` for a file that cannot be used.
    """
    folder = folder or resources.files("scorecards")
    policy = _parsed(_Policy, _toml(folder / "policy.toml"), "policy.toml")
    branches = tuple(Dimension(code=code, **dict(branch)) for code, branch in policy.dimensions.items())
    files = {prefix: _toml(folder / "criteria" / f"{prefix}.toml") for one in branches for prefix in one.rows}
    return Catalogue(
        dimensions=branches,
        criteria=tuple(
            _criterion(identity, row, one, policy, prefix)
            for one in branches
            for prefix in one.rows
            for identity, row in files[prefix].items()
        ),
        gate_at=policy.gate_at,
        gate_scores=policy.gate_scores,
        tie_band=policy.tie_band,
        steps=Steps(**policy.steps.model_dump()),
        why=policy.why,
    )


def _criterion(identity: str, row: object, branch: Dimension, policy: _Policy, prefix: str) -> Criterion:
    where = f"criteria/{prefix}.toml [{identity}]"
    if not identity.startswith(f"{prefix}-"):
        raise CriteriaError(f"{where}: the id does not begin with {prefix}-; move the row to its own file")
    parsed = _parsed(_Row, row, where)
    try:
        rubric = parsed.rubric()
    except RubricError as problem:
        raise CriteriaError(f"{where}: {problem}") from None
    kept = {name: getattr(parsed, name) for name in ("title", "title_zh", "weight", "gate", "procedure", "sources")}
    return Criterion(
        id=identity,
        dimension=branch.code,
        rubric=rubric,
        harms=frozenset(parsed.harms),
        caps={**policy.caps, **policy.caps_on.get(branch.code, {})},
        **kept,
    )


def _parsed(kind: type[D], data: object, where: str) -> D:
    try:
        return kind.model_validate(data)
    except ValidationError as problem:
        raise CriteriaError(f"{where}: {_first(problem.errors())}") from None


def _first(errors: Iterable[Any]) -> str:
    error = next(iter(errors))
    field = ".".join(str(part) for part in error["loc"]) or "row"
    return f"{field} = {error['input']!r}: {error['msg'].lower()}; correct this field"


def _toml(path: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise CriteriaError(f"{path.name}: cannot be read ({problem}); restore or correct the file") from None
