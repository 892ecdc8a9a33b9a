"""Domain: money and behaviour of a cell as tables on file and truth sealed apart."""

import numpy as np
import pyarrow as pa

from synthetic_data.chance import Chance, Floats, Ints
from synthetic_data.columns import Accounts, People
from synthetic_data.days import SECONDS
from synthetic_data.domains.money.amounts import cents, rounded
from synthetic_data.domains.money.calendar import month_begins
from synthetic_data.domains.money.cards import cards
from synthetic_data.domains.money.churn import Use, leaving, use
from synthetic_data.domains.money.directory import trade
from synthetic_data.domains.money.offers import best, may_be_asked, offers
from synthetic_data.domains.money.payments import Payments, payments
from synthetic_data.domains.money.personas import SIGNS
from synthetic_data.domains.money.risk import KINDS
from synthetic_data.domains.money.scene import Scene, scene
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown, joined
from synthetic_data.ledger import (
    MOVES,
    WAYS,
    Churn,
    Engagement,
    FxDeal,
    NextAction,
    Persona,
    Propensity,
    RiskCase,
    RiskEvent,
    Transaction,
)  # fmt: skip
from synthetic_data.tables import table_of
from synthetic_data.texts import beside, digits, fixed, numbered, same, taken, words


def money(ground: Ground, people: People, accounts: Accounts) -> Grown:
    """Return what moved on the accounts of a cell over the profile's months, and the truth about its customers."""
    here = scene(ground, people, accounts)
    paid = payments(here)
    owner = accounts.owner[paid.settled.postings.account]
    number = fixed(_numbers(people.index[owner], _rank(owner)))
    moved = Grown({"transactions": _transactions(here, paid, owner, number)}, {}, {"transactions": owner})
    terms = Grown(paid.tables, {}, paid.owners)
    parts = (moved, terms, trade(ground, people, here.known), cards(here), _exchanged(here, paid, owner, number))
    return joined(
        (*parts, _used(here, use(here)), _personas(here), _churn(here), _offers(here), _cases(here, paid, number))
    )


def _rank(owner: Ints) -> Ints:
    """Which of its owner's rows each row is; rows of an owner stand together."""
    first = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
    starts = np.repeat(first, np.diff(np.append(first, len(owner))))
    return np.arange(len(owner)) - starts


def _numbers(index: Ints, nth: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return beside(len(index), "TX", digits(index + 1, 8), digits(nth + 1, 6))


def _transactions(here: Scene, paid: Payments, owner: Ints, number: pa.Array) -> pa.Table:
    rows, n = paid.settled.postings, len(owner)
    index = here.people.index
    return table_of(
        Transaction,
        {
            "number": number,
            "customer": taken(numbered("C", index), owner),
            "account": taken(here.known.numbers, rows.account),
            "at": rows.at,
            "kind": words(rows.kind, MOVES),
            "channel": words(rows.way, WAYS),
            "amount": rows.cents,
            "currency": same(here.ground.profile.home_currency, n),
            "balance": paid.settled.balance,
            "counterparty": taken(here.known.numbers, rows.party),
            "category": words(rows.category, tuple(here.told.categories)),
            "origin": taken(_addresses(index), rows.origin),
        },
    )


def _addresses(index: Ints) -> pa.Array:
    """Network addresses of a private range (RFC 1918), one for each customer of a cell."""
    mixed = index * 7_919 % (254 * 254 * 254)
    parts = [(mixed // 254**place % 254 + 1).tolist() for place in range(3)]
    return pa.array([f"10.{a}.{b}.{c}" for a, b, c in zip(*parts, strict=True)], pa.string())


def _exchanged(here: Scene, paid: Payments, owner: Ints, number: pa.Array) -> Grown:
    rows, told = paid.settled.postings, here.told.products.currencies
    at = np.flatnonzero(np.isin(rows.kind, [MOVES.index("fx_bought"), MOVES.index("fx_sold")]))
    names = (here.ground.profile.home_currency, *told)
    foreign = 1 + here.chance("fx", "currencies").pick([1 / (place + 1) for place in range(len(told))], len(at))
    drift = 1 + 0.04 * _stray(here, foreign, rows.at[at])
    rate = np.floor(np.array([0.0, *(r.value for r in told.values())])[foreign] * drift * 1e6 + 0.5).astype(np.int64)
    home, buys = np.abs(rows.cents[at]), rows.cents[at] < 0
    other = cents(home / rate * 1e4)
    table = table_of(
        FxDeal,
        {
            "number": numbered("FX", here.people.index[owner[at]], _rank(owner[at]), 4),
            "customer": numbered("C", here.people.index[owner[at]]),
            "transaction": taken(number, at),
            "sold": words(np.where(buys, 0, foreign), names),
            "sold_amount": np.where(buys, home, other),
            "bought": words(np.where(buys, foreign, 0), names),
            "bought_amount": np.where(buys, other, home),
            "rate": rate,
        },
    )
    return Grown({"fx_deals": table}, {}, {"fx_deals": owner[at]})


def _stray(here: Scene, currency: Ints, at: Ints) -> Floats:
    """How far rates have strayed from their order of magnitude, -1 ... 1: lines through points a month apart.

    They are the same for the whole bank.
    """
    days = np.append(month_begins(here.months), here.calendar.ends + 2) - 1
    found = np.zeros(len(at))
    for code in np.unique(currency).tolist():
        points = Chance(here.ground.seed, 0, "fx", "path", str(code)).shares(len(days)) * 2 - 1
        mine = currency == code
        found[mine] = np.interp(at[mine] / SECONDS, days, points)
    return found


def _used(here: Scene, made: Use) -> Grown:
    index = here.people.index[made.customer]
    table = table_of(
        Engagement,
        {
            "number": numbered("EN", index, made.month - here.months[0]),
            "customer": numbered("C", index),
            "month": month_begins(made.month).astype(np.int32),
            "logins": made.logins,
            "active_days": made.active_days,
            "calls": made.calls,
            "complaints": made.complaints,
        },
    )
    return Grown({"engagements": table}, {}, {"engagements": made.customer})


def _everyone(here: Scene, prefix: str) -> dict[str, pa.Array]:
    return {"number": numbered(prefix, here.people.index), "customer": numbered("C", here.people.index)}


def _personas(here: Scene) -> Grown:
    who = here.who
    payers = np.where(who.payer >= 0, here.known.payers + who.payer, -1)
    paydays = np.where(who.payer >= 0, here.known.paydays[who.payer], 0)
    table = table_of(
        Persona,
        {
            **_everyone(here, "PS"),
            "segment": words(who.segment, tuple(here.told.behaviour.segments)),
            "payer": taken(here.known.numbers, payers),
            "payday": pa.array(paydays, pa.int32(), mask=who.payer < 0),
            "rents": who.rents & who.pays,
            "mortgage_elsewhere": who.mortgage_elsewhere & who.pays,
            "traveller": who.traveller,
            "night_user": who.night,
            "car_owner": who.car,
            "parent": who.parent,
        },
    )
    return Grown({}, {"personas": table}, {"personas": np.arange(len(here.people))})


def _churn(here: Scene) -> Grown:
    made = leaving(here)
    at = np.flatnonzero(here.who.watched)
    index = here.people.index[at]
    names = ("logins_fade", "activity_fades", "salary_moves", "balance_drains", "complains")
    table = table_of(
        Churn,
        {
            "number": numbered("CH", index),
            "customer": numbered("C", index),
            "hazard": made.hazard[at],
            "leaves": made.leaves[at],
            "leaves_on": made.on[at].astype(np.int32),
            **{name: here.who.signs[at, place] for place, name in enumerate(names[: len(SIGNS)])},
        },
    )
    return Grown({}, {"churn": table}, {"churn": at})


def _offers(here: Scene) -> Grown:
    made = offers(here)
    at = np.flatnonzero(here.who.watched)
    count = len(made.products)
    owner, place = np.repeat(at, count), np.tile(np.arange(count), len(at))
    index = here.people.index
    table = table_of(
        Propensity,
        {
            "number": numbered("PP", index[owner], place),
            "customer": numbered("C", index[owner]),
            "product": words(place, made.products),
            "probability": made.offered[owner, place],
            "probability_alone": made.alone[owner, place],
            "value": made.value[owner, place],
            "suitable": made.suitable[owner, place],
            "takes": made.takes[owner, place],
            "takes_alone": made.takes_alone[owner, place],
        },
    )
    allowed = may_be_asked(here)
    chosen, gain = best(made, allowed)
    actions = table_of(
        NextAction,
        {
            "number": numbered("NA", index[at]),
            "customer": numbered("C", index[at]),
            "consented": allowed[at],
            "product": words(chosen[at], made.products),
            "gain": gain[at],
        },
    )
    return Grown({}, {"propensities": table, "next_actions": actions}, {"propensities": owner, "next_actions": at})


def _cases(here: Scene, paid: Payments, number: pa.Array) -> Grown:
    made, rows = paid.cases, paid.settled.postings
    at = np.flatnonzero(rows.case >= 0)
    case = rows.case[at].astype(np.int64)
    count = len(made.kind)
    first = np.array([row[0] for row in made.members], dtype=np.int64)
    index = here.people.index[first]
    names = numbered("RC", index)
    began, ended = np.full(count, 2**62), np.full(count, -(2**62))
    np.minimum.at(began, case, rows.at[at])
    np.maximum.at(ended, case, rows.at[at])
    moved = np.zeros(count, dtype=np.int64)
    np.add.at(moved, case, np.abs(rows.cents[at]))
    table = table_of(
        RiskCase,
        {
            "number": names,
            "customer": numbered("C", index),
            "kind": words(made.kind, KINDS),
            "difficulty": rounded(made.difficulty),
            "began": began,
            "ended": ended,
            "events": np.bincount(case, minlength=count),
            "amount": moved,
        },
    )
    owner = here.accounts.owner[rows.account[at]]
    events = table_of(
        RiskEvent,
        {"number": taken(number, at), "case": taken(names, case), "customer": numbered("C", here.people.index[owner])},
    )
    return Grown({}, {"risk_cases": table, "risk_events": events}, {"risk_cases": first, "risk_events": owner})
