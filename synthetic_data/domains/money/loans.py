"""Loans: granted, charged interest every month, and paid back in equal parts of principal."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from synthetic_data.chance import Bools, Floats, Ints
from synthetic_data.domains.money.calendar import payday
from synthetic_data.domains.money.contracts import Contracts, mirrored, of_product
from synthetic_data.domains.money.directory import OUTSIDERS
from synthetic_data.domains.money.postings import Postings, post, together
from synthetic_data.domains.money.scene import Scene
from synthetic_data.ledger import Loan
from synthetic_data.tables import table_of
from synthetic_data.texts import numbered, taken, words

PURPOSES = ("consumer", "housing")
#: The share of income that parts of principal may take, and the most months of a loan for a home and of any other.
MOST_OF_INCOME, LONGEST, LONGEST_CONSUMER = 0.4, 360, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    """The terms of a cell's loans."""

    held: Ints  # positions of their accounts
    owner: Ints
    left: Ints  # cents still owed
    home: Bools
    months: Ints  # still to be paid
    rate: Floats  # a year
    part: Ints  # cents of principal a month
    day: Ints  # of the month
    opened: Ints
    stopped: Ints  # last day on which an instalment was paid by those who are late; the end for all others


def loans(scene: Scene) -> Contracts:
    """Return loans in equal parts of principal: granted, charged interest each month, paid back from main accounts."""
    terms = _terms(scene)
    which, days, ahead = _instalments(scene, terms)
    rank = np.arange(len(which)) - (np.cumsum(ahead) - ahead)[which]
    owed = terms.left[which] + terms.part[which] * (ahead[which] - rank)
    charge = np.floor(owed * terms.rate[which] / 12 + 0.5).astype(np.int64)
    at = scene.calendar.moments(days, 7 * 3600 + which * 17 % 3600)
    charged = post(terms.held[which], at - 2, -charge, "interest", "system").where(charge > 0)
    paid = terms.part[which] + charge
    main = scene.who.main[terms.owner[which]]
    repaid = post(terms.held[which], at, paid, "instalment", "system", party=main)
    principal = terms.left + terms.part * ahead
    moved = [charged, repaid, mirrored(scene, repaid, "instalment"), _granted(scene, terms, principal)]
    return Contracts(together(moved), {"loans": _contracts(scene, terms, principal)}, {"loans": terms.owner})


def _terms(scene: Scene) -> _Terms:
    """Time still to run: about as the profile says, longer where the parts would take too much of the income."""
    told, held = scene.told.products, of_product(scene, "loan")
    n, owner, left = len(held), scene.accounts.owner[held], -scene.accounts.balance[held]
    home = left > round(told.loan_large.value * 100)
    mean = np.where(home, told.loan_months_large.value, told.loan_months_small.value)
    months = np.maximum(np.floor(mean * (0.4 + 1.2 * scene.chance("loans").shares(n))).astype(np.int64), 3)
    bearable = np.maximum(scene.people.income[owner] * MOST_OF_INCOME, 1)
    months = np.clip(np.ceil(left / bearable).astype(np.int64), months, LONGEST)
    home |= months > LONGEST_CONSUMER
    rate = told.loan_rate.value * np.where(home, 1.0, 1.6) * (0.95 + 0.2 * scene.chance("loans", "rates").shares(n))
    late = scene.chance("loans", "late").happens(told.overdue.value, n) & (left > 0)
    behind = np.where(late, 20 + scene.chance("loans", "overdue").whole(0, 100, n), 0)
    return _Terms(
        held=held,
        owner=owner,
        left=left,
        home=home,
        months=months,
        rate=np.floor(rate * 1e4 + 0.5) / 1e4,
        part=-(-left // months),
        day=scene.chance("loans", "days").whole(1, 28, n),
        opened=scene.accounts.opened[held].astype(np.int64),
        stopped=scene.calendar.ends - behind,
    )


def _instalments(scene: Scene, terms: _Terms) -> tuple[Ints, Ints, Ints]:
    """Which loan is paid on which days, in turn, and how often each."""
    which, month = scene.monthly(np.arange(len(terms.held)))
    days = payday(month, terms.day[which])
    paid = (days > terms.opened[which]) & (days > scene.calendar.begins) & (days <= terms.stopped[which])
    paid &= scene.lasts(terms.owner[which], days) & (terms.left > 0)[which]
    return which[paid], days[paid], np.bincount(which[paid], minlength=len(terms.held))


def _granted(scene: Scene, terms: _Terms, principal: Ints) -> Postings:
    """Loans granted in the window: paid out to the main account and, but for a tenth, to whom it was borrowed for."""
    new = np.flatnonzero((terms.opened >= scene.calendar.begins) & (principal > 0))
    second = scene.chance("loans", "moments").whole(10 * 3600, 15 * 3600 - 1, len(terms.held))[new]
    at = scene.calendar.moments(terms.opened[new], second)
    granted = post(terms.held[new], at, -principal[new], "disbursement", "branch")
    got = mirrored(scene, granted, "disbursement")
    payee = scene.known.outsiders + got.account % OUTSIDERS
    owner = scene.accounts.owner[got.account]
    passed = post(
        got.account, got.at + 1800, -(got.cents // 10 * 9), "transfer_out", "branch", party=payee, origin=owner
    )
    return together([granted, got, passed])


def _contracts(scene: Scene, terms: _Terms, principal: Ints) -> pa.Table:
    index = scene.people.index[terms.owner]
    return table_of(
        Loan,
        {
            "number": numbered("LN", index, scene.accounts.nth[terms.held]),
            "account": taken(scene.known.numbers, terms.held),
            "customer": numbered("C", index),
            "purpose": words(terms.home.astype(np.int64), PURPOSES),
            "principal": principal,
            "rate": np.floor(terms.rate * 1e6 + 0.5).astype(np.int64),
            "months": terms.months,
            "granted": terms.opened,
            "instalment_day": terms.day,
            "overdue_days": scene.calendar.ends - terms.stopped,
        },
    )
