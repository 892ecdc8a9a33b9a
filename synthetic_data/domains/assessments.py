"""Assessments: what risk each customer was found able to bear, when, and whether it may be counted."""

from dataclasses import dataclass

import numpy as np

from synthetic_data import days
from synthetic_data.chance import Chance
from synthetic_data.columns import STATES, Codes, Flags, People, Places
from synthetic_data.ground import Ground
from synthetic_data.suitability import counted

#: How many assessments in a row are looked back to.
LONGEST = 5
#: Opening hours in seconds after midnight UTC: days of China and of Europe are then days of UTC too.
OPENS, CLOSES = 2 * 3600, 12 * 3600
#: Assessments of those who try again and again: within a day, within a year.
TRIES_A_DAY, TRIES_A_YEAR = 3, 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """All assessments of a cell, in the order of owners and time."""

    owner: Places
    at: Places  # seconds since 1970
    level: Codes  # 1 ... 5 for C1 ... C5
    valid: Places  # last day on which it may be relied on
    reason: Codes  # place in suitability.NOT_COUNTED

    def last_at(self, owner: Places, at: Places) -> Places:
        """Return the row of the last assessment that counts of each owner before a moment, -1 without one."""
        rows = np.flatnonzero(self.reason == 0)
        if not len(rows):
            return np.full(len(owner), -1)
        keys = (self.owner[rows] << 34) + self.at[rows]
        place = np.searchsorted(keys, (owner << 34) + at) - 1
        found = rows[np.maximum(place, 0)]
        return np.where((place >= 0) & (self.owner[found] == owner), found, -1)

    def level_at(self, owner: Places, at: Places) -> Codes:
        """Return the level that counts for each owner at a moment, 0 without a valid assessment."""
        row = self.last_at(owner, at)
        valid = (row >= 0) & (at // days.SECONDS <= self.valid[row]) if len(self.at) else row >= 0
        return np.where(valid, self.level[row] if len(self.at) else 0, 0).astype(np.int8)


def able(people: People) -> Flags:
    """Return who may be assessed: grown-ups who are customers, by their first files."""
    return ~people.minor & (people.copies < 0) & (people.state <= STATES.index("dormant"))


def assessed(ground: Ground, people: People) -> tuple[Assessed, Flags]:
    """Return the assessments of a cell, and who was planted as trying again and again."""
    told = ground.profile.lives.suitability
    chance = Chance(ground.seed, people.cell, "assessments")
    today = days.of_date(ground.as_of)
    sure = able(people) & chance.happens(told.assessed.value, len(people)) & (people.since < today - 400)
    who = np.flatnonzero(sure)
    again = chance.order(len(who))[: 2 * told.edges_per_cell.value]
    daily, yearly = who[again[::2]], who[again[1::2]]
    plain = who[~np.isin(who, np.concatenate([daily, yearly]))]
    parts = [_plain(ground, people, plain, chance), _daily(ground, people, daily, chance)]
    parts.append(_yearly(ground, people, yearly, chance))
    owner, at, level = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort((owner << 34) + at, kind="stable")
    owner, at, level = owner[order], at[order], level[order].astype(np.int8)
    valid = days.months_later(at // days.SECONDS, told.valid_months.value) - 1
    found = Assessed(owner=owner, at=at, level=level, valid=valid, reason=counted(told, owner, at))
    return found, np.isin(np.arange(len(people)), np.concatenate([daily, yearly]))


def _moment(day: Places, chance: Chance) -> Places:
    return day * days.SECONDS + chance.whole(OPENS, CLOSES, len(day))


def _plain(ground: Ground, people: People, who: Places, chance: Chance) -> tuple[Places, Places, Places]:
    """One now and then, the last of them with the level on file."""
    term = 30 * ground.profile.lives.suitability.valid_months.value
    today = days.of_date(ground.as_of)
    day = today - chance.whole(1, round(1.4 * term), len(who))
    owners, moments, levels = [], [], []
    level = people.risk[who].astype(np.int64) + 1
    for _ in range(LONGEST):
        fits = day >= people.since[who]
        owners.append(who[fits])
        moments.append(_moment(day, chance)[fits])
        levels.append(level[fits])
        day = day - chance.whole(round(0.7 * term), round(1.2 * term), len(who))
        level = np.clip(level + chance.pick((0.2, 0.6, 0.2), len(who)) - 1, 1, 5)
    # Who has been a customer for less time than the first step back was assessed on coming.
    late = ~np.isin(who, owners[0])
    owners.append(who[late])
    moments.append(_moment(people.since[who[late]].astype(np.int64), chance))
    levels.append(people.risk[who[late]].astype(np.int64) + 1)
    return np.concatenate(owners), np.concatenate(moments), np.concatenate(levels)


def _daily(ground: Ground, people: People, who: Places, chance: Chance) -> tuple[Places, Places, Places]:
    """Three on a day, each a level higher than the one before; the third comes out above the level on file."""
    day = days.of_date(ground.as_of) - chance.whole(25, 90, len(who))
    start = _moment(day, chance)
    tries = np.tile(np.arange(TRIES_A_DAY), len(who))
    level = np.clip(np.repeat(people.risk[who].astype(np.int64) + 1, TRIES_A_DAY) + tries - 1, 1, 5)
    return np.repeat(who, TRIES_A_DAY), np.repeat(start, TRIES_A_DAY) + tries * 900, level


def _yearly(ground: Ground, people: People, who: Places, chance: Chance) -> tuple[Places, Places, Places]:
    """Nine within a year, the ninth a level above the eighth."""
    tries = np.tile(np.arange(TRIES_A_YEAR), len(who))
    day = days.of_date(ground.as_of) - 20 - np.repeat(chance.whole(0, 10, len(who)), TRIES_A_YEAR)
    day = day - (TRIES_A_YEAR - 1 - tries) * 40
    level = np.repeat(people.risk[who].astype(np.int64) + 1, TRIES_A_YEAR)
    last = tries == TRIES_A_YEAR - 1
    return np.repeat(who, TRIES_A_YEAR), _moment(day, chance), np.clip(level + last, 1, 5)
