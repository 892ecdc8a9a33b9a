"""Seats: who sits where in a cell before there are people: families, second files, states, founders.

Every hundred is filled alike, so it shows each make in its proper share, and ties never leave it. All ties point
backwards: a customer is tied only to customers who came before, so a hundred can be cut after any of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from synthetic_data.chance import Chance
from synthetic_data.columns import CELL, Codes, Flags, Places
from synthetic_data.profile import Profile, ProfileError

HUNDRED = 100
HUNDREDS = CELL // HUNDRED

#: The parts of each make of family, in the order in which they join the bank.
MAKES: Mapping[str, tuple[str, ...]] = {
    "couple": ("head", "spouse"),
    "couple_child": ("head", "spouse", "child"),
    "couple_two": ("head", "spouse", "child", "child"),
    "divorced": ("head", "ex_spouse", "child"),
    "overlap": ("head", "spouse", "heir", "heir_spouse"),
    "trust": ("settlor", "trustee", "beneficiary"),
    "twins": ("head", "twin", "twin"),
    "father_son": ("father", "son"),
    "namesakes": ("namesake", "namesake"),
}
FAMILIES = tuple(MAKES)
PARTS = ("single", "copy", *dict.fromkeys(part for parts in MAKES.values() for part in parts))

#: Parts whose bearers are adults and no traps: they may have a second file, found a company or own part of one.
PLAIN = ("single", "head", "spouse", "ex_spouse", "heir", "heir_spouse", "settlor", "trustee")

STATES = ("active", "dormant", "deceased", "closed_recently", "closed_long_ago")
ACTIVE = STATES.index("active")

#: What may differ in a second file.
DEFECTS = ("typo", "script", "mobile", "old_id", "order", "moved", "renamed", "latin")
#: What can differ only where a name is Chinese.
CHINESE = ("script", "latin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """The seats of a cell; positions are those in the cell, -1 for nobody."""

    family: Codes  # place in FAMILIES, -1 for those without
    part: Codes  # place in PARTS
    rank: Codes  # how many of the family came before
    first: Places  # who of the family came first, -1 for the first
    second: Places  # who came second, -1 for the first two
    last: Places  # who came last before this one, -1 for the first
    english: Flags
    state: Codes  # place in STATES
    held: Flags  # under legal hold
    copies: Places  # whose second file this is
    defect: Codes  # place in DEFECTS, -1 for first files
    founds: Flags  # founds a company
    company_owner: Places  # founder of an earlier company that owns part of the new one
    owns_part_of: Places  # founder of an earlier company of which this customer owns part

    def plays(self, *parts: str) -> Flags:
        """Return who has one of the parts."""
        return _among(PARTS, parts)[self.part]

    def of(self, *makes: str) -> Flags:
        """Return who is of a family of one of the makes."""
        return _among((*FAMILIES, "none"), makes)[self.family]

    @property
    def gone(self) -> Flags:
        """Return who has closed everything or has died."""
        return ~_among(STATES, ("active", "dormant"))[self.state]


@cache
def _among(pool: tuple[str, ...], names: tuple[str, ...]) -> Flags:
    return np.array([word in names for word in pool])


def seats(seed: int, profile: Profile, cell: int) -> Seats:
    """Return the seats of a cell; raises ``ProfileError`` when families and second files take more than a hundred."""
    owner, defect, make, tongue = _laid(seed, profile, cell)
    rank, kin = _kin(owner)
    seated, english = owner >= 0, _english(seed, profile, cell, tongue)
    family = np.where(seated, make, -1).astype(np.int8)
    part = np.where(seated, _parts()[make, rank], np.where(defect >= 0, PARTS.index("copy"), 0)).astype(np.int8)
    state, held = _states(seed, profile, cell, part)
    able = np.isin(part, [PARTS.index(p) for p in PLAIN]) & (state == ACTIVE)
    copies, english = _second_files(seed, cell, able, defect, english)
    newcomer = (defect >= 0) & (copies < 0)
    part[newcomer] = 0
    founds, company_owner, owns = _founders(seed, profile, cell, able)
    return Seats(
        family=family,
        part=part,
        rank=rank.astype(np.int8),
        first=kin[0],
        second=kin[1],
        last=kin[2],
        english=english,
        state=state,
        held=held,
        copies=copies,
        defect=np.where(copies >= 0, defect, -1).astype(np.int8),
        founds=founds,
        company_owner=company_owner,
        owns_part_of=owns,
    )


@cache
def _parts() -> NDArray[np.int8]:
    table = np.zeros((len(MAKES), max(map(len, MAKES.values()))), dtype=np.int8)
    for make, parts in enumerate(MAKES.values()):
        table[make, : len(parts)] = [PARTS.index(part) for part in parts]
    return table


def _rounded(chance: Chance, rates: Sequence[float]) -> NDArray[np.int64]:
    """How many of each in each hundred (rows): the whole part for sure, the rest by chance."""
    wanted = np.asarray(rates, dtype=np.float64)
    sure = np.floor(wanted)
    more = chance.shares(HUNDREDS * len(wanted)).reshape(HUNDREDS, -1) < wanted - sure
    return (sure + more).astype(np.int64)


def _laid(
    seed: int, profile: Profile, cell: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """For each seat the family (counted in the cell, -1 for none), the defect, the make, and whose language is spoken.

    Seats of a hundred are shuffled; those of second files keep to the last three quarters, behind whom they copy.
    """
    chance = Chance(seed, cell, "seats", "families")
    families = _rounded(chance, [getattr(profile.families, make).value for make in MAKES])
    copies = _rounded(chance, [getattr(profile.duplicates, kind).value for kind in DEFECTS])
    sizes = np.array([len(parts) for parts in MAKES.values()])
    taken = families @ sizes + copies.sum(axis=1)
    if taken.max() > HUNDRED:
        raise ProfileError(f"profile: families and duplicates take {taken.max()} of 100 customers; lower their values")
    makes = np.repeat(np.tile(np.arange(len(MAKES)), HUNDREDS), families.ravel())
    owner = np.repeat(np.arange(len(makes)), sizes[makes])
    hundred_of = np.repeat(np.repeat(np.arange(HUNDREDS), families.sum(axis=1)), sizes[makes])
    kinds = np.repeat(np.tile(np.arange(len(DEFECTS)), HUNDREDS), copies.ravel())
    copied_in = np.repeat(np.arange(HUNDREDS), copies.sum(axis=1))
    free = np.repeat(np.arange(HUNDREDS), HUNDRED - taken)
    none = np.full(CELL, -1)
    owners = np.concatenate([owner, none[: len(kinds) + len(free)]])
    defects = np.concatenate([none[: len(owner)], kinds, none[: len(free)]])
    late = np.where(defects >= 0, 0.25, 0.0)
    order = np.lexsort((late + (1 - late) * chance.shares(CELL), np.concatenate([hundred_of, copied_in, free])))
    owners = owners[order]
    own = np.arange(CELL) + len(makes)
    return owners, defects[order], makes[owners] if len(makes) else none, np.where(owners >= 0, owners, own)


def _kin(owner: NDArray[np.int64]) -> tuple[NDArray[np.int64], tuple[Places, Places, Places]]:
    """The rank of each in the family, and the first, the second and the last of those who came before."""
    together = np.argsort(owner, kind="stable")
    sorted_owner = owner[together]
    begins = np.searchsorted(sorted_owner, sorted_owner)
    rank = np.empty(CELL, dtype=np.int64)
    rank[together] = np.where(sorted_owner >= 0, np.arange(CELL) - begins, 0)
    kin = np.full((3, CELL), -1, dtype=np.int64)
    places = np.arange(CELL)
    later, third = rank[together] > 0, rank[together] > 1
    kin[0, together[later]] = together[begins[later]]
    kin[1, together[third]] = together[begins[third] + 1]
    kin[2, together[later]] = together[places[later] - 1]
    return rank, (kin[0], kin[1], kin[2])


def _english(seed: int, profile: Profile, cell: int, tongue: NDArray[np.int64]) -> Flags:
    """Families speak one language."""
    return Chance(seed, cell, "seats", "language").happens(profile.rates.english.value, 2 * CELL)[tongue]


def _states(seed: int, profile: Profile, cell: int, part: Codes) -> tuple[Codes, Flags]:
    """States are given to customers without family, so that a household's money stays that of living customers."""
    chance = Chance(seed, cell, "seats", "states")
    names = ("closed_recently", "closed_long_ago", "dormant", "deceased")
    bounds = _rounded(chance, [getattr(profile.states, name).value for name in names]).cumsum(axis=1)
    key = np.where(part.reshape(HUNDREDS, HUNDRED) == 0, chance.shares(CELL).reshape(HUNDREDS, HUNDRED), 2.0)
    turn = np.argsort(np.argsort(key, axis=1, kind="stable"), axis=1, kind="stable")
    which = (turn[:, :, None] >= bounds[:, None, :]).sum(axis=2)
    codes = np.array([*(STATES.index(name) for name in names), ACTIVE], dtype=np.int8)
    state = np.where(key < 2, codes[which], ACTIVE).astype(np.int8).ravel()
    closed = state >= STATES.index("closed_recently")
    return state, closed & chance.happens(profile.rates.legal_hold.value, CELL)


def _second_files(seed: int, cell: int, able: Flags, defect: NDArray[np.int64], english: Flags) -> tuple[Places, Flags]:
    """Each second file is of another person, who came before; without one, the seat goes to a newcomer."""
    keys = Chance(seed, cell, "seats", "copies").shares(CELL).reshape(HUNDREDS, HUNDRED)
    left = able.reshape(HUNDREDS, HUNDRED).copy()
    spoken = english.reshape(HUNDREDS, HUNDRED).copy()
    wrong = defect.reshape(HUNDREDS, HUNDRED)
    copies = np.full((HUNDREDS, HUNDRED), -1, dtype=np.int64)
    rows, place = np.arange(HUNDREDS), np.arange(HUNDRED)
    queue = np.argsort(wrong < 0, axis=1, kind="stable")
    picky = np.isin(wrong, [DEFECTS.index(kind) for kind in CHINESE])
    for turn in range(int((wrong >= 0).sum(axis=1).max(initial=0))):
        seat = queue[:, turn]
        wanted = wrong[rows, seat] >= 0
        fit = left & (place < seat[:, None]) & ~(spoken & picky[rows, seat][:, None]) & wanted[:, None]
        best = np.where(fit, keys, -1.0).argmax(axis=1)
        found = fit[rows, best]
        copies[rows[found], seat[found]] = best[found] + HUNDRED * rows[found]
        spoken[rows[found], seat[found]] = spoken[rows[found], best[found]]
        left[rows[found], best[found]] = False
    return copies.ravel(), spoken.ravel()


def _founders(seed: int, profile: Profile, cell: int, able: Flags) -> tuple[Flags, Places, Places]:
    """Who founds a company, whose company owns part of it, and who of those who come later does."""
    chance, terms = Chance(seed, cell, "seats", "founders"), profile.companies
    keys = np.where(able, chance.shares(CELL), 2.0).reshape(HUNDREDS, HUNDRED)
    wanted = _rounded(chance, [terms.per_hundred.value])
    turn = np.argsort(np.argsort(keys, axis=1, kind="stable"), axis=1, kind="stable")
    founds = (turn < wanted) & (keys < 2)
    places = np.flatnonzero(founds)
    before = np.concatenate([[-1], places[:-1]])
    tied = (before // HUNDRED == places // HUNDRED) & (before >= 0)
    company_owner = np.full(CELL, -1, dtype=np.int64)
    company_owner[places] = np.where(tied & chance.happens(terms.held_by_company.value, len(places)), before, -1)
    return founds.ravel(), company_owner, _co_owners(chance, terms.co_owner.value, able & ~founds.ravel(), places)


def _co_owners(chance: Chance, rate: float, free: Flags, founders: Places) -> Places:
    """Some companies have a second owner: the customer, free for it and later than the founder, whom chance prefers."""
    owns = np.full(CELL, -1, dtype=np.int64)
    prefers = chance.shares(CELL)
    place = np.arange(CELL)
    for founder in founders[chance.happens(rate, len(founders))]:
        fit = np.flatnonzero(free & (owns < 0) & (place > founder) & (place // HUNDRED == founder // HUNDRED))
        if len(fit):
            owns[fit[prefers[fit].argmax()]] = founder
    return owns
