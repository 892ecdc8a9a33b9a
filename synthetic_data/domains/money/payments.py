"""Payments: all movements of a cell, ordinary and planted, put together so that every balance comes out."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from synthetic_data.chance import Ints
from synthetic_data.columns import NEVER, PRODUCTS
from synthetic_data.days import SECONDS
from synthetic_data.domains.money import deposits, income, investments, loans, risk, spending
from synthetic_data.domains.money.balances import Rules, Settled, closes_inside, in_order, moved_on, settle
from synthetic_data.domains.money.churn import closed_out, drained
from synthetic_data.domains.money.postings import Postings, post, together
from synthetic_data.domains.money.scene import Scene

_CURRENT, _SAVINGS = PRODUCTS.index("current"), PRODUCTS.index("savings")


class Payments(NamedTuple):
    """What moved on the accounts of a cell, the planted cases in it, and the terms of contracts."""

    settled: Settled
    cases: risk.Cases
    tables: dict[str, pa.Table]
    owners: dict[str, Ints]


def payments(scene: Scene) -> Payments:
    """Return all movements of a cell: what people do, what contracts ask, what is planted, and what follows from it."""
    closing = closed_out(scene, np.flatnonzero(closes_inside(scene)))
    drains, drain = drained(scene)
    terms = [deposits.deposits(scene), loans.loans(scene), investments.investments(scene)]
    rules = _rules(scene, drain)
    saved = _saved(scene, together([deposits.savings(scene), closing]), rules)
    ordinary = [
        income.wages(scene),
        spending.purchases(scene),
        spending.rent(scene),
        spending.bills(scene),
        spending.transfers(scene),
        spending.cash(scene),
        investments.exchanges(scene),
        *(t.postings for t in terms),
        saved,
    ]
    flows = income.topped_up(scene, together(ordinary))
    planted = risk.cases(scene, flows.rows)
    flows = together([flows, drains, planted.postings])
    flows = together([flows, _surplus(scene, flows, rules)])
    settled = settle(scene, flows, rules)
    tables = {name: table for term in terms for name, table in term.tables.items()}
    owners = {name: rows for term in terms for name, rows in term.owners.items()}
    return Payments(settled, planted, tables, owners)


def _rules(scene: Scene, drain: Ints) -> Rules:
    """What each account ends at; main accounts keep part of that at all times, and what is drained until it is."""
    held, who = scene.accounts, scene.who
    final = np.where(held.closed == NEVER, held.balance, 0)
    keeps = 0.15 + 0.6 * scene.chance("floors").shares(len(final))
    floor = np.minimum(final, np.floor(np.maximum(final, 0) * keeps).astype(np.int64))
    step = round(scene.told.flows.step.value * 100)
    sums = np.maximum(scene.people.income[held.owner] * 9 // 10 // step, 5) * step
    ends = scene.calendar.moments(
        np.minimum(held.closed, scene.calendar.ends).astype(np.int64), np.full(len(final), 10 * 3600)
    )
    ends = np.where(held.closed == NEVER, ends + 13 * 3600, ends - SECONDS // 2)
    main = who.main[held.owner] == np.arange(len(final))
    until = scene.calendar.moments(who.fades_from + 1, np.zeros(len(drain), np.int64))[held.owner]
    return Rules(
        final=final,
        floor=floor,
        step=np.where(held.product == _SAVINGS, 2 * sums, sums),
        more=np.where(main, drain[held.owner], 0),
        until=until,
        ends=ends,
    )


def _saved(scene: Scene, flows: Postings, rules: Rules) -> Postings:
    """Movements of savings accounts with what they must pass on: to the main account where it is in use."""
    on_savings = scene.accounts.product[flows.account] == _SAVINGS
    mine = flows.where(on_savings)
    ordered = mine.where(in_order(mine, _begins(scene)))
    gone = moved_on(ordered, rules, scene.chance("savings", "moved"))
    owner = scene.accounts.owner[gone.account]
    there = scene.lasts(owner, scene.calendar.local_days(gone.at))
    main = scene.who.main[owner]
    party = np.where(there, main, scene.known.own + owner)
    gone = gone._replace(party=party.astype(np.int32), origin=owner.astype(np.int32))
    came = post(main[there], gone.at[there], -gone.cents[there], "transfer_in", "app", party=gone.account[there])
    return together([flows, gone, came])


def _surplus(scene: Scene, flows: Postings, rules: Rules) -> Postings:
    """What main accounts pass on to their owners' accounts at other banks."""
    on_main = scene.accounts.product[flows.account] == _CURRENT
    mine = flows.where(on_main)
    ordered = mine.where(in_order(mine, _begins(scene)))
    gone = moved_on(ordered, rules, scene.chance("surplus"))
    owner = scene.accounts.owner[gone.account].astype(np.int32)
    return gone._replace(party=(scene.known.own + owner).astype(np.int32), origin=owner)


def _begins(scene: Scene) -> int:
    return (scene.calendar.begins - 1) * SECONDS
