"""A cell of people made by chance alone, for tests of domains that need no more of them."""

from functools import cache

import numpy as np

from synthetic_data.chance import Chance
from synthetic_data.columns import CELL, NEVER, Accounts, People
from synthetic_data.ground import Ground, lay_ground
from synthetic_data.profile import load_profile


@cache
def ground_of(seed: int = 7, profile: str = "cn-digital-bank") -> Ground:
    return lay_ground(seed, load_profile(profile))


@cache
def people_of(ground_seed: int = 7, cell: int = 0, profile: str = "cn-digital-bank") -> People:
    ground, chance = ground_of(ground_seed, profile), Chance(ground_seed, cell, "test people")
    today = ground.as_of.toordinal() - 719163
    age = chance.along(ground.profile.curves.adult_age.points, CELL)
    age = np.where(chance.happens(0.06, CELL), chance.shares(CELL) * 17, age)
    birth = (today - age * 365.25 - 30).astype(np.int32)
    minor = birth > today - 18 * 365.25
    state = np.where(minor, 0, chance.pick([84, 5, 10, 1], CELL)).astype(np.int8)
    opened = ground.profile.opened.value.toordinal() - 719163
    first = np.maximum(opened, np.where(minor, birth + 20, birth + 6600))
    since = np.minimum(first + chance.shares(CELL) * (today - 10 - first), today - 10).astype(np.int32)
    closed = np.where(state == 2, np.minimum(since + 400, today - 30), NEVER).astype(np.int32)
    branch = chance.whole(0, len(ground.branches) - 1, CELL)
    posts = [(s.branch, s.role) for s in ground.staff]
    bankers = np.array([[n for n, post in enumerate(posts) if post == (b.number, "rm")] for b in ground.branches])
    tier = np.where(minor, 0, chance.pick([84, 13, 3], CELL)).astype(np.int8)
    copies = np.where(chance.happens(0.08, CELL) & (np.arange(CELL) > 300), np.arange(CELL) - 300, -1)
    return People(
        cell=cell,
        index=np.arange(CELL) + cell * CELL,
        birth=birth,
        male=chance.happens(0.51, CELL),
        english=chance.happens(ground.profile.rates.english.value, CELL),
        tier=tier,
        state=state,
        risk=np.where(minor, 0, chance.pick([12, 28, 34, 18, 8], CELL)).astype(np.int8),
        since=since,
        closed=closed,
        branch=branch,
        manager=bankers[branch, chance.whole(0, bankers.shape[1] - 1, CELL)],
        income=np.where(minor, 0, chance.whole(300_000, 3_000_000, CELL)),
        minor=minor,
        copies=copies,
    )  # fmt: skip


@cache
def accounts_of(ground_seed: int = 7, cell: int = 0, profile: str = "cn-digital-bank") -> Accounts:
    people = people_of(ground_seed, cell, profile)
    chance = Chance(ground_seed, cell, "test accounts")
    owner = np.concatenate([np.arange(CELL), np.flatnonzero(chance.happens(0.5, CELL))])
    owner.sort(kind="stable")
    nth = np.arange(len(owner)) - np.searchsorted(owner, owner)
    return Accounts(
        owner=owner,
        nth=nth,
        product=np.where(nth == 0, 0, chance.whole(1, 5, len(owner))).astype(np.int8),
        balance=chance.whole(0, 30_000_000, len(owner)),
        opened=people.since[owner],
        closed=people.closed[owner],
    )
