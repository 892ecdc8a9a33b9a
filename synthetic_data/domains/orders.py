"""Orders: purchases of investment products that customers ask for or are offered."""

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from synthetic_data import days
from synthetic_data.chance import Chance
from synthetic_data.columns import NEVER, STATES, TIERS, Accounts, Cents, Codes, Flags, People, Places
from synthetic_data.domains.assessments import CLOSES, OPENS, Assessed, able
from synthetic_data.domains.catalogue import Catalogue
from synthetic_data.ground import Ground
from synthetic_data.suitability import Asked

ROUTES = ("order", "advice", "campaign")
CHANNELS = ("app", "call", "branch")
APP, BRANCH = CHANNELS.index("app"), CHANNELS.index("branch")
#: Months of orders.
MONTHS = 24
#: How much more than the many the wealthy buy, by tier.
LARGER = np.array((1, 5, 30))


@dataclass(frozen=True, slots=True, kw_only=True)
class Investors:
    """What the rules must know of the customers of a cell."""

    able: Flags
    since: Places  # professional from this day on, NEVER for all others
    until: Places  # and to the end of this one
    assets: Cents  # what they own with the bank

    def professional(self, who: Places, day: Places) -> Flags:
        """Return who is a professional investor on a day."""
        return (self.since[who] <= day) & (day <= self.until[who])


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """Orders as arrays; ``case`` is the place of the edge on which one was planted, -1 for ordinary ones."""

    owner: Places
    product: Places
    at: Places  # seconds since 1970
    route: Codes
    channel: Codes
    amount: Cents
    assets: Cents
    acknowledged: Flags
    recorded: Flags
    case: Codes

    def __len__(self) -> int:
        return len(self.owner)

    def taken(self, rows: Places) -> "Orders":
        """Return some of the orders."""
        return Orders(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def joined(parts: list[Orders]) -> Orders:
    """Return several as one, in the order of owners and time."""
    whole = Orders(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Orders)})
    return whole.taken(np.argsort((whole.owner << 34) + whole.at, kind="stable"))


class Market(NamedTuple):
    """What orders are made of."""

    ground: Ground
    people: People
    investors: Investors
    assessed: Assessed
    products: Catalogue


def investors(ground: Ground, people: People, accounts: Accounts) -> Investors:
    """Return who is a professional investor, and what everybody owns with the bank."""
    told, chance = ground.profile.lives.suitability, Chance(ground.seed, people.cell, "investors")
    today = days.of_date(ground.as_of)
    rates = np.zeros(len(TIERS))
    rates[TIERS.index("affluent")] = told.professional_affluent.value
    rates[TIERS.index("private")] = told.professional_private.value
    chosen = able(people) & chance.happens(rates[people.tier]) & (people.since < today - 60)
    first = np.maximum(people.since.astype(np.int64), today - 600)
    since = np.where(chosen, chance.whole(first, np.maximum(first, today - 30)), NEVER)
    owned = np.where((accounts.closed == NEVER) & (accounts.balance > 0), accounts.balance, 0)
    assets = np.zeros(len(people), dtype=np.int64)
    np.add.at(assets, accounts.owner, owned)
    return Investors(able=able(people), since=since, until=np.where(chosen, since + 730, NEVER), assets=assets)


def asked(market: Market, orders: Orders) -> Asked:
    """Return what the rules look at, each thing as it stood when the order was asked for."""
    people, who, day = market.people, orders.owner, orders.at // days.SECONDS
    gone = (people.state[who] > STATES.index("dormant")) | people.minor[who]
    birth = people.birth[who].astype(np.int64)
    age = days.years(day) - days.years(birth)
    return Asked(
        customer=~gone,
        level=market.assessed.level_at(who, orders.at),
        rating=market.products.rating_at(orders.product, day),
        professional=market.investors.professional(who, day),
        professionals_only=market.products.professional[orders.product],
        age=age - (days.years_later(birth, age) > day),
        branch=orders.channel == BRANCH,
        acknowledged=orders.acknowledged,
        recorded=orders.recorded,
        amount=orders.amount,
        assets=orders.assets,
    )


def ordinary_orders(market: Market) -> Orders:
    """Return the orders of everyday: most suit, some do not, and some were sold carelessly."""
    ground, people = market.ground, market.people
    told, chance = ground.profile.lives.suitability, Chance(ground.seed, people.cell, "orders")
    today = days.of_date(ground.as_of)
    first = np.maximum(people.since.astype(np.int64), today - MONTHS * 30)
    years = np.maximum(today - first, 0) / 365
    many = chance.counts(np.where(market.investors.able, told.order_a_year.value * years, 0))
    who = np.repeat(np.arange(len(people)), many)
    at = chance.whole(first[who], np.maximum(first[who], today - 1)) * days.SECONDS
    at += chance.whole(OPENS, CLOSES, len(who))
    level = market.assessed.level_at(who, at)
    placed = (level > 0) | chance.happens(told.unassessed.value, len(who))
    who, at, level, count = who[placed], at[placed], level[placed], len(market.products.rating)
    product = chance.whole(0, count - 1, len(who))
    for _ in range(2):
        above = market.products.rating_at(product, at // days.SECONDS) > level
        other = chance.whole(0, count - 1, len(who))
        unfit = above | market.products.professional[product]
        product = np.where(unfit & chance.happens(told.careful.value, len(who)), other, product)
    amount = np.floor(chance.along(told.amounts.points, len(who))).astype(np.int64) * 100 * LARGER[people.tier[who]]
    return Orders(
        owner=who,
        product=product,
        at=at,
        route=chance.pick(list(told.routes.shares.values()), len(who)).astype(np.int8),
        channel=chance.pick(list(told.channels.shares.values()), len(who)).astype(np.int8),
        amount=amount,
        assets=market.investors.assets[who] + amount,
        acknowledged=chance.happens(0.95, len(who)),
        recorded=chance.happens(0.95, len(who)),
        case=np.full(len(who), -1, dtype=np.int8),
    )
