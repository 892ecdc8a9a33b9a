"""Case: a business case as a bank fills it in: cost lines, offers, drivers, ramp, delay, overrun, rate and horizon."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import numpy as np

from scorecards.business.amounts import ExchangeRate, factor
from scorecards.business.beliefs import Belief, exactly
from scorecards.business.drivers import Driver
from scorecards.business.readings import Reading
from scorecards.methods.tables import Floats, TableError


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """One of the 22 lines of total cost: ``once`` in year 0, ``yearly`` from year 1, growing by ``escalation`` a year.

    ``overruns`` says whether projects of this kind cost more than planned. ``by_year`` adds amounts to single years.
    """

    name: str
    once: float = 0.0
    yearly: float = 0.0
    escalation: float = 0.0
    overruns: bool = False
    by_year: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))
    source: str = ""

    def flows(self, years: int) -> Floats:
        """Return the planned amounts of years 0 ... ``years``."""
        growth = (1 + self.escalation) ** np.arange(years)
        found = np.concatenate([[self.once], self.yearly * growth])
        for year, more in self.by_year.items():
            if not 0 <= year <= years:
                raise TableError(f"cost line {self.name}: year {year} is outside 0..{years}; move it inside")
            found[year] += more
        return found

    def times(self, by: float) -> "CostLine":
        """Return the line in another unit of money."""
        later = {year: more * by for year, more in self.by_year.items()}
        return replace(self, once=self.once * by, yearly=self.yearly * by, by_year=later)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What one vendor asks, line by line, in the currency of its offer; ``name`` is that of the system on trial."""

    name: str
    currency: str
    costs: tuple[CostLine, ...]
    title: str = ""
    title_zh: str = ""
    source: str = ""

    def named(self, language: str) -> str:
        """Return what people call the offer."""
        return (self.title_zh if language == "zh" else "") or self.title or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A breach or fine that may happen: so many a year, each costing so much, and by how much the CRM lowers either.

    ``title`` and ``title_zh`` are what people read.
    Kept out of the cash case: it is shown as a curve of losses, not as income.
    """

    name: str
    a_year: Belief
    loss: Belief
    reduction: Belief
    criteria: tuple[str, ...] = ()
    title: str = ""
    title_zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A business case over ``years`` years, money in ``currency``, ``rate`` a year.

    ``ramp`` are shares of full effect in years 1, 2, 3 (1 after); ``delay_months`` shifts every benefit;
    ``attribution`` is the part of an effect that is the CRM's doing; ``overrun`` multiplies the lines that overrun.
    ``tied`` are pairs of inputs that move together, with their rank correlation. ``exchange`` are the rates at which
    other currencies are worth something in ``home`` (the case's own unless it was converted), ``shown_in`` the currency
    that a committee wants to read. ``offers`` are what vendors ask; ``live_since`` and ``readings`` belong to the
    register of benefits.
    """

    name: str
    currency: str
    years: int
    rate: float
    costs: tuple[CostLine, ...]
    drivers: tuple[Driver, ...]
    risks: tuple[Risk, ...] = ()
    attribution: Belief = field(default_factory=lambda: exactly(1.0))
    ramp: tuple[Belief, ...] = ()
    delay_months: Belief = field(default_factory=lambda: exactly(0.0))
    overrun: Belief = field(default_factory=lambda: exactly(1.0))
    tied: tuple[tuple[str, str, float], ...] = ()
    users: int = 0
    example: bool = False
    name_zh: str = ""
    exchange: tuple[ExchangeRate, ...] = ()
    home: str = ""
    shown_in: str = ""
    offers: tuple[Offer, ...] = ()
    live_since: date | None = None
    readings: tuple[Reading, ...] = ()

    def named(self, language: str) -> str:
        """Return the case's name in a language, the only one it has where it has no other."""
        return (self.name_zh or self.name) if language == "zh" else self.name

    def __post_init__(self) -> None:
        """Refuse a horizon, rate or tie that makes no sense; raises TableError."""
        if not 1 <= self.years <= 30:
            raise TableError(f"years: {self.years} is outside 1..30; a CRM is judged over 3 to 10")
        if not -0.5 < self.rate < 2:
            raise TableError(f"rate: {self.rate} is no yearly rate; give a fraction such as 0.10")
        names = {one.name for one in self.drivers}
        if len(names) < len(self.drivers):
            raise TableError("drivers: two have the same name; a benefit counts once")
        for first, second, rho in self.tied:
            if {first, second} - set(self.inputs) or not -1 <= rho <= 1:
                raise TableError(f"tied: {first!r} and {second!r} at {rho} are not two inputs of this case")

        for code in (self.shown_in, *(one.currency for one in self.offers)):
            factor(code or self.currency, self.currency, self.worths)

    @property
    def worths(self) -> Mapping[str, Decimal]:
        """What one unit of each known currency is worth in the home currency."""
        return {one.currency: one.worth for one in self.exchange} | {self.home or self.currency: Decimal(1)}

    def told_in(self, currency: str) -> "Case":
        """The case with every amount in another currency, by the rate that people put down; shares stay what they are.

        The yearly rate stays too: it is the home currency's, so results are those of the home case at today's exchange.
        Raises TableError without a rate.
        """
        by = float(factor(self.currency, currency, self.worths))
        if currency == self.currency:
            return self
        return replace(
            self, currency=currency, home=self.home or self.currency,
            costs=tuple(one.times(by) for one in self.costs), drivers=tuple(one.times(by) for one in self.drivers),
            risks=tuple(replace(one, loss=one.loss.times(by)) for one in self.risks),
        )  # fmt: skip

    def shown(self) -> "Case":
        """The case in the currency in which it is to be read."""
        return self.told_in(self.shown_in or self.currency)

    @property
    def inputs(self) -> Mapping[str, Belief]:
        """Everything uncertain by name: effects of drivers, then what all of them share."""
        found = {f"effect:{one.name}": one.effect for one in self.drivers}
        found |= {f"ramp:{year + 1}": one for year, one in enumerate(self.ramp)}
        found |= {"attribution": self.attribution, "delay_months": self.delay_months, "overrun": self.overrun}
        return found

    def at_face_value(self) -> "Case":
        """The case as its claims put it: full effect from day one, all of it the CRM's doing, nothing overruns."""
        drivers = tuple(replace(one, effect=exactly(one.stated)) for one in self.drivers)
        plain = exactly(1.0)
        return replace(
            self, drivers=drivers, attribution=plain, ramp=(), delay_months=exactly(0.0), overrun=plain, tied=()
        )

    def with_claims_at(self, share: float) -> "Case":
        """The case with every effect at a share of what is stated; all else as uncertain as it is."""
        drivers = tuple(replace(one, effect=exactly(one.stated * share)) for one in self.drivers)
        return replace(self, drivers=drivers, tied=tuple(t for t in self.tied if "effect:" not in t[0] + t[1]))

    def planned_costs(self) -> Floats:
        """The planned costs of years 0 ... years."""
        return np.asarray(np.sum([one.flows(self.years) for one in self.costs] or [np.zeros(self.years + 1)], axis=0))

    def flows(self, inputs: Mapping[str, Floats]) -> tuple[Floats, Floats, Mapping[str, Floats]]:
        """Return (costs, benefits, benefits by driver), each draws x (years + 1), for given values of all inputs."""
        draws = len(inputs["overrun"])
        sure = np.sum([c.flows(self.years) for c in self.costs if not c.overruns] or [np.zeros(self.years + 1)], axis=0)
        loose = np.sum([c.flows(self.years) for c in self.costs if c.overruns] or [np.zeros(self.years + 1)], axis=0)
        costs = sure[None, :] + inputs["overrun"][:, None] * loose[None, :]
        live = self._live(inputs, draws)
        by_driver = {}
        for one in self.drivers:
            own = live * inputs["attribution"][:, None] if one.attributed else live
            earned = one.yearly(inputs[f"effect:{one.name}"], own)
            by_driver[one.name] = np.concatenate([np.zeros((draws, 1)), earned], axis=1)
        benefits = np.sum(list(by_driver.values()) or [np.zeros((draws, self.years + 1))], axis=0)
        return costs, benefits, by_driver

    def _live(self, inputs: Mapping[str, Floats], draws: int) -> Floats:
        """How much of a full effect is live in each year, after ramp and delay."""
        ramp = np.ones((draws, self.years))
        for year in range(min(len(self.ramp), self.years)):
            ramp[:, year] = np.clip(inputs[f"ramp:{year + 1}"], 0, 1)
        late = np.clip(inputs["delay_months"] / 12.0, 0, None)[:, None]
        whole, part = np.floor(late).astype(np.int64), late - np.floor(late)
        years = np.arange(self.years)[None, :]
        before = np.concatenate([np.zeros((draws, 1)), ramp], axis=1)  # nothing is live before the first day
        now = np.take_along_axis(before, np.clip(years - whole + 1, 0, None), axis=1)
        earlier = np.take_along_axis(before, np.clip(years - whole, 0, None), axis=1)
        return np.asarray((1 - part) * now + part * earlier)
