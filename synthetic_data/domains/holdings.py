"""Holdings: the records of accounts and loans, and the positions inside funds and wealth products."""

import numpy as np
import pyarrow as pa

from synthetic_data import days
from synthetic_data.chance import Chance, Ints
from synthetic_data.columns import CELL, PRODUCTS, Accounts, Places
from synthetic_data.folk import Folk
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown
from synthetic_data.records import Account, Holding
from synthetic_data.tables import table_of
from synthetic_data.texts import digits, fixed, glue, numbered, same, words

#: Products whose balance is the sum of the positions inside.
INVESTED = ("fund", "wealth")
#: What may be bought by a customer of each risk level: no more than the customer may bear.
RISK_CLASSES = ("R1", "R2", "R3", "R4", "R5")
#: Positions in one account at most, and products of each kind and risk class.
POSITIONS, SHELF = 3, 20
#: Hundredths of a currency unit that one unit of a fund costs.
PRICE = 125


def holdings(ground: Ground, folk: Folk, held: Accounts) -> Grown:
    """Return the tables ``accounts`` and ``holdings``."""
    numbers = numbered("AC", folk.people.index[held.owner], held.nth)
    positions, owners = _positions(ground, folk, held, numbers)
    return Grown(
        {"accounts": _accounts(ground, folk, held, numbers), "holdings": positions},
        {},
        {"accounts": held.owner, "holdings": owners},
    )


def _accounts(ground: Ground, folk: Folk, held: Accounts, numbers: pa.Array) -> pa.Table:
    columns = {
        "number": numbers,
        "customer": numbered("C", folk.people.index[held.owner]),
        "product": words(held.product, PRODUCTS),
        "currency": same(ground.profile.home_currency, len(held)),
        "balance": held.balance,
        "opened": held.opened,
        "closed": held.closed,
        "joint_holders": _joint(ground, folk, held),
    }
    return table_of(Account, columns)


def _joint(ground: Ground, folk: Folk, held: Accounts) -> pa.Array:
    """Couples may save together; the account is the later one's, so that it hangs on both from the start."""
    sat = folk.seats
    together = Chance(ground.seed, folk.people.cell, "holdings", "joint").happens(
        ground.profile.rates.joint_savings.value, CELL
    )
    partner = np.where(sat.plays("heir_spouse"), sat.last, np.where(sat.plays("spouse"), sat.first, -1))
    partner = np.where(together, partner, -1)[held.owner]
    joint = (held.product == PRODUCTS.index("savings")) & (partner >= 0)
    offsets = np.concatenate([[0], joint.cumsum()]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), numbered("C", folk.people.index[partner[joint]]))


def _positions(ground: Ground, folk: Folk, held: Accounts, numbers: pa.Array) -> tuple[pa.Table, Places]:
    """One to three positions in each invested account; all but the last take 20 to 70 percent of what is left."""
    chance = Chance(ground.seed, folk.people.cell, "holdings", "positions")
    inside = np.isin(held.product, [PRODUCTS.index(product) for product in INVESTED])
    at = np.flatnonzero(inside & (held.balance != 0))
    many = chance.whole(1, POSITIONS, len(at))
    values = _split(chance, held.balance[at], many)
    account, nth = np.nonzero(np.arange(POSITIONS) < many[:, None])
    rows, owner = len(account), held.owner[at][account]
    value = values[account, nth]
    risk = chance.whole(0, folk.people.risk[owner])
    product = words(held.product[at][account], PRODUCTS)
    shelf = fixed(digits(chance.whole(1, SHELF, rows), 2))
    own = numbers.take(pa.array(at[account]))
    columns = {
        "number": glue(own, "-", fixed(digits(nth + 1, 1))),
        "account": own,
        "product": glue(product, "-", words(risk, RISK_CLASSES), "-", shelf),
        "risk_class": words(risk, RISK_CLASSES),
        "units": value * (10_000 // PRICE),
        "value": value,
        "currency": same(ground.profile.home_currency, rows),
        "as_of": np.full(rows, days.of_date(ground.as_of)),
    }
    return table_of(Holding, columns), owner


def _split(chance: Chance, balance: Ints, many: Ints) -> Ints:
    """The values of the positions of each account (rows), which add up to its balance."""
    left, values = balance, np.zeros((len(balance), POSITIONS), dtype=np.int64)
    for nth in range(POSITIONS):
        part = np.maximum(left * chance.whole(20, 70, len(balance)) // 100, 1)
        values[:, nth] = np.where(nth == many - 1, left, np.where(nth < many, part, 0))
        left = left - values[:, nth]
    return values
