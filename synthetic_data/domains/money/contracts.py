"""Contracts: deposits, loans, funds and foreign currency: their terms, and what they move on accounts."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synthetic_data.chance import Bools, Ints
from synthetic_data.columns import NEVER, PRODUCTS
from synthetic_data.domains.money.amounts import cents, lognormal, stepped
from synthetic_data.domains.money.balances import opened_inside
from synthetic_data.domains.money.calendar import month_begins, month_of, payday
from synthetic_data.domains.money.postings import NOBODY, Postings, post, together
from synthetic_data.domains.money.scene import Scene
from synthetic_data.ledger import MOVES, Deposit, Loan
from synthetic_data.tables import table_of
from synthetic_data.texts import numbered, taken, words

#: Days around which interest on demand deposits is credited: the 21st of the last month of a quarter (PBoC).
QUARTER_DAY = 21
PURPOSES = ("consumer", "housing")
#: The share of income that parts of principal may take, and the most months of a loan for a home and of any other.
MOST_OF_INCOME, LONGEST, LONGEST_CONSUMER = 0.4, 360, 120


class Contracts(NamedTuple):
    """What contracts move, and their terms: tables by name, and whose each row is."""

    postings: Postings
    tables: dict[str, pa.Table]
    owners: dict[str, Ints]


def of_product(scene: Scene, product: str) -> Ints:
    """Return the positions of the open accounts of a product."""
    held = scene.accounts
    return np.flatnonzero((held.product == PRODUCTS.index(product)) & (held.closed == NEVER))


def mirrored(scene: Scene, movements: Postings, kind: str | NDArray[np.integer]) -> Postings:
    """Return the other side of movements on contracts: on the owner's main account, where it is in use on that day.

    The movements on main accounts come a second earlier than what they pay for, and name the contract.
    """
    owner = scene.accounts.owner[movements.account]
    there = scene.lasts(owner, scene.calendar.local_days(movements.at))
    codes = np.broadcast_to(np.asarray(MOVES.index(kind) if isinstance(kind, str) else kind), len(there))
    return post(
        scene.who.main[owner][there],
        movements.at[there] - 1,
        -movements.cents[there],
        codes[there],
        "app",
        party=movements.account[there],
        origin=owner[there],
    )


def funded(scene: Scene, spent: Postings, floor: int) -> Postings:
    """Return what is brought in from elsewhere a little before large sums are spent; small ones are paid anyway."""
    large = spent.cents < -floor
    customer = scene.accounts.owner[spent.account[large]]
    step = round(scene.told.flows.step.value * 100)
    early = 600 + scene.chance("funded", str(floor)).whole(0, 7200, len(customer))
    amount = stepped(-spent.cents[large], step)
    there = scene.lasts(customer, scene.calendar.local_days(spent.at[large] - early))
    return post(
        spent.account[large][there],
        (spent.at[large] - early)[there],
        amount[there],
        "transfer_in",
        "app",
        party=scene.known.own + customer[there],
        origin=customer[there],
    )


def deposits(scene: Scene) -> Contracts:
    """Return fixed deposits: placed in the window or before, rolled over at maturity, interest paid out."""
    told, held = scene.told.products, of_product(scene, "deposit")
    accounts, n = scene.accounts, len(of_product(scene, "deposit"))
    terms = np.array([int(key) for key in told.deposit_terms.shares])
    months = terms[scene.chance("deposits").pick(tuple(told.deposit_terms.shares.values()), n)]
    rate = np.floor((told.deposit_rate.value * (0.7 + 0.1 * np.searchsorted(terms, months))) * 1e4 + 0.5) / 1e4
    opened = accounts.opened[held].astype(np.int64)
    ran = month_of(np.full(n, scene.calendar.ends)) - month_of(opened)
    turns = np.maximum(-(-(ran + 1) // months) - 1, 0)
    begun = _months_later(opened, turns * months)
    turns = np.where(begun > scene.calendar.ends, turns - 1, turns)
    begun = _months_later(opened, turns * months)
    principal = accounts.balance[held]
    new = np.flatnonzero((opened >= scene.calendar.begins) & (principal > 0))
    second = scene.chance("deposits", "moments").whole(10 * 3600, 16 * 3600 - 1, n)
    placed = post(held[new], scene.calendar.moments(opened[new], second[new]), principal[new], "placement", "app")
    paid = mirrored(scene, placed, "placement")
    interest = _deposit_interest(scene, held, months, rate, opened)
    table = table_of(
        Deposit,
        {
            "number": numbered("DP", scene.people.index[accounts.owner[held]], accounts.nth[held]),
            "account": taken(scene.known.numbers, held),
            "customer": numbered("C", scene.people.index[accounts.owner[held]]),
            "principal": principal,
            "rate": np.floor(rate * 1e6 + 0.5).astype(np.int64),
            "months": months,
            "placed": begun,
            "matures": _months_later(opened, (turns + 1) * months),
            "rolls": scene.chance("deposits", "rolls").happens(0.7, n),
        },
    )
    owners = accounts.owner[held]
    return Contracts(
        together([placed, paid, funded(scene, paid, 0), interest]), {"deposits": table}, {"deposits": owners}
    )


def _months_later(days: Ints, months: Ints) -> Ints:
    month = month_of(days)
    within = days - month_begins(month)
    later = month + months
    length = month_begins(later + 1) - month_begins(later)
    return np.asarray(month_begins(later) + np.minimum(within, length - 1))


def _deposit_interest(scene: Scene, held: Ints, months: Ints, rate: Ints, opened: Ints) -> Postings:
    """Interest of each finished term, credited to the owner's main account."""
    count = -(-scene.told.months.value // int(months.min())) + 1 if len(held) else 0
    which, turn = np.repeat(np.arange(len(held)), count), np.tile(np.arange(count), len(held))
    ran = month_of(np.full(len(held), scene.calendar.ends)) - month_of(opened)
    turns = (ran // months)[which] - turn
    days = _months_later(opened[which], turns * months[which])
    owner = scene.accounts.owner[held[which]]
    amount = cents(scene.accounts.balance[held[which]] / 100 * rate[which] * months[which] / 12)
    kept = (turns > 0) & (days <= scene.calendar.ends) & scene.lasts(owner, days) & (amount > 0)
    which, days, owner, amount = which[kept], days[kept], owner[kept], amount[kept]
    return post(
        scene.who.main[owner],
        scene.calendar.moments(days, 5 * 3600 + which * 13 % 3600),
        amount,
        "interest",
        "system",
        party=held[which],
    )


def loans(scene: Scene) -> Contracts:
    """Return loans in equal parts of principal: granted, charged interest each month, paid back from main accounts."""
    told, held = scene.told.products, of_product(scene, "loan")
    accounts, n = scene.accounts, len(held)
    owner, left = accounts.owner[held], -accounts.balance[held]
    home = left > round(told.loan_large.value * 100)
    mean = np.where(home, told.loan_months_large.value, told.loan_months_small.value)
    months = np.maximum(np.floor(mean * (0.4 + 1.2 * scene.chance("loans").shares(n))).astype(np.int64), 3)
    bearable = np.maximum(scene.people.income[owner] * MOST_OF_INCOME, 1)
    months = np.clip(np.ceil(left / bearable).astype(np.int64), months, LONGEST)
    home |= months > LONGEST_CONSUMER
    rate = told.loan_rate.value * np.where(home, 1.0, 1.6)
    rate = np.floor(rate * (0.95 + 0.2 * scene.chance("loans", "rates").shares(n)) * 1e4 + 0.5) / 1e4
    part = -(-left // months)
    day = scene.chance("loans", "days").whole(1, 28, n)
    late = scene.chance("loans", "late").happens(told.overdue.value, n) & (left > 0)
    opened = accounts.opened[held].astype(np.int64)
    which, turn = np.repeat(np.arange(n), len(scene.months)), np.tile(scene.months, n)
    days = payday(turn, day[which])
    stopped = scene.calendar.ends - np.where(late, 20 + scene.chance("loans", "overdue").whole(0, 100, n), -1)
    paid = (days > np.maximum(opened, scene.calendar.begins)[which]) & (
        days <= np.minimum(stopped, scene.calendar.ends)[which]
    )
    paid &= scene.lasts(owner[which], days) & (left > 0)[which]
    which, days = which[paid], days[paid]
    ahead = np.bincount(which, minlength=n)
    rank = np.arange(len(which)) - (np.cumsum(ahead) - ahead)[which]
    owed = left[which] + part[which] * (ahead[which] - rank)
    charge = np.floor(owed * rate[which] / 12 + 0.5).astype(np.int64)
    at = scene.calendar.moments(days, 7 * 3600 + which * 17 % 3600)
    charged = post(held[which], at - 2, -charge, "interest", "system")
    repaid = post(held[which], at, part[which] + charge, "instalment", "system", party=scene.who.main[owner[which]])
    granted, passed = _granted(scene, held, left + part * ahead, opened, home)
    sides = [charged, repaid, mirrored(scene, repaid, "instalment"), granted, *passed]
    table = table_of(
        Loan,
        {
            "number": numbered("LN", scene.people.index[owner], accounts.nth[held]),
            "account": taken(scene.known.numbers, held),
            "customer": numbered("C", scene.people.index[owner]),
            "purpose": words(home.astype(np.int64), PURPOSES),
            "principal": left + part * ahead,
            "rate": np.floor(rate * 1e6 + 0.5).astype(np.int64),
            "months": months,
            "granted": opened,
            "instalment_day": day,
            "overdue_days": np.where(late, scene.calendar.ends - stopped, 0),
        },
    )
    return Contracts(together(sides), {"loans": table}, {"loans": owner})


def _granted(
    scene: Scene, held: Ints, principal: Ints, opened: Ints, home: Bools
) -> tuple[Postings, tuple[Postings, Postings]]:
    """Loans granted in the window: paid out to the main account and, but for a tenth, to whom it was borrowed for."""
    new = np.flatnonzero((opened >= scene.calendar.begins) & (principal > 0))
    second = scene.chance("loans", "moments").whole(10 * 3600, 15 * 3600 - 1, len(held))[new]
    at = scene.calendar.moments(opened[new], second)
    granted = post(held[new], at, -principal[new], "disbursement", "branch")
    got = mirrored(scene, granted, "disbursement")
    passed = post(
        got.account,
        got.at + 1800,
        -(got.cents // 10 * 9),
        "transfer_out",
        "branch",
        party=scene.known.outsiders + got.account % 997,
        origin=scene.accounts.owner[got.account],
    )
    return granted, (got, passed)


def investments(scene: Scene) -> Contracts:
    """Return orders in funds and wealth products and, each quarter, what markets did to them."""
    told = scene.told.products
    held = np.concatenate([of_product(scene, "fund"), of_product(scene, "wealth")])
    held.sort()
    accounts, n = scene.accounts, len(held)
    owner, final = accounts.owner[held], accounts.balance[held]
    begins = np.maximum(accounts.opened[held].astype(np.int64), scene.calendar.begins) + 1
    orders = scene.chance("orders").counts(np.maximum(scene.calendar.ends - begins, 0) / 30.44 * told.fund_orders.value)
    which = np.repeat(np.arange(n), np.where(final > 0, orders, 0))
    days = scene.calendar.days(
        scene.chance("orders", "days"),
        "online",
        np.minimum(begins, scene.calendar.ends)[which],
        np.full(len(which), scene.calendar.ends),
    )
    buys = scene.chance("orders", "buys").happens(0.6, len(which))
    size = cents(final[which] / 100 * 0.06 * lognormal(scene.chance("orders", "sizes"), 0.7, len(which)))
    size = np.minimum(size, final[which] // np.maximum(2 * orders[which], 3))
    size = np.maximum(size // 10_000 * 10_000, np.minimum(size, 10_000))
    seconds = scene.calendar.seconds(scene.chance("orders", "moments"), "office", len(which))
    kind = np.where(buys, MOVES.index("subscription"), MOVES.index("redemption"))
    kept = scene.lasts(owner[which], days) & (size > 0)
    ordered = post(held[which], scene.calendar.moments(days, seconds), np.where(buys, size, -size), kind, "app").where(
        kept
    )
    valued = _valued(scene, held, final, begins)
    first = _first_orders(scene, held, final, together([ordered, valued]))
    sides = mirrored(scene, together([ordered, first]), together([ordered, first]).kind)
    bought = sides.where(sides.cents < 0)
    return Contracts(together([ordered, valued, first, sides, funded(scene, bought, 1)]), {}, {})


def _valued(scene: Scene, held: Ints, final: Ints, begins: Ints) -> Postings:
    """Gains and losses of each quarter."""
    months = scene.months[scene.months % 3 == 2]
    days = month_begins(months + 1) - 1
    which, day = np.repeat(np.arange(len(held)), len(days)), np.tile(days, len(held))
    swing = scene.told.products.valuation_spread.value * scene.chance("valued").normals(len(which)) + 0.004
    change = np.floor(final[which] * swing + 0.5).astype(np.int64)
    kept = (day > begins[which]) & (day <= scene.calendar.ends) & (change != 0)
    at = scene.calendar.moments(day, np.full(len(day), 20 * 3600))
    return post(held[which], at, change, "valuation", "system").where(kept)


def _first_orders(scene: Scene, held: Ints, final: Ints, later: Postings) -> Postings:
    """The order by which an account opened in the window began: all that did not come later."""
    moved = np.zeros(len(scene.accounts), dtype=np.int64)
    np.add.at(moved, later.account, later.cents)
    new = opened_inside(scene)[held]
    amount = (final - moved[held])[new]
    second = scene.chance("orders", "first").whole(10 * 3600, 15 * 3600 - 1, len(amount))
    at = scene.calendar.moments(scene.accounts.opened[held[new]], second)
    return post(held[new], at, amount, "subscription", "branch").where(amount > 0)


def savings(scene: Scene) -> Postings:
    """Return what is put aside month by month from main accounts into savings accounts, and interest on both."""
    held = of_product(scene, "savings")
    owner = scene.accounts.owner[held]
    saves = scene.chance("savings").happens(0.35, len(held)) & (scene.people.income[owner] > 0)
    regular, month = scene.monthly(np.flatnonzero(saves))
    step = round(scene.told.flows.step.value * 100)
    sums = stepped(
        cents(scene.people.income[owner] / 100 * (0.02 + 0.1 * scene.chance("savings", "sums").shares(len(held)))), step
    )
    days = payday(month, np.full(len(month), 16)) + 1
    kept = scene.lasts(owner[regular], days) & (days > scene.accounts.opened[held[regular]])
    regular, days = regular[kept], days[kept]
    put = post(
        held[regular],
        scene.calendar.moments(days, 8 * 3600 + regular * 19 % 3600),
        sums[regular],
        "transfer_in",
        "system",
        party=scene.who.main[owner[regular]],
    )
    return together([put, mirrored(scene, put, "transfer_out"), _interest(scene, held)])


def _interest(scene: Scene, held: Ints) -> Postings:
    """Interest of each quarter, reckoned on the balance on file; less than a cent is not paid."""
    months = scene.months[scene.months % 3 == 2]
    days = month_begins(months) + QUARTER_DAY - 1
    which, day = np.repeat(held, len(days)), np.tile(days, len(held))
    amount = np.floor(scene.accounts.balance[which] * (scene.told.products.savings_rate.value / 4) + 0.5).astype(
        np.int64
    )
    opened = scene.accounts.opened[which]
    kept = (amount > 0) & (day > opened) & (day > scene.calendar.begins) & (day <= scene.calendar.ends)
    at = scene.calendar.moments(day, 3 * 3600 + which * 7 % 3600)
    return post(which, at, amount, "interest", "system").where(kept)


def exchanges(scene: Scene) -> Postings:
    """Return foreign currency bought and sold against the main account; travellers do so more often."""
    told, who = scene.told.products, scene.who
    able = who.pays & ~scene.people.minor & (scene.people.copies < 0)
    span = np.where(able, who.last - who.first + 1, 0) / 30.44
    counts = scene.chance("fx").counts(
        np.minimum(told.fx_deals.value * span * np.where(who.traveller, 6.0, 1.0), 600.0)
    )
    customer = np.repeat(np.arange(len(able)), counts)
    days = scene.calendar.days(scene.chance("fx", "days"), "office", who.first[customer], who.last[customer])
    seconds = scene.calendar.seconds(scene.chance("fx", "moments"), "office", len(customer))
    amount = np.maximum(
        cents(told.fx_median.value * lognormal(scene.chance("fx", "amounts"), 0.9, len(customer))), 1000
    )
    buys = scene.chance("fx", "buys").happens(0.7, len(customer))
    return post(
        who.main[customer],
        scene.calendar.moments(days, seconds),
        np.where(buys, -amount, amount),
        np.where(buys, MOVES.index("fx_bought"), MOVES.index("fx_sold")),
        "app",
        party=NOBODY,
        origin=customer,
    )
