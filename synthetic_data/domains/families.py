"""Families: households and who belonged to them when, and what kin are to each other."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from synthetic_data import days, spellings
from synthetic_data.chance import Chance, Ints
from synthetic_data.columns import CELL, NEVER, Accounts, Flags, Places
from synthetic_data.domains.ties import Ties, nobody, ties
from synthetic_data.folk import LATER, Folk
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown
from synthetic_data.names import vocabulary
from synthetic_data.records import Household, Membership
from synthetic_data.tables import table_of
from synthetic_data.texts import fill, numbered, spoken, words

ROLES = ("head", "spouse", "child", "trustee", "beneficiary")
KINDS = ("family", "trust")
FOUNDERS = ("head", "settlor", "father", "ex_spouse", "heir")


class _Stays(NamedTuple):
    """Times in households: whose, in the household of which founder, as what, from when to when."""

    who: Places
    founder: Places
    role: Ints
    since: Ints
    until: Ints


def families(ground: Ground, folk: Folk, _: Accounts) -> Grown:
    """Return the tables ``households`` and ``memberships``."""
    founder = np.flatnonzero(folk.seats.plays(*FOUNDERS))
    stays = _stays(ground, folk)
    return Grown(
        {"households": _households(ground, folk, founder), "memberships": _memberships(folk, stays)},
        {},
        {"households": founder, "memberships": stays.who},
    )


def family_days(ground: Ground, folk: Folk) -> tuple[Ints, Ints]:
    """Return for each founder the day on which the family came together, and that on which it would part if it did."""
    chance, today = Chance(ground.seed, folk.people.cell, "families", "days"), days.of_date(ground.as_of)
    first, last = (days.years_later(np.array([today]), -years)[0] for years in (15, 3))
    began = chance.whole(first, last, CELL)
    return began, chance.whole(began + 300, np.maximum(began + 300, today - 40))


def _stays(ground: Ground, folk: Folk) -> _Stays:
    sat, birth, places = folk.seats, folk.people.birth.astype(np.int64), np.arange(CELL)
    began, parted = family_days(ground, folk)
    together, apart = began[sat.first], parted[sat.first]
    born, never = np.maximum(together, birth), np.full(CELL, NEVER, dtype=np.int64)
    torn = sat.of("divorced") & (sat.second >= 0)
    ex = sat.plays("ex_spouse")
    parts = [
        _stay(sat.plays("head", "settlor", "father"), places, "head", began, never),
        _stay(sat.plays("spouse"), sat.first, "spouse", together, never),
        _stay(ex, sat.first, "spouse", together, apart),
        _stay(ex, places, "head", apart, never),
        _stay(sat.plays("heir"), sat.first, "child", together, never),
        _stay(sat.plays("heir"), places, "head", began, never),
        _stay(sat.plays("heir_spouse"), sat.last, "spouse", began[sat.last], never),
        _stay(sat.plays("trustee"), sat.first, "trustee", together, never),
        _stay(sat.plays("beneficiary"), sat.first, "beneficiary", together, never),
        _stay(sat.plays("child", "twin", "son"), sat.first, "child", born, never),
        _stay(sat.plays("child") & torn, sat.second, "child", np.maximum(born, apart), never),
    ]
    both = _Stays(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    order = np.argsort(both.who, kind="stable")
    return _Stays(*(column[order] for column in both))


def _stay(mine: Flags, founder: Places, role: str, since: Ints, until: Ints) -> _Stays:
    who = np.flatnonzero(mine)
    return _Stays(who, founder[who], np.full(len(who), ROLES.index(role)), since[who], until[who])


def _memberships(folk: Folk, stays: _Stays) -> pa.Table:
    index = folk.people.index
    columns = {
        "number": numbered("MS", index[stays.who], nth_of(stays.who)),
        "household": numbered("HH", index[stays.founder]),
        "customer": numbered("C", index[stays.who]),
        "role": words(stays.role, ROLES),
        "since": stays.since,
        "until": stays.until,
    }
    return table_of(Membership, columns)


def nth_of(owner: Places) -> Places:
    """Return which of its owner's each row is, counted from 0; rows of one owner stand together."""
    places = np.arange(len(owner))
    return places - np.searchsorted(owner, owner)


def _households(ground: Ground, folk: Folk, founder: Places) -> pa.Table:
    people = folk.people
    trust = folk.seats.of("trust")[founder]
    surnames = spellings.surnames(folk.names.taken(founder))

    def name(language: str, rows: Places) -> pa.Array:
        known = vocabulary(language)
        kept = surnames.take(pa.array(rows))
        family, held = fill(known.household, surname=kept), fill(known.trust, surname=kept)
        return pa.concat_arrays([family, held]).take(pa.array(np.arange(len(rows)) + trust[rows] * len(rows)))

    columns = {
        "number": numbered("HH", people.index[founder]),
        "name": spoken(people.english[founder], name),
        "kind": words(trust, KINDS),
        "branch": words(people.branch[founder], tuple(b.number for b in ground.branches)),
    }
    return table_of(Household, columns)


def kin(ground: Ground, folk: Folk) -> Ties:
    """Return who is spouse, guarantor or parent of whom."""
    sat, people = folk.seats, folk.people
    chance = Chance(ground.seed, people.cell, "families", "kin")
    began, parted = family_days(ground, folk)
    together, never = began[sat.first], np.full(CELL, NEVER)
    couple, ex = sat.plays("spouse", "ex_spouse"), sat.plays("ex_spouse")
    stands_in = couple & chance.happens(ground.profile.rates.guarantor.value, CELL)
    told = chance.whole(people.since, np.maximum(people.since, days.of_date(ground.as_of)))
    child = sat.plays(*LATER) & (sat.rank > 0)
    both = sat.plays("child") & (sat.second >= 0) & ~sat.of("overlap", "trust", "twins")
    me, birth = np.arange(CELL), people.birth
    return ties(
        (couple, me, sat.first, "spouse", together, np.where(ex, parted[sat.first], never), nobody(CELL)),
        (stands_in, me, sat.first, "guarantor", told, never, nobody(CELL)),
        (sat.plays("heir_spouse"), me, sat.last, "spouse", began[sat.last], never, nobody(CELL)),
        (child, sat.first, me, "parent", birth, never, nobody(CELL)),
        (both, sat.second, me, "parent", birth, never, nobody(CELL)),
    )
