"""Edges: orders planted where a rule of suitability begins or ends, and one for each level and rating."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

import numpy as np

from synthetic_data import days
from synthetic_data.chance import Chance
from synthetic_data.columns import Flags, Places
from synthetic_data.domains.catalogue import ISSUER_HIGHER, PROFESSIONAL, RATED_UP
from synthetic_data.domains.orders import APP, BRANCH, Market, Orders, joined
from synthetic_data.suitability import RATINGS

#: A way of changing a plain order of everybody's into one on the edge, and whose then stands there.
Make: TypeAlias = Callable[[Market, Orders], tuple[Orders, Flags]]

#: A plain purchase in cents, and what its buyer owns.
AMOUNT, ASSETS = 1_000_000, 10_000_000


class Edge(NamedTuple):
    """A case on the edge of a rule, what the rule says of it, and how it is made."""

    name: str
    reason: str
    make: Make


def planted_orders(market: Market, again: Flags) -> Orders:
    """Return orders on every edge and for every level and rating; ``again`` tried to be assessed too often."""
    told = market.ground.profile.lives.suitability
    chance = Chance(market.ground.seed, market.people.cell, "orders", "edges")
    plain, free = _plain(market, chance), ~again
    parts = []
    for nth, edge in enumerate(EDGES):
        made, fit = edge.make(market, plain)
        fit &= again if edge.make is _above_what_counts else free
        fit &= made.at >= market.people.since.astype(np.int64) * days.SECONDS
        rows = np.flatnonzero(fit)
        rows = rows[chance.order(len(rows))[: told.edges_per_cell.value]]
        parts.append(replace(made.taken(rows), case=np.full(len(rows), nth, dtype=np.int8)))
        free[rows] = False
    level = _ordinary(market, plain)
    for standing in range(1, 6):
        rows = np.flatnonzero((level == standing) & free)
        rows = rows[chance.order(len(rows))[: len(RATINGS) - 1]]
        parts.append(_of(plain, 0).taken(rows) if not len(rows) else _matrix(plain, rows))
    return joined(parts)


def _plain(market: Market, chance: Chance) -> Orders:
    n = len(market.people)
    today = days.of_date(market.ground.as_of)
    return Orders(
        owner=np.arange(n),
        product=np.zeros(n, dtype=np.int64),
        at=(today - chance.whole(1, 12, n)) * days.SECONDS + chance.whole(4 * 3600, 11 * 3600, n),
        route=chance.whole(0, 2, n).astype(np.int8),
        channel=np.full(n, APP, dtype=np.int8),
        amount=np.full(n, AMOUNT),
        assets=np.full(n, ASSETS),
        acknowledged=np.ones(n, dtype=np.bool_),
        recorded=np.ones(n, dtype=np.bool_),
        case=np.full(n, -1, dtype=np.int8),
    )


def _matrix(plain: Orders, rows: Places) -> Orders:
    """The first buys R1, the next R2 and so on; a product of each rating stands at the head of the catalogue."""
    return replace(plain.taken(rows), product=np.arange(len(rows)))


def _of(orders: Orders, product: Places | int) -> Orders:
    return replace(orders, product=np.broadcast_to(np.asarray(product, dtype=np.int64), orders.owner.shape).copy())


def _on(orders: Orders, day: Places) -> Orders:
    return replace(orders, at=day * days.SECONDS + orders.at % days.SECONDS)


def _flagged(orders: Orders, **flags: bool) -> Orders:
    return replace(orders, **{name: np.full(len(orders), value) for name, value in flags.items()})


def _ordinary(market: Market, orders: Orders) -> Places:
    """The level of those who are no professionals on the day of the order, -1 for all others."""
    plain = market.investors.able & ~market.investors.professional(orders.owner, orders.at // days.SECONDS)
    return np.where(plain, market.assessed.level_at(orders.owner, orders.at), -1).astype(np.int64)


def _young(market: Market, orders: Orders) -> Flags:
    """Who is clearly below the age of special care."""
    line = days.years_later(orders.at // days.SECONDS, -market.ground.profile.lives.suitability.elder_age.value)
    young: Flags = market.people.birth[orders.owner] > line + 400
    return young


def _expired(market: Market, plain: Orders) -> tuple[Orders, Flags]:
    row = market.assessed.last_at(plain.owner, plain.at)
    last = market.assessed.valid[row] if len(market.assessed.at) else plain.owner
    made = _on(plain, last + 1)
    return made, (row >= 0) & (last + 1 < days.of_date(market.ground.as_of)) & (_ordinary(market, made) == 0)


def _last_day(market: Market, plain: Orders) -> tuple[Orders, Flags]:
    made, fit = _expired(market, plain)
    made = _on(made, made.at // days.SECONDS - 1)
    return made, fit & (_ordinary(market, made) > 0)


def _never_assessed(market: Market, plain: Orders) -> tuple[Orders, Flags]:
    never = market.assessed.last_at(plain.owner, plain.at) < 0
    return plain, never & (_ordinary(market, plain) == 0)


def _professional(market: Market, plain: Orders) -> tuple[Orders, Flags]:
    who = market.investors.professional(plain.owner, plain.at // days.SECONDS)
    return _of(plain, PROFESSIONAL), who & _young(market, plain) & (market.people.risk < 4)


def _private_fund(market: Market, plain: Orders) -> tuple[Orders, Flags]:
    made = _of(plain, PROFESSIONAL)
    return made, (_ordinary(market, made) == 5) & _young(market, made)


def _elder(market: Market, plain: Orders) -> tuple[Orders, Flags]:
    made = _of(plain, 2)
    line = days.years_later(plain.at // days.SECONDS, -market.ground.profile.lives.suitability.elder_age.value)
    return made, (_ordinary(market, made) >= 3) & (market.people.birth <= line)


def _elder_unwarned(market: Market, plain: Orders) -> tuple[Orders, Flags]:
    made, fit = _elder(market, plain)
    return _flagged(made, acknowledged=False), fit


def _elder_unrecorded(market: Market, plain: Orders) -> tuple[Orders, Flags]:
    made, fit = _elder(market, plain)
    return _flagged(made, recorded=False), fit


def _eve(market: Market, plain: Orders) -> tuple[Orders, Flags]:
    """The day before the age of special care, without warning or recording."""
    age = market.ground.profile.lives.suitability.elder_age.value
    made = _on(_of(plain, 2), days.years_later(market.people.birth.astype(np.int64), age) - 1)
    past = made.at // days.SECONDS < days.of_date(market.ground.as_of)
    return _flagged(made, acknowledged=False, recorded=False), past & (_ordinary(market, made) >= 3)


def _branch_unrecorded(market: Market, plain: Orders) -> tuple[Orders, Flags]:
    made = replace(_flagged(plain, recorded=False), channel=np.full(len(plain), BRANCH, dtype=np.int8))
    return made, (_ordinary(market, made) >= 1) & _young(market, made)


def _unwarned(market: Market, plain: Orders) -> tuple[Orders, Flags]:
    made = _flagged(_of(plain, 3), acknowledged=False)
    return made, (_ordinary(market, made) >= 4) & _young(market, made)


def _half(market: Market, plain: Orders) -> tuple[Orders, Flags]:
    """Exactly the share of what the customer owns that one purchase may take."""
    share = market.ground.profile.lives.suitability.concentration.value
    made = replace(_of(plain, 3), amount=np.floor(plain.assets * share).astype(np.int64))
    return made, (_ordinary(market, made) >= 4) & _young(market, made)


def _more_than_half(market: Market, plain: Orders) -> tuple[Orders, Flags]:
    made, fit = _half(market, plain)
    return replace(made, amount=made.amount + 1), fit


def _rated_up(market: Market, plain: Orders) -> tuple[Orders, Flags]:
    made = _of(plain, RATED_UP)
    return made, (_ordinary(market, made) == 2) & _young(market, made)


def _before_rated_up(market: Market, plain: Orders) -> tuple[Orders, Flags]:
    made = _on(_of(plain, RATED_UP), np.full(len(plain), int(market.products.rated[RATED_UP]) - 1))
    return made, (_ordinary(market, made) == 2) & _young(market, made)


def _issuer_higher(market: Market, plain: Orders) -> tuple[Orders, Flags]:
    made = _of(plain, ISSUER_HIGHER)
    level = _ordinary(market, made)
    return made, (level >= 2) & (level < 4) & _young(market, made)


def _above_what_counts(market: Market, plain: Orders) -> tuple[Orders, Flags]:
    """A product that suits the level of an assessment that may not be counted."""
    level = _ordinary(market, plain)
    return _of(plain, np.minimum(np.maximum(level, 0), 4)), (level >= 1) & (level <= 4) & _young(market, plain)


EDGES: Sequence[Edge] = (
    Edge("expired_the_day_before", "no_valid_assessment", _expired),
    Edge("last_day_of_validity", "none", _last_day),
    Edge("never_assessed", "no_valid_assessment", _never_assessed),
    Edge("professional_above_level", "none", _professional),
    Edge("private_fund_for_ordinary", "professionals_only", _private_fund),
    Edge("elder_unwarned", "elder_unwarned", _elder_unwarned),
    Edge("elder_unrecorded", "elder_unrecorded", _elder_unrecorded),
    Edge("elder_with_care", "none", _elder),
    Edge("eve_of_elder_age", "none", _eve),
    Edge("branch_unrecorded", "unrecorded", _branch_unrecorded),
    Edge("high_risk_unwarned", "unwarned", _unwarned),
    Edge("just_concentrated", "none", _half),
    Edge("too_concentrated", "too_concentrated", _more_than_half),
    Edge("rated_up_meanwhile", "above_level", _rated_up),
    Edge("before_rated_up", "none", _before_rated_up),
    Edge("issuer_rates_higher", "above_level", _issuer_higher),
    Edge("assessed_too_often", "above_level", _above_what_counts),
)
