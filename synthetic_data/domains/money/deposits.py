"""Deposits: fixed deposits, placed and rolled over, money put aside in savings accounts, and interest on both."""

import numpy as np
import pyarrow as pa

from synthetic_data.chance import Floats, Ints
from synthetic_data.domains.money.amounts import cents, stepped
from synthetic_data.domains.money.calendar import month_begins, month_of, payday
from synthetic_data.domains.money.contracts import Contracts, funded, mirrored, of_product
from synthetic_data.domains.money.postings import Postings, post, together
from synthetic_data.domains.money.scene import Scene
from synthetic_data.ledger import Deposit
from synthetic_data.tables import table_of
from synthetic_data.texts import numbered, taken

#: Interest on demand deposits is credited on the 21st of the last month of a quarter (PBoC, rules of 1999 and 2005).
QUARTER_DAY = 21


def deposits(scene: Scene) -> Contracts:
    """Return fixed deposits: placed in the window or before, rolled over at maturity, interest paid out."""
    held = of_product(scene, "deposit")
    months, rate = _terms(scene, len(held))
    opened, principal = scene.accounts.opened[held].astype(np.int64), scene.accounts.balance[held]
    new = np.flatnonzero((opened >= scene.calendar.begins) & (principal > 0))
    second = scene.chance("deposits", "moments").whole(10 * 3600, 16 * 3600 - 1, len(held))
    placed = post(held[new], scene.calendar.moments(opened[new], second[new]), principal[new], "placement", "app")
    paid = mirrored(scene, placed, "placement")
    interest = _term_interest(scene, held, months, rate, opened)
    table = _contracts(scene, held, months, rate, opened)
    moved = together([placed, paid, funded(scene, paid, "deposits"), interest])
    return Contracts(moved, {"deposits": table}, {"deposits": scene.accounts.owner[held]})


def _terms(scene: Scene, n: int) -> tuple[Ints, Floats]:
    """Months, and rates a year: the longer the higher."""
    told = scene.told.products
    terms = np.array([int(key) for key in told.deposit_terms.shares])
    months = terms[scene.chance("deposits").pick(tuple(told.deposit_terms.shares.values()), n)]
    rate = told.deposit_rate.value * (0.7 + 0.1 * np.searchsorted(np.sort(terms), months))
    return months, np.floor(rate * 1e4 + 0.5) / 1e4


def _contracts(scene: Scene, held: Ints, months: Ints, rate: Floats, opened: Ints) -> pa.Table:
    """The term that runs on the day the bank is seen."""
    ran = month_of(np.full(len(held), scene.calendar.ends)) - month_of(opened)
    turns = ran // months
    turns -= months_later(opened, turns * months) > scene.calendar.ends
    index = scene.people.index[scene.accounts.owner[held]]
    return table_of(
        Deposit,
        {
            "number": numbered("DP", index, scene.accounts.nth[held]),
            "account": taken(scene.known.numbers, held),
            "customer": numbered("C", index),
            "principal": scene.accounts.balance[held],
            "rate": np.floor(rate * 1e6 + 0.5).astype(np.int64),
            "months": months,
            "placed": months_later(opened, turns * months),
            "matures": months_later(opened, (turns + 1) * months),
            "rolls": scene.chance("deposits", "rolls").happens(0.7, len(held)),
        },
    )


def months_later(days: Ints, months: Ints) -> Ints:
    """Return the same days so many months later, or the last of the month where there is none."""
    month = month_of(days)
    later = month + months
    length = month_begins(later + 1) - month_begins(later)
    return np.asarray(month_begins(later) + np.minimum(days - month_begins(month), length - 1))


def _term_interest(scene: Scene, held: Ints, months: Ints, rate: Floats, opened: Ints) -> Postings:
    """Interest of each finished term, credited to the owner's main account."""
    if len(held) == 0:
        return post(held, held, held, "interest", "system")
    count = -(-round(scene.told.months.value) // int(months.min())) + 1
    which, turn = np.repeat(np.arange(len(held)), count), np.tile(np.arange(count), len(held))
    ran = month_of(np.full(len(held), scene.calendar.ends)) - month_of(opened)
    turns = (ran // months)[which] - turn
    days = months_later(opened[which], turns * months[which])
    owner = scene.accounts.owner[held[which]]
    amount = cents(scene.accounts.balance[held[which]] / 100 * rate[which] * months[which] / 12)
    kept = (turns > 0) & (days <= scene.calendar.ends) & scene.lasts(owner, days) & (amount > 0)
    at = scene.calendar.moments(days, 5 * 3600 + which * 13 % 3600)
    return post(scene.who.main[owner], at, amount, "interest", "system", party=held[which]).where(kept)


def savings(scene: Scene) -> Postings:
    """Return what is put aside month by month from main accounts into savings accounts, and interest on those."""
    held = of_product(scene, "savings")
    owner = scene.accounts.owner[held]
    saves = scene.chance("savings").happens(0.35, len(held)) & (scene.people.income[owner] > 0)
    regular, month = scene.monthly(np.flatnonzero(saves))
    share = 0.02 + 0.1 * scene.chance("savings", "sums").shares(len(held))
    sums = stepped(cents(scene.people.income[owner] / 100 * share), round(scene.told.flows.step.value * 100))
    days = payday(month, np.full(len(month), 16)) + 1
    kept = scene.lasts(owner[regular], days) & (days > scene.accounts.opened[held[regular]])
    at = scene.calendar.moments(days, 8 * 3600 + regular * 19 % 3600)
    main = scene.who.main[owner[regular]]
    put = post(held[regular], at, sums[regular], "transfer_in", "system", party=main).where(kept)
    return together([put, mirrored(scene, put, "transfer_out"), _interest(scene, held)])


def _interest(scene: Scene, held: Ints) -> Postings:
    """Interest of each quarter, reckoned on the balance on file; less than a cent is not paid."""
    months = scene.months[scene.months % 3 == 2]
    days = month_begins(months) + QUARTER_DAY - 1
    which, day = np.repeat(held, len(days)), np.tile(days, len(held))
    rate = scene.told.products.savings_rate.value / 4
    amount = np.floor(scene.accounts.balance[which] * rate + 0.5).astype(np.int64)
    opened = scene.accounts.opened[which]
    kept = (amount > 0) & (day > opened) & (day > scene.calendar.begins) & (day <= scene.calendar.ends)
    at = scene.calendar.moments(day, 3 * 3600 + which * 7 % 3600)
    return post(which, at, amount, "interest", "system").where(kept)
