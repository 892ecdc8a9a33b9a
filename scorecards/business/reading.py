"""read_case(): a business case from a TOML file or an upload, every mistake named by its field, value and remedy."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scorecards.business.beliefs import Belief, Kind, of_claim
from scorecards.business.case import Case, CostLine, Risk
from scorecards.business.drivers import Driver
from scorecards.documents import DocumentError, document, shown
from scorecards.methods.tables import TableError

HERE = resources.files(__package__)
#: Drivers, risks or years of one case: each is drawn a hundred thousand times, in the memory of whoever serves.
MOST = 60


class CaseError(ValueError):
    """A business case that cannot be used; the message names file, field, value and remedy."""


#: An amount, a share or a count: none of a bank's is beyond a quadrillion, and products of some must stay numbers.
Number = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
Cost = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Belief(_Strict):
    kind: Kind
    a: Number
    b: Number = 0.0
    c: Number = 0.0

    def made(self) -> Belief:
        return Belief(kind=self.kind, a=self.a, b=self.b, c=self.c)


class _Cost(_Strict):
    once: Cost = 0.0
    yearly: Cost = 0.0
    escalation: float = Field(default=0.0, gt=-1, lt=1)
    overruns: bool | None = None
    by_year: dict[int, Number] = Field(default_factory=dict, max_length=MOST)
    source: str = ""


class _Driver(_Strict):
    title: str
    title_zh: str
    quote: str
    source: str
    interest: str
    grade: str
    way: str
    stated: Number
    effect: _Belief | None = None
    facts: dict[str, Number]
    attributed: bool = True
    owner: str = ""
    scenarios: tuple[str, ...] = ()


class _Risk(_Strict):
    title: str
    title_zh: str
    a_year: _Belief
    loss: _Belief
    reduction: _Belief
    criteria: tuple[str, ...] = ()


class _Uncertain(_Strict):
    attribution: _Belief = _Belief(kind="exactly", a=1.0)
    delay_months: _Belief = _Belief(kind="exactly", a=0.0)
    overrun: _Belief = _Belief(kind="exactly", a=1.0)
    ramp: tuple[_Belief, ...] = Field(default=(), max_length=MOST)
    tied: tuple[tuple[str, str, Number], ...] = Field(default=(), max_length=MOST)


class _Case(_Strict):
    name: str
    name_zh: str = ""
    example: bool = False
    currency: str = Field(pattern="^[A-Z]{3}$")
    years: int
    rate: float
    users: int = Field(default=0, ge=0, le=10**9)
    uncertain: _Uncertain = _Uncertain()
    costs: dict[str, _Cost]
    drivers: dict[str, _Driver] = Field(default_factory=dict, max_length=MOST)
    risks: dict[str, _Risk] = Field(default_factory=dict, max_length=MOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineName:
    """One of the 22 cost lines, and whether projects of its kind cost more than planned."""

    name: str
    title: str
    title_zh: str
    overruns: bool


def cost_lines() -> Mapping[str, LineName]:
    """Return the 22 lines that a complete offer fills (criterion ROI-02), by name."""
    document = tomllib.loads((HERE / "lines.toml").read_text("utf-8"))
    return {name: LineName(name=name, **line) for name, line in document["lines"].items()}


def example_case() -> Case:
    """Return the filled example, which describes no bank and says so."""
    return read_case(HERE / "example-bank.toml")


def read_case(path: Path | Traversable) -> Case:
    """Return the case in a TOML file; raises CaseError in one line."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise CaseError(
            f"business case {path}: cannot be read ({fault.strerror}); point at a TOML file like the example"
        ) from fault
    return case_from(content, f"business case {path}")


def case_from(content: bytes, name: str) -> Case:
    """Return the case in the bytes of a TOML document, wherever they come from; raises CaseError in one line."""
    try:
        return case_of(document(content), name)
    except DocumentError as fault:
        raise CaseError(f"{name}: {fault}") from fault


def case_of(document: Mapping[str, Any], name: str = "business case") -> Case:
    """Return the case in a document as read from TOML or a form; raises CaseError in one line."""
    try:
        return _made(_Case.model_validate(document))
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise CaseError(f"{name}: {place} is {shown(first.get('input'))}: {first['msg']}; correct it") from fault
    except TableError as fault:
        raise CaseError(f"{name}: {fault}") from fault


def _made(given: _Case) -> Case:
    known = cost_lines()
    if odd := sorted(given.costs.keys() - known.keys()):
        raise TableError(f"costs.{odd[0]} is no cost line; use one of {', '.join(known)}")
    return Case(
        name=given.name,
        name_zh=given.name_zh,
        currency=given.currency,
        years=given.years,
        rate=given.rate,
        users=given.users,
        example=given.example,
        costs=tuple(_line(name, one, known[name].overruns) for name, one in given.costs.items()),
        drivers=tuple(_driver(name, one) for name, one in given.drivers.items()),
        risks=tuple(_risk(name, one) for name, one in given.risks.items()),
        attribution=given.uncertain.attribution.made(),
        delay_months=given.uncertain.delay_months.made(),
        overrun=given.uncertain.overrun.made(),
        ramp=tuple(one.made() for one in given.uncertain.ramp),
        tied=given.uncertain.tied,
    )


def _line(name: str, one: _Cost, overruns: bool) -> CostLine:
    return CostLine(
        name=name, once=one.once, yearly=one.yearly, escalation=one.escalation, by_year=one.by_year,
        overruns=overruns if one.overruns is None else one.overruns, source=one.source,
    )  # fmt: skip


def _driver(name: str, one: _Driver) -> Driver:
    effect = one.effect.made() if one.effect else of_claim(one.stated, one.grade)
    return Driver(name=name, effect=effect, **one.model_dump(exclude={"effect"}))


def _risk(name: str, one: _Risk) -> Risk:
    return Risk(
        name=name, a_year=one.a_year.made(), loss=one.loss.made(), reduction=one.reduction.made(),
        criteria=one.criteria, title=one.title, title_zh=one.title_zh,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """Which of the 22 lines each vendor left out, and the offers with those priced as at the dearest bidder."""

    missing: Mapping[str, tuple[str, ...]]
    priced: Mapping[str, Case]


def completed(offers: Mapping[str, Case]) -> Completeness:
    """Return the offers with missing cost lines priced as at the dearest bidder (criterion ROI-02), and which they are.

    A line that nobody prices stays missing for everybody and is told.
    """
    missing = {
        vendor: tuple(name for name in cost_lines() if name not in {one.name for one in case.costs})
        for vendor, case in offers.items()
    }
    dearest: dict[str, CostLine] = {}
    for case in offers.values():
        for line in case.costs:
            if line.name not in dearest or _sum(line, case) > _sum(dearest[line.name], case):
                dearest[line.name] = line
    priced = {
        vendor: replace(case, costs=(*case.costs, *(dearest[name] for name in missing[vendor] if name in dearest)))
        for vendor, case in offers.items()
    }
    return Completeness(missing=missing, priced=priced)


def _sum(line: CostLine, case: Case) -> float:
    return float(line.flows(case.years).sum())
