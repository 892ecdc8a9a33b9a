"""Accounts: what each customer of a cell holds, and how much is on it."""

import numpy as np

from synthetic_data import days
from synthetic_data.chance import Chance, Floats, Ints, spread
from synthetic_data.columns import CELL, NEVER, PRODUCTS, TIERS, Accounts, Flags, People
from synthetic_data.ground import Ground

#: What minors may hold.
SAVED = ("current", "savings")


def accounts(ground: Ground, people: People) -> Accounts:
    """Return the accounts of a cell, in the order of their owners and of ``PRODUCTS``."""
    chance = Chance(ground.seed, people.cell, "accounts")
    shares = chance.shares(2 * CELL * len(PRODUCTS)).reshape(2, CELL, len(PRODUCTS))
    held = shares[0] < _held(ground)[people.tier]
    held &= ~people.minor[:, None] | np.isin(PRODUCTS, SAVED)
    owner, product = np.nonzero(held)
    nth = held.cumsum(axis=1)[owner, product] - 1
    balance = _balances(ground, people, owner, product, shares[1][owner, product])
    closed = people.closed[owner]
    first = people.since[owner].astype(np.int64)
    last = np.where(closed == NEVER, days.of_date(ground.as_of), closed) - 5
    opened = Chance(ground.seed, people.cell, "accounts", "opened").whole(first, np.maximum(first, last))
    return Accounts(
        owner=owner,
        nth=nth,
        product=product.astype(np.int8),
        balance=np.where(closed == NEVER, balance, 0),
        opened=opened.astype(np.int32),
        closed=closed,
    )


def _held(ground: Ground) -> Floats:
    """The share of each tier (rows) that holds each product."""
    shares = np.zeros((len(TIERS), len(PRODUCTS)))
    for row, tier in enumerate(TIERS):
        for product, terms in getattr(ground.profile.accounts, tier).items():
            shares[row, PRODUCTS.index(product)] = terms.held
    return shares


def _balances(ground: Ground, people: People, owner: Ints, product: Ints, shares: Floats) -> Ints:
    """Cents on each account; loans are below zero."""
    tiers = [getattr(ground.profile.accounts, tier) for tier in TIERS]
    curves = [tier[name].points if name in tier else ((0, 0), (1, 0)) for tier in tiers for name in PRODUCTS]
    amounts = spread(shares, people.tier[owner] * len(PRODUCTS) + product, curves)
    cents = np.floor(amounts * 100 + 0.5).astype(np.int64)
    return np.where(product == PRODUCTS.index("loan"), -cents, cents)


def is_open(held: Accounts) -> Flags:
    """Return which accounts have not been closed."""
    return np.equal(held.closed, NEVER)
