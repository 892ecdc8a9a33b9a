"""Investments: orders in funds and wealth products, what markets did to them, and foreign currency."""

import numpy as np

from synthetic_data.chance import Ints
from synthetic_data.domains.money.amounts import cents, lognormal
from synthetic_data.domains.money.balances import opened_inside
from synthetic_data.domains.money.calendar import month_begins
from synthetic_data.domains.money.contracts import Contracts, funded, mirrored, of_product
from synthetic_data.domains.money.postings import Postings, post, together
from synthetic_data.domains.money.scene import Scene
from synthetic_data.ledger import MOVES

_MONTH = 30.44
#: What investments gain in a quarter on the whole.
_GAIN = 0.004
#: How much more often travellers change money.
_TRAVELLERS = 6.0


def investments(scene: Scene) -> Contracts:
    """Return orders in funds and wealth products and, each quarter, what markets did to them."""
    held = np.sort(np.concatenate([of_product(scene, "fund"), of_product(scene, "wealth")]))
    begins = np.maximum(scene.accounts.opened[held].astype(np.int64), scene.calendar.begins) + 1
    begins = np.minimum(begins, scene.calendar.ends)
    ordered = _orders(scene, held, begins)
    valued = _valued(scene, held, begins)
    first = _first_orders(scene, held, together([ordered, valued]))
    sides = mirrored(scene, together([ordered, first]), together([ordered, first]).kind)
    return Contracts(together([ordered, valued, first, sides, funded(scene, sides, "investments")]), {}, {})


def _orders(scene: Scene, held: Ints, begins: Ints) -> Postings:
    """Subscriptions and redemptions; all of them together are no more than half of what is there at last."""
    final, ends = scene.accounts.balance[held], scene.calendar.ends
    counts = scene.chance("orders").counts((ends - begins) / _MONTH * scene.told.products.fund_orders.value)
    counts = np.where(final > 0, counts, 0)
    which = np.repeat(np.arange(len(held)), counts)
    n = len(which)
    days = scene.calendar.days(scene.chance("orders", "days"), "online", begins[which], np.full(n, ends))
    buys = scene.chance("orders", "buys").happens(0.6, n)
    size = cents(final[which] / 100 * 0.06 * lognormal(scene.chance("orders", "sizes"), 0.7, n))
    size = np.minimum(size, final[which] // np.maximum(2 * counts[which], 3))
    size = np.maximum(size // 10_000 * 10_000, np.minimum(size, 10_000))
    at = scene.calendar.moments(days, scene.calendar.seconds(scene.chance("orders", "moments"), "office", n))
    kind = np.where(buys, MOVES.index("subscription"), MOVES.index("redemption"))
    kept = scene.lasts(scene.accounts.owner[held][which], days) & (size > 0)
    return post(held[which], at, np.where(buys, size, -size), kind, "app").where(kept)


def _valued(scene: Scene, held: Ints, begins: Ints) -> Postings:
    """Gains and losses of each quarter."""
    months = scene.months[scene.months % 3 == 2]
    days = month_begins(months + 1) - 1
    which, day = np.repeat(np.arange(len(held)), len(days)), np.tile(days, len(held))
    swing = scene.told.products.valuation_spread.value * scene.chance("valued").normals(len(which)) + _GAIN
    change = np.floor(scene.accounts.balance[held][which] * swing + 0.5).astype(np.int64)
    kept = (day > begins[which]) & (day <= scene.calendar.ends) & (change != 0)
    at = scene.calendar.moments(day, np.full(len(day), 20 * 3600))
    return post(held[which], at, change, "valuation", "system").where(kept)


def _first_orders(scene: Scene, held: Ints, later: Postings) -> Postings:
    """The order by which an account opened in the window began: all that did not come later."""
    moved = np.zeros(len(scene.accounts), dtype=np.int64)
    np.add.at(moved, later.account, later.cents)
    new = held[opened_inside(scene)[held]]
    amount = scene.accounts.balance[new] - moved[new]
    second = scene.chance("orders", "first").whole(10 * 3600, 15 * 3600 - 1, len(new))
    at = scene.calendar.moments(scene.accounts.opened[new], second)
    return post(new, at, amount, "subscription", "branch").where(amount > 0)


def exchanges(scene: Scene) -> Postings:
    """Return foreign currency bought and sold against the main account; travellers do so more often."""
    told, who = scene.told.products, scene.who
    able = who.pays & ~scene.people.minor & (scene.people.copies < 0)
    span = np.where(able, who.last - who.first + 1, 0) / _MONTH
    rates = told.fx_deals.value * span * np.where(who.traveller, _TRAVELLERS, 1.0)
    customer = np.repeat(np.arange(len(able)), scene.chance("fx").counts(np.minimum(rates, 600.0)))
    n = len(customer)
    days = scene.calendar.days(scene.chance("fx", "days"), "office", who.first[customer], who.last[customer])
    at = scene.calendar.moments(days, scene.calendar.seconds(scene.chance("fx", "moments"), "office", n))
    amount = np.maximum(cents(told.fx_median.value * lognormal(scene.chance("fx", "amounts"), 0.9, n)), 1000)
    buys = scene.chance("fx", "buys").happens(0.7, n)
    kind = np.where(buys, MOVES.index("fx_bought"), MOVES.index("fx_sold"))
    return post(who.main[customer], at, np.where(buys, -amount, amount), kind, "app", origin=customer)
