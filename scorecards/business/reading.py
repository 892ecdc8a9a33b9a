"""read_case(): a business case from a TOML file or an upload, every mistake named by its field, value and remedy."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scorecards.business.amounts import ExchangeRate, factor
from scorecards.business.beliefs import Belief, Kind, of_claim
from scorecards.business.case import Case, CostLine, Offer, Risk
from scorecards.business.drivers import Driver
from scorecards.business.readings import Reading
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


#: A currency by its code (ISO 4217).
Code = Annotated[str, Field(pattern="^[A-Z]{3}$")]


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
    currency: Code | None = None


class _Offer(_Strict):
    title: str = ""
    title_zh: str = ""
    currency: Code | None = None
    source: str = ""
    costs: dict[str, _Cost]


class _Exchange(_Strict):
    worth: Annotated[Decimal, Field(gt=0, lt=10**9)]
    on: date
    source: str = Field(min_length=1)
    by: str = ""


class _Reading(_Strict):
    driver: str
    on: date
    effect: Number
    by: str = ""
    run: str = ""


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
    currency: Code
    shown_in: Code | None = None
    exchange: dict[Code, _Exchange] = Field(default_factory=dict, max_length=MOST)
    years: int
    rate: float
    users: int = Field(default=0, ge=0, le=10**9)
    uncertain: _Uncertain = _Uncertain()
    costs: dict[str, _Cost]
    drivers: dict[str, _Driver] = Field(default_factory=dict, max_length=MOST)
    risks: dict[str, _Risk] = Field(default_factory=dict, max_length=MOST)
    offers: dict[str, _Offer] = Field(default_factory=dict, max_length=MOST)
    live_since: date | None = None
    readings: tuple[_Reading, ...] = Field(default=(), max_length=10 * MOST)


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
    if given.currency in given.exchange:
        raise TableError(f"exchange.{given.currency} is the case's own currency; leave it out")
    rates = tuple(ExchangeRate(currency=code, **one.model_dump()) for code, one in given.exchange.items())
    worths = {one.currency: one.worth for one in rates} | {given.currency: Decimal(1)}
    return Case(
        name=given.name,
        name_zh=given.name_zh,
        currency=given.currency,
        shown_in=given.shown_in or "",
        exchange=rates,
        years=given.years,
        rate=given.rate,
        users=given.users,
        example=given.example,
        costs=_lines("costs", given.costs, given.currency, worths),
        offers=tuple(_offer(name, one, given.currency, worths) for name, one in given.offers.items()),
        drivers=tuple(_driver(name, one) for name, one in given.drivers.items()),
        risks=tuple(_risk(name, one) for name, one in given.risks.items()),
        attribution=given.uncertain.attribution.made(),
        delay_months=given.uncertain.delay_months.made(),
        overrun=given.uncertain.overrun.made(),
        ramp=tuple(one.made() for one in given.uncertain.ramp),
        tied=given.uncertain.tied,
        live_since=given.live_since,
        readings=tuple(Reading(**one.model_dump()) for one in given.readings),
    )


def _offer(name: str, one: _Offer, home: str, worths: Mapping[str, Decimal]) -> Offer:
    currency = one.currency or home
    return Offer(
        name=name, title=one.title, title_zh=one.title_zh, currency=currency, source=one.source,
        costs=_lines(f"offers.{name}.costs", one.costs, currency, worths),
    )  # fmt: skip


def _lines(
    place: str, given: Mapping[str, _Cost], currency: str, worths: Mapping[str, Decimal]
) -> tuple[CostLine, ...]:
    """Return cost lines in one currency; a line that names another of its own is converted."""
    known = cost_lines()
    if odd := sorted(given.keys() - known.keys()):
        raise TableError(f"{place}.{odd[0]} is no cost line; use one of {', '.join(known)}")
    return tuple(
        _line(name, one, known[name].overruns).times(float(factor(one.currency or currency, currency, worths)))
        for name, one in given.items()
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
