"""Suitability: assessments, professional investors and orders, with the truth of what should have been refused."""

import numpy as np
import pyarrow as pa

from synthetic_data import suitability
from synthetic_data.affairs import InvestorStatus, Order, SuitabilityAssessment
from synthetic_data.chance import Chance
from synthetic_data.columns import NEVER, Accounts, People, Places
from synthetic_data.domains import catalogue
from synthetic_data.domains.assessments import Assessed, assessed
from synthetic_data.domains.edges import EDGES, planted_orders
from synthetic_data.domains.orders import (
    CHANNELS,
    ROUTES,
    Investors,
    Market,
    Orders,
    asked,
    investors,
    joined,
    ordinary_orders,
)
from synthetic_data.findings import AssessmentVerdict, OrderVerdict
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown
from synthetic_data.suitability import LEVELS, NOT_COUNTED, NOT_TAKEN, RATINGS
from synthetic_data.tables import table_of
from synthetic_data.texts import numbered, same, words

#: What a case is called: the level and rating that met, or the edge on which it was planted.
CELLS = tuple(level + rating for level in LEVELS for rating in RATINGS)
CASES = (*CELLS, *(edge.name for edge in EDGES))
#: Points of the questionnaire that a level spans.
SPAN = 20


def products(ground: Ground, people: People, accounts: Accounts) -> Grown:
    """Return the investment products; they are the whole bank's, and kept by the first cell for its first customer."""
    language = "en" if ground.profile.rates.english.value > 0.5 else "zh"
    table = catalogue.table(ground, catalogue.catalogue(ground), language)
    kept = table if people.cell == 0 else table.slice(0, 0)
    return Grown({"investment_products": kept}, {}, {"investment_products": np.zeros(kept.num_rows, dtype=np.int64)})


def suitability_of(ground: Ground, people: People, accounts: Accounts) -> Grown:
    """Return assessments, investor statuses and orders; in truth, which of them may be counted and taken."""
    found, again = assessed(ground, people)
    market = Market(ground, people, investors(ground, people, accounts), found, catalogue.catalogue(ground))
    orders = joined([ordinary_orders(market), planted_orders(market, again)])
    professionals = np.flatnonzero(market.investors.since != NEVER)
    numbers = numbered("OR", people.index[orders.owner], _rank(orders.owner), 3)
    made = numbered("RA", people.index[found.owner], _rank(found.owner))
    return Grown(
        {
            "suitability_assessments": _assessments(ground, people, found, made),
            "investor_statuses": _statuses(people, market.investors, professionals),
            "orders": _orders(ground, people, orders, numbers),
        },
        {
            "assessment_verdicts": table_of(
                AssessmentVerdict,
                {"number": made, "allowed": found.reason == 0, "reason": words(found.reason, NOT_COUNTED)},
            ),
            "order_verdicts": _verdicts(market, orders, numbers),
        },
        {
            "suitability_assessments": found.owner,
            "assessment_verdicts": found.owner,
            "investor_statuses": professionals,
            "orders": orders.owner,
            "order_verdicts": orders.owner,
        },
    )


def _rank(owner: Places) -> Places:
    return np.arange(len(owner)) - np.searchsorted(owner, owner)


def _assessments(ground: Ground, people: People, found: Assessed, numbers: pa.Array) -> pa.Table:
    chance = Chance(ground.seed, people.cell, "assessments", "scores")
    return table_of(
        SuitabilityAssessment,
        {
            "number": numbers,
            "customer": numbered("C", people.index[found.owner]),
            "at": found.at,
            "channel": words(chance.pick((0.8, 0.2), len(found.at)) * 2, CHANNELS),
            "score": ((found.level - 1) * SPAN + chance.whole(0, SPAN - 1, len(found.at))).astype(np.int32),
            "level": words(found.level, LEVELS),
            "valid_until": found.valid,
        },
    )


def _statuses(people: People, found: Investors, who: Places) -> pa.Table:
    return table_of(
        InvestorStatus,
        {
            "number": numbered("IV", people.index[who]),
            "customer": numbered("C", people.index[who]),
            "since": found.since[who],
            "until": found.until[who],
        },
    )


def _orders(ground: Ground, people: People, orders: Orders, numbers: pa.Array) -> pa.Table:
    names = catalogue.numbers(max(ground.profile.lives.suitability.products.value, catalogue.FEWEST))
    return table_of(
        Order,
        {
            "number": numbers,
            "customer": numbered("C", people.index[orders.owner]),
            "product": words(orders.product, names),
            "route": words(orders.route, ROUTES),
            "channel": words(orders.channel, CHANNELS),
            "at": orders.at,
            "amount": orders.amount,
            "currency": same(ground.profile.home_currency, len(orders)),
            "assets": orders.assets,
            "acknowledged": orders.acknowledged,
            "recorded": orders.recorded,
        },
    )


def _verdicts(market: Market, orders: Orders, numbers: pa.Array) -> pa.Table:
    seen = asked(market, orders)
    reason = suitability.judged(market.ground.profile.lives.suitability, seen)
    cell = seen.level.astype(np.int64) * len(RATINGS) + seen.rating
    return table_of(
        OrderVerdict,
        {
            "number": numbers,
            "allowed": reason == 0,
            "reason": words(reason, NOT_TAKEN),
            "case": words(np.where(orders.case >= 0, len(CELLS) + orders.case, cell), CASES),
            "level": words(seen.level, LEVELS),
            "rating": words(seen.rating, RATINGS),
        },
    )
