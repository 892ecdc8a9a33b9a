"""Contracts: what movements on deposits, loans and investments mean for the main accounts of their owners."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synthetic_data.chance import Ints
from synthetic_data.columns import NEVER, PRODUCTS
from synthetic_data.domains.money.amounts import stepped
from synthetic_data.domains.money.postings import Postings, post
from synthetic_data.domains.money.scene import Scene
from synthetic_data.ledger import MOVES


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


def funded(scene: Scene, spent: Postings, name: str) -> Postings:
    """Return what is brought in from elsewhere in the two hours before each of some sums is spent, in round sums."""
    customer = scene.accounts.owner[spent.account]
    step = round(scene.told.flows.step.value * 100)
    at = spent.at - 600 - scene.chance("funded", name).whole(0, 7200, len(customer))
    there = scene.lasts(customer, scene.calendar.local_days(at)) & (spent.cents < 0)
    return post(
        spent.account[there],
        at[there],
        stepped(-spent.cents[there], step),
        "transfer_in",
        "app",
        party=scene.known.own + customer[there],
        origin=customer[there],
    )
