"""Drivers: the only ways in which a CRM earns money, each a formula from an effect to yearly amounts.

A benefit enters a business case through a driver or not at all. An effect is what somebody states ("cross-selling
rises by 20 %"); the formula says what that is worth to this bank.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from scorecards.business.beliefs import Belief
from scorecards.methods.tables import Floats, TableError

#: Facts of the bank by name: customers, rates, hours, costs.
Facts: TypeAlias = Mapping[str, float]
#: (facts, effect by draw, share of the effect that is live by draw and year) -> amount by draw and year.
Formula: TypeAlias = Callable[[Facts, Floats, Floats], Floats]

#: A customer who was kept brings margin for so many years at most.
KEPT_YEARS = 3


def retention(facts: Facts, effect: Floats, live: Floats) -> Floats:
    """N_segment x churn x u x margin a customer; those kept in one year stay up to three, with their margin."""
    kept = facts["customers_in_segment"] * facts["churn_rate"] * effect[:, None] * live
    staying = np.zeros_like(kept)
    for later in range(min(KEPT_YEARS, kept.shape[1])):
        staying[:, later:] += kept[:, : kept.shape[1] - later]
    return np.asarray(staying * facts["margin_per_customer"])


def cross_sale(facts: Facts, effect: Floats, live: Floats) -> Floats:
    """N_active x sales a customer x u x margin a product x (1 - cannibalised)."""
    sold = facts["active_customers"] * facts["sales_per_customer"] * facts["margin_per_product"]
    return np.asarray(sold * (1 - facts["cannibalised"]) * effect[:, None] * live)


def training(facts: Facts, effect: Floats, live: Floats) -> Floats:
    """Joiners x hours of training x u x cost of an hour."""
    return np.asarray(facts["joiners"] * facts["training_hours"] * facts["hour_cost"] * effect[:, None] * live)


def efficiency(facts: Facts, effect: Floats, live: Floats) -> Floats:
    """FTE x hours in scope x (1 - 1 / (1 + u)) x captured x cost of an hour: 25 % faster is 20 % fewer hours.

    ``captured`` is the part of saved time that leaves the budget (no overtime, no replacement).
    """
    hours = facts["fte"] * facts["hours_in_scope"] * facts["captured"]
    return np.asarray(hours * facts["hour_cost"] * (1 - 1 / (1 + effect))[:, None] * live)


def amount(facts: Facts, effect: Floats, live: Floats) -> Floats:
    """A yearly amount of money x u: for whatever another formula does not fit."""
    return np.asarray(facts["yearly_amount"] * effect[:, None] * live)


def nothing(facts: Facts, effect: Floats, live: Floats) -> Floats:
    """No money: a figure to be watched that other drivers earn already (satisfaction beside retention)."""
    return np.zeros_like(live)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A formula, the facts it needs, and the one of them that is money: yearly amounts are proportional to it."""

    formula: Formula
    needs: tuple[str, ...]
    money: str = ""


WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "retention": Way(
            formula=retention,
            needs=("customers_in_segment", "churn_rate", "margin_per_customer"),
            money="margin_per_customer",
        ),
        "cross_sale": Way(
            formula=cross_sale,
            needs=("active_customers", "sales_per_customer", "margin_per_product", "cannibalised"),
            money="margin_per_product",
        ),
        "training": Way(formula=training, needs=("joiners", "training_hours", "hour_cost"), money="hour_cost"),
        "efficiency": Way(
            formula=efficiency, needs=("fte", "hours_in_scope", "captured", "hour_cost"), money="hour_cost"
        ),
        "amount": Way(formula=amount, needs=("yearly_amount",), money="yearly_amount"),
        "nothing": Way(formula=nothing, needs=()),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One benefit: what is claimed, by whom, how sure it is, and the formula that turns it into money.

    ``stated`` is the effect as its source puts it (a fraction), ``effect`` what we believe of it. ``attributed`` says
    whether only part of what is seen would be the CRM's doing. ``scenarios`` are criteria whose measurement could
    replace the claim; without any, the benefit is not linked to evidence.
    """

    name: str
    title: str
    title_zh: str
    quote: str
    source: str
    interest: str
    grade: str
    way: str
    stated: float
    effect: Belief
    facts: Facts
    attributed: bool = True
    owner: str = ""
    scenarios: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse a driver without a known formula or without the facts that it needs; raises TableError."""
        if self.way not in WAYS:
            raise TableError(f"driver {self.name}: way {self.way!r} is none; use one of {', '.join(WAYS)}")
        for fact in WAYS[self.way].needs:
            if fact not in self.facts:
                raise TableError(f"driver {self.name}: fact {fact!r} is missing; the way {self.way!r} needs it")

    def times(self, by: float) -> "Driver":
        """Return the driver with its money in another unit."""
        money = WAYS[self.way].money
        return replace(self, facts={**self.facts, money: self.facts[money] * by}) if money else self

    def yearly(self, effect: Floats, live: Floats) -> Floats:
        """Return the yearly amounts (draws x years)."""
        return WAYS[self.way].formula(self.facts, effect, live)
