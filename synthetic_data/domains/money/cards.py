"""Cards: debit cards on main accounts and credit cards beside them."""

import numpy as np

from synthetic_data.chance import Ints
from synthetic_data.columns import NEVER
from synthetic_data.days import years_later
from synthetic_data.domains.money.scene import Scene
from synthetic_data.grown import Grown
from synthetic_data.identities import CARD_RANGE
from synthetic_data.ledger import Card
from synthetic_data.tables import NONE, table_of
from synthetic_data.texts import Letters, beside, digits, fixed, numbered, taken, words

STATES = ("active", "expired", "closed")
KINDS = ("debit", "credit")
#: Years a card is good for.
GOOD_FOR = 5


def cards(scene: Scene) -> Grown:
    """Return a debit card for each main account, and credit cards for some grown-ups with an income."""
    who, people = scene.who, scene.people
    has = np.flatnonzero((who.main >= 0) & (people.copies < 0))
    wants = scene.chance("cards").happens(scene.told.products.credit_card.value, len(people))
    credit = np.flatnonzero(wants & (people.income > 0) & (who.main >= 0) & (people.copies < 0))
    owner = np.concatenate([has, credit])
    kind = np.repeat([0, 1], [len(has), len(credit)])
    order = np.argsort(owner * 2 + kind, kind="stable")
    owner, kind = owner[order], kind[order]
    main = who.main[owner]
    begun = scene.accounts.opened[main].astype(np.int64)
    ended = scene.accounts.closed[main].astype(np.int64)
    seen = np.minimum(ended, scene.calendar.ends)
    opened = np.where(
        kind == 1, begun + np.floor(scene.chance("cards", "opened").shares(len(owner)) * (seen - begun)), begun
    )
    opened = opened.astype(np.int64)
    turns = np.maximum(seen - opened, 0) // (365 * GOOD_FOR + 1)
    expires = years_later(opened, GOOD_FOR * (turns + 1))
    step = round(scene.told.flows.step.value * 100)
    ceiling = np.maximum(people.income[owner] * 2 // (10 * step), 1) * (10 * step)
    state = np.where(ended != NEVER, 2, np.where(expires < scene.calendar.ends, 1, 0))
    table = table_of(
        Card,
        {
            "number": numbered("CD", people.index[owner], kind, 1),
            "customer": numbered("C", people.index[owner]),
            "account": taken(scene.known.numbers, main),
            "kind": words(kind, KINDS),
            "card_number": fixed(_card_numbers(people.index[owner], kind)),
            "ceiling": np.where(kind == 1, ceiling, NONE),
            "opened": opened.astype(np.int32),
            "expires": expires.astype(np.int32),
            "state": words(state, STATES),
        },
    )
    return Grown({"cards": table}, {}, {"cards": owner})


def _card_numbers(index: Ints, kind: Ints) -> Letters:
    """Sixteen digits in the range that no issuer can hold, apart from those of customers' files, with a Luhn digit.

    The customer's place is turned by a multiplier prime to ten millions, so that neighbours look unlike; a bank of ten
    million customers has no number twice.
    """
    body = beside(len(index), CARD_RANGE[:5], digits(kind + 8, 1), digits(index // 10**7 % 10, 1),
                  digits((index % 10**7 * 7_654_321 + 1_234_567) % 10**7, 7), "0")  # fmt: skip
    values = (body - ord("0")).astype(np.int64)
    doubled = values[:, ::-1] * np.where(np.arange(body.shape[1]) % 2 == 0, 2, 1)
    check = -(doubled // 10 + doubled % 10).sum(axis=1) % 10
    return np.hstack([body, digits(check, 1)])
