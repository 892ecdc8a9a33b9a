"""Churn: who is likely to leave after the day the bank is seen, and the signs of it before."""

from typing import NamedTuple

import numpy as np

from synthetic_data.chance import Bools, Floats, Ints
from synthetic_data.columns import NEVER
from synthetic_data.domains.money.amounts import cents, lognormal, rounded
from synthetic_data.domains.money.calendar import month_begins, month_of
from synthetic_data.domains.money.personas import SIGNS
from synthetic_data.domains.money.postings import Postings, post
from synthetic_data.domains.money.scene import Scene

#: Factors on the odds by time on file: those who are new leave more easily, those who stayed long stay.
_YOUNG, _OLD = (365, 1.5), (5 * 365, 0.6)


class Leaving(NamedTuple):
    """For each customer the true probability of leaving within the horizon, whether they do, and when."""

    hazard: Floats
    leaves: Bools
    on: Ints  # NEVER for those who stay


def leaving(scene: Scene) -> Leaving:
    """Return true hazards: base odds times a factor for each sign that is shown and for the time on file.

    They depend on nothing but what is planted in the data; who leaves is drawn after the day the bank is seen.
    """
    told, people = scene.told.churn, scene.people
    odds = np.full(len(people), told.base.value / (1 - told.base.value))
    for at, sign in enumerate(SIGNS):
        odds *= np.where(scene.who.signs[:, at], getattr(told, sign).value, 1.0)
    known = scene.calendar.ends - people.since
    odds *= np.where(known < _YOUNG[0], _YOUNG[1], np.where(known > _OLD[0], _OLD[1], 1.0))
    hazard = rounded(np.where(scene.who.watched, odds / (1 + odds), 0.0))
    leaves = scene.chance("churn").happens(hazard)
    day = scene.calendar.ends + scene.chance("churn", "days").whole(1, round(told.horizon.value), len(people))
    return Leaving(hazard, leaves, np.where(leaves, day, NEVER))


def drained(scene: Scene) -> tuple[Postings, Ints]:
    """Return the transfers by which balances are drained before their owners leave, and each customer's sum of them."""
    who, people = scene.who, scene.people
    able = who.signs[:, SIGNS.index("drain")] & who.pays & (who.last - who.first > scene.told.churn.days.value)
    final = np.where(who.main >= 0, scene.accounts.balance[who.main], 0)
    scale = np.maximum(2 * final, people.income * 3 // 2)
    drain = scale * lognormal(scene.chance("drain"), 0.3, len(people)) * scene.told.churn.visibility.value
    step = round(scene.told.flows.step.value * 100)
    part = np.floor(drain / 3 / step).astype(np.int64) * step
    part = np.where(able, part, 0)
    customer = np.repeat(np.flatnonzero(part > 0), 3)
    first = who.fades_from[customer] + 1
    days = scene.calendar.days(scene.chance("drain", "days"), "online", first, who.last[customer])
    seconds = scene.calendar.seconds(scene.chance("drain", "moments"), "online", len(customer))
    out = post(
        who.main[customer],
        scene.calendar.moments(days, seconds),
        -part[customer],
        "transfer_out",
        "app",
        party=scene.known.own + customer,
        origin=customer,
    )
    return out, 3 * part


class Use(NamedTuple):
    """Months of customers on the bank's channels, in the order of customers and months."""

    customer: Ints
    month: Ints
    logins: Ints
    active_days: Ints
    calls: Ints
    complaints: Ints


def use(scene: Scene) -> Use:
    """Return how customers used the channels in each month of their time of paying; signs of leaving show."""
    who, told = scene.who, scene.told.churn
    customer, month = scene.monthly(np.flatnonzero(who.pays))
    begins = month_begins(month)
    middle = begins + 14
    first, last = month_of(who.first)[customer], month_of(who.last)[customer]
    kept = (month >= first) & (month <= last) & (begins >= scene.calendar.begins)
    customer, month, middle = customer[kept], month[kept], middle[kept]
    busy = lognormal(scene.chance("logins"), 0.6, len(who.main)) * np.where(scene.people.minor, 0.3, 1.0)
    rate = told.logins_a_month.value * busy[customer]
    rate *= np.where(scene.fades(customer, middle, "logins"), 1 - 0.9 * told.visibility.value, 1.0)
    logins = scene.chance("logins", "counts").counts(np.minimum(rate, 300.0))
    upset = scene.fades(customer, middle, "complaint")
    complaints = scene.chance("complaints").counts(np.where(upset, 1.2 * told.visibility.value, 0.0) + 0.006)
    calls = complaints + scene.chance("calls").counts(0.08, len(customer))
    return Use(customer, month, logins, np.minimum(-(-logins * 2 // 3), 27), calls, complaints)


def closed_out(scene: Scene, closing: Ints) -> Postings:
    """Return the last movement of accounts closed in the window: what was left is paid out, what was owed is paid."""
    accounts, people = scene.accounts, scene.people
    owner = accounts.owner[closing]
    sums = np.maximum(people.income[owner], cents(100.0)) / 100
    left = cents(sums * lognormal(scene.chance("closing"), 0.9, len(closing)))
    second = scene.chance("closing", "moments").whole(10 * 3600, 16 * 3600 - 1, len(closing))
    owes = accounts.product[closing] == 3
    at = scene.calendar.moments(accounts.closed[closing], second)
    return post(closing, at, np.where(owes, left, -left), "closing", "branch")
