"""Ground: what stands before the first customer: the profile, the branches, their staff and the year's campaigns."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from synthetic_data import spellings
from synthetic_data.chance import Chance
from synthetic_data.names import vocabulary
from synthetic_data.profile import Profile
from synthetic_data.records import Branch, Campaign, Staff

IN_BRANCHES = ("teller", "rm", "manager")
#: The cell of chance that belongs to no customers.
NO_CELL = -1

BANK_WIDE = ("agent", "marketing", "compliance", "auditor", "admin")


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The bank before it has customers; the same for every size, so that a larger bank stands on the same ground."""

    seed: int
    profile: Profile
    branches: tuple[Branch, ...]
    staff: tuple[Staff, ...]
    campaigns: tuple[Campaign, ...]

    @cached_property
    def bankers(self) -> dict[str, tuple[str, ...]]:
        """The staff numbers of the relationship managers of each branch."""
        return {
            b.number: tuple(s.number for s in self.staff if (s.branch, s.role) == (b.number, "rm"))
            for b in self.branches
        }

    @cached_property
    def banker_places(self) -> NDArray[np.int64]:
        """The places in ``staff`` of the relationship managers: a row for each branch."""
        at = {one.number: place for place, one in enumerate(self.staff)}
        return np.array([[at[banker] for banker in self.bankers[b.number]] for b in self.branches])

    @cached_property
    def agents(self) -> tuple[str, ...]:
        """The staff numbers of the agents who answer for the whole bank."""
        return tuple(s.number for s in self.staff if s.role == "agent")

    @property
    def as_of(self) -> date:
        """The day on which the bank is seen."""
        return self.profile.as_of

    @cached_property
    def year_began(self) -> date:
        """The first of the twelve months of dealings."""
        return years_before(self.as_of, 1) + timedelta(days=1)


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier (28 February for a leap day)."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def number(prefix: str, index: int, nth: int | None = None) -> str:
    """The number of a record that hangs on the customer at a place: prefix, eight digits, and which one."""
    return f"{prefix}{index + 1:08d}" if nth is None else f"{prefix}{index + 1:08d}{nth + 1:02d}"


def lay_ground(seed: int, profile: Profile) -> Ground:
    """Branches, staff and campaigns of a bank."""
    branches = _branches(profile)
    return Ground(
        seed=seed,
        profile=profile,
        branches=branches,
        staff=tuple(_staff(seed, profile, branches)),
        campaigns=tuple(_campaigns(profile)),
    )


def _branches(profile: Profile) -> tuple[Branch, ...]:
    words = vocabulary(_language(profile))
    return tuple(
        Branch(
            number=f"BR{i + 1:02d}",
            name=words.branches[i % len(words.branches)] + ("" if i < len(words.branches) else str(i + 1)),
            city=words.cities[i % len(words.cities)],
        )
        for i in range(profile.branches.value)
    )


def _staff(seed: int, profile: Profile, branches: tuple[Branch, ...]) -> list[Staff]:
    posts = [(b.number, role) for b in branches for role in IN_BRANCHES for _ in range(_heads(profile, role))]
    posts += [(branches[0].number, role) for role in BANK_WIDE for _ in range(_heads(profile, role))]
    chance = Chance(seed, NO_CELL, "staff")
    english = np.full(len(posts), _language(profile) == "en")
    names = spellings.written(spellings.drawn(chance, english, chance.happens(0.5, len(posts)))).to_pylist()
    return [
        Staff(number=f"S{i + 1:04d}", name=name, role=role, branch=branch)
        for i, ((branch, role), name) in enumerate(zip(posts, names, strict=True))
    ]


def _language(profile: Profile) -> str:
    """The language of the house: that of most customers."""
    return "en" if profile.rates.english.value > 0.5 else "zh"


def _heads(profile: Profile, role: str) -> int:
    return int(getattr(profile.staff, role).value)


def _campaigns(profile: Profile) -> list[Campaign]:
    words = vocabulary(_language(profile)).campaigns
    first = years_before(profile.as_of, 1).toordinal() + 1
    campaigns = []
    for month in range(12):
        product = tuple(words)[month % len(words)]
        starts = date.fromordinal(first + month * 30)
        name = words[product].format(month=starts.month)
        channel = ("app", "call", "wecom", "email")[month % 4]
        campaigns.append(
            Campaign(
                number=f"CA{month + 1:04d}",
                name=name,
                channel=channel,
                product=product,
                starts=starts,
                ends=starts + timedelta(days=24),
            )
        )
    return campaigns
