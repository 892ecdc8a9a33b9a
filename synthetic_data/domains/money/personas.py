"""Personas: who the customers of a cell are behind their files: segments, habits, employers, and signs of leaving."""

from dataclasses import dataclass

import numpy as np

from synthetic_data.chance import Bools, Chance, Floats, Ints
from synthetic_data.columns import NEVER, PRODUCTS, STATES, Accounts, People
from synthetic_data.days import of_date
from synthetic_data.domains.employers import firm_of
from synthetic_data.domains.money.calendar import months_before
from synthetic_data.domains.money.directory import PENSION
from synthetic_data.ground import Ground

#: Signs that somebody is about to leave, in the order of their factors in the profile.
SIGNS = ("logins", "activity", "salary", "drain", "complaint")
RETIREMENT = 60 * 365
#: Days on file before a customer is watched for signs, so that there is something to compare with.
KNOWN_FOR = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Personas:
    """What is true of each customer of a cell; positions and days as in ``People``."""

    main: Ints  # position of the account that money comes to, -1 for none
    first: Ints  # first day on which the customer pays anything, on the bank's own clock
    last: Ints  # last such day; before ``first`` for those who never do
    segment: Ints  # place among the profile's segments
    payer: Ints  # place among the cell's payers, -1 for those paid elsewhere or not at all
    pensioner: Bools
    rents: Bools
    mortgage_elsewhere: Bools
    traveller: Bools
    night: Bools
    car: Bools
    parent: Bools
    watched: Bools  # still a customer, an adult, known for long enough: may leave
    fading: Bools  # about to leave
    signs: Bools  # a row for each customer, a column for each of SIGNS
    fades_from: Ints  # day from which the signs show

    @property
    def pays(self) -> Bools:
        """Who moves money in the window at all."""
        return (self.main >= 0) & (self.first <= self.last)


def personas(ground: Ground, people: People, accounts: Accounts) -> Personas:
    """Return who the customers of a cell are behind their files."""
    main = _main(people, accounts)
    first, last = _span(ground, people, accounts, main)
    employed = (people.income > 0) & ~people.minor & (people.copies < 0) & (main >= 0)
    payer, pensioner = _payers(ground, people, employed)
    rate = ground.profile.money.flows
    segment = _segments(ground, people, accounts)
    habits = ground.profile.money.behaviour
    rents = employed & _flag(ground, people, "rents", rate.renters.value)
    traveller = np.array([s.travel > 2 for s in habits.segments.values()])[segment]
    watched = (
        (people.state == STATES.index("active")) & ~people.minor & (people.copies < 0) & (last - first > KNOWN_FOR)
    )
    leaver = (people.closed != NEVER) & (last - first > KNOWN_FOR)
    fading = leaver | (watched & _flag(ground, people, "fading", ground.profile.money.churn.fading.value))
    return Personas(
        main=main,
        first=first,
        last=last,
        segment=segment,
        payer=payer,
        pensioner=pensioner,
        rents=rents,
        mortgage_elsewhere=employed & ~rents & _flag(ground, people, "mortgage", rate.mortgage_elsewhere.value),
        traveller=traveller,
        night=_flag(ground, people, "night", habits.night.value),
        car=~people.minor & _flag(ground, people, "car", habits.car.value),
        parent=~people.minor & _flag(ground, people, "parent", habits.parent.value),
        watched=watched,
        fading=fading,
        signs=_signs(ground, people, watched, fading, payer >= 0),
        fades_from=last - ground.profile.money.churn.days.value,
    )


def window(ground: Ground) -> tuple[int, int]:
    """Return the first and last day of the payments of a bank, as days since 1970-01-01."""
    return months_before(ground.as_of, ground.profile.money.months.value), of_date(ground.as_of)


def _flag(ground: Ground, people: People, name: str, share: float) -> Bools:
    return Chance(ground.seed, people.cell, "personas", name).happens(share, len(people))


def _main(people: People, accounts: Accounts) -> Ints:
    """The first current account of each customer."""
    main = np.full(len(people), -1, dtype=np.int64)
    current = np.flatnonzero(accounts.product == PRODUCTS.index("current"))[::-1]
    main[accounts.owner[current]] = current
    return main


def _span(ground: Ground, people: People, accounts: Accounts, main: Ints) -> tuple[Ints, Ints]:
    """From the day after opening to the day before closing; the dormant and the dead have stopped before."""
    begins, ends = window(ground)
    chance = Chance(ground.seed, people.cell, "personas", "span")
    silent = np.where(people.state == STATES.index("dormant"), chance.whole(200, 700, len(people)), 0)
    dead = np.where(people.state == STATES.index("deceased"), chance.whole(10, 300, len(people)), 0)
    first = np.maximum(begins + 1, np.maximum(accounts.opened[main], people.since) + 1).astype(np.int64)
    last = np.minimum(np.minimum(accounts.closed[main], people.closed).astype(np.int64) - 1, ends - silent - dead)
    return np.where(main >= 0, first, 0), np.where(main >= 0, last, -1)


def _payers(ground: Ground, people: People, employed: Bools) -> tuple[Ints, Bools]:
    chance = Chance(ground.seed, people.cell, "personas", "payers")
    here = employed & chance.happens(ground.profile.money.flows.payroll.value, len(people))
    pensioner = employed & (window(ground)[1] - people.birth > RETIREMENT)
    return np.where(here, np.where(pensioner, PENSION, firm_of(ground, people)), -1), pensioner


def _segments(ground: Ground, people: People, accounts: Accounts) -> Ints:
    """Borrowers mostly have a loan, investors a fund or wealth product, savers a savings account or deposit."""
    told = ground.profile.money.behaviour
    names = tuple(told.segments)
    weights = np.tile(np.array([s.share for s in told.segments.values()]), (len(people), 1))
    suited = {"borrower": ("loan",), "investor": ("fund", "wealth"), "saver": ("savings", "deposit")}
    for name, products in suited.items():
        if name in names:
            weights[_holds(people, accounts, products), names.index(name)] *= told.holder_boost.value
    rising = np.cumsum(weights, axis=1)
    at = Chance(ground.seed, people.cell, "personas", "segments").shares(len(people)) * rising[:, -1]
    found: Ints = (at[:, None] >= rising[:, :-1]).sum(axis=1)
    return found


def _holds(people: People, accounts: Accounts, products: tuple[str, ...]) -> Bools:
    codes = np.isin(accounts.product, [PRODUCTS.index(p) for p in products])
    held = np.zeros(len(people), dtype=np.bool_)
    held[accounts.owner[codes & (accounts.closed == NEVER)]] = True
    return held


def holds(people: People, accounts: Accounts, product: str) -> Bools:
    """Return who holds an open account of a product; nobody holds a product that is no account."""
    return _holds(people, accounts, (product,)) if product in PRODUCTS else np.zeros(len(people), dtype=np.bool_)


def _signs(ground: Ground, people: People, watched: Bools, fading: Bools, paid: Bools) -> Bools:
    told = ground.profile.money.churn
    shown = np.where(fading, told.shown.value, np.where(watched, told.noise.value, 0.0))
    chance = Chance(ground.seed, people.cell, "personas", "signs")
    signs = chance.shares(len(people) * len(SIGNS)).reshape(-1, len(SIGNS)) < shown[:, None]
    signs[:, SIGNS.index("salary")] &= paid
    return signs


def factor(ground: Ground, who: Personas, what: str) -> Floats:
    """Return how much more or less of something the customers do by their segments; 1 is the average."""
    told = ground.profile.money.behaviour
    plain = np.array([getattr(s, what) for s in told.segments.values()])
    return np.asarray((1 + (plain - 1) * told.contrast.value)[who.segment])
