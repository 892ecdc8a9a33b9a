"""Scene: everything that the payments of a cell are grown on, held together."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from synthetic_data.chance import Bools, Chance, Ints
from synthetic_data.columns import Accounts, People
from synthetic_data.domains.money.calendar import Calendar, month_begins, month_of
from synthetic_data.domains.money.directory import Directory, directory
from synthetic_data.domains.money.personas import SIGNS, Personas, personas, window
from synthetic_data.ground import Ground
from synthetic_data.profile_money import Money


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A cell on which payments are grown: its people and accounts, who they are, whom they know, and when they pay."""

    ground: Ground
    people: People
    accounts: Accounts
    known: Directory
    who: Personas
    calendar: Calendar

    @property
    def told(self) -> Money:
        """What the profile claims about money."""
        return self.ground.profile.money

    def chance(self, *name: str) -> Chance:
        """Return the stream of chance of this name in this cell."""
        return Chance(self.ground.seed, self.people.cell, "money", *name)

    @cached_property
    def months(self) -> Ints:
        """The months of the window, counted from 1970-01; the first one may have begun before it."""
        ends = month_of(np.array([self.calendar.begins, self.calendar.ends]))
        return np.arange(ends[0], ends[1] + 1)

    def monthly(self, who: Ints) -> tuple[Ints, Ints]:
        """Return for each month of each of some customers, in turn, the customer's position and the month."""
        months = self.months
        return np.repeat(who, len(months)), np.tile(months, len(who))

    def lasts(self, customers: Ints, days: Ints) -> Bools:
        """Return which of these customers' days lie in their time of paying."""
        found: Bools = (days >= self.who.first[customers]) & (days <= self.who.last[customers])
        return found

    def fades(self, customers: Ints, days: Ints, sign: str) -> Bools:
        """Return which of these customers' days show a sign of leaving."""
        shown = self.who.signs[:, SIGNS.index(sign)][customers]
        found: Bools = shown & (days > self.who.fades_from[customers])
        return found

    def first_of(self, months: Ints) -> Ints:
        """Return the first days of months."""
        return month_begins(months)


def scene(ground: Ground, people: People, accounts: Accounts) -> Scene:
    """Return what the payments of a cell are grown on."""
    known = directory(ground, people, accounts)
    return Scene(
        ground=ground,
        people=people,
        accounts=accounts,
        known=known,
        who=personas(ground, people, accounts),
        calendar=Calendar(ground.profile.money.calendar, *window(ground)),
    )
