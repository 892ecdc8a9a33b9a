"""Folk: the customers of a cell as arrays, with what no record keeps: their seats and the pieces of their names."""

from dataclasses import dataclass

import numpy as np

from synthetic_data import days, spellings
from synthetic_data.chance import Chance, Ints, spread
from synthetic_data.columns import CELL, NEVER, STATES, TIERS, Codes, Flags, People, Places
from synthetic_data.ground import Ground
from synthetic_data.seats import ACTIVE, PARTS, Seats, seats
from synthetic_data.seats import STATES as SEAT_STATES
from synthetic_data.spellings import Names

#: Ages (low, high) of those who come first in a family and are not simply grown-ups.
AGES = {
    ("couple_child", "head"): (28, 58),
    ("couple_two", "head"): (30, 55),
    ("divorced", "head"): (32, 55),
    ("overlap", "head"): (56, 80),
    ("twins", "head"): (44, 75),
    ("father_son", "father"): (46, 75),
    ("trust", "settlor"): (50, 80),
}
YOUNGEST, OLDEST, LEAVES_AT = 18, 88, 42

#: Parts born a generation after the head, and those born around the same time as their partner.
LATER = ("child", "twin", "heir", "beneficiary", "son")
PARTNERS = ("spouse", "ex_spouse", "heir_spouse")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folk:
    """The customers of a cell."""

    seats: Seats
    people: People
    names: Names
    rating: Codes  # place in the ratings of the profile's table aml_rating

    @property
    def owner(self) -> Places:
        """For each customer the position of whoever the file is about: another customer's for second files."""
        return np.where(self.people.copies >= 0, self.people.copies, np.arange(CELL))

    @property
    def here(self) -> Flags:
        """Who is neither gone nor dead."""
        return ~self.seats.gone


def folk(ground: Ground, cell: int) -> Folk:
    """Return the thousand customers of a cell."""
    sat = seats(ground.seed, ground.profile, cell)
    birth, male, names = _born(ground, cell, sat)
    copies = sat.copies
    own = np.where(copies >= 0, copies, np.arange(CELL))
    birth, male, names = birth[own], male[own], names.taken(own)
    index = cell * CELL + np.arange(CELL, dtype=np.int64)
    minor = birth > _back(ground, 18)
    tier = np.where(minor, 0, _drawn(ground, cell, "tier"))[own].astype(np.int8)
    since, closed = _time_here(ground, cell, sat, birth)
    since = np.where(copies >= 0, _since_again(ground, cell, since[own]), since)
    branch = _branches(ground, cell, sat)[own]
    risk, rating = _drawn(ground, cell, "risk_level")[own], _drawn(ground, cell, "aml_rating")[own]
    people = People(
        cell=cell,
        index=index,
        birth=birth.astype(np.int32),
        male=male,
        english=sat.english,
        tier=tier,
        state=_states(sat).astype(np.int8),
        risk=np.where(minor, 0, risk).astype(np.int8),
        since=since.astype(np.int32),
        closed=closed.astype(np.int32),
        branch=branch,
        manager=_managers(ground, cell, branch),
        income=np.where(minor, 0, _incomes(ground, cell, tier, own)),
        minor=minor,
        copies=copies,
    )
    return Folk(seats=sat, people=people, names=names, rating=np.where(minor, 0, rating).astype(np.int8))


def _back(ground: Ground, years: int) -> int:
    """The day so many years before the bank is seen."""
    return int(days.years_later(np.array([days.of_date(ground.as_of)]), -years)[0])


def _drawn(ground: Ground, cell: int, table: str) -> Ints:
    """A place in a table of the profile for each."""
    weights = list(getattr(ground.profile.tables, table).shares.values())
    return Chance(ground.seed, cell, "people", table).pick(weights, CELL)


def _born(ground: Ground, cell: int, sat: Seats) -> tuple[Ints, Flags, Names]:
    """Birth, gender and name of each, which in a family follow from those who came before."""
    chance = Chance(ground.seed, cell, "people", "birth")
    male = (_drawn(ground, cell, "gender") == list(ground.profile.tables.gender.shares).index("M")) | sat.plays(
        "father", "son"
    )
    birth = _first_births(ground, sat, chance)
    years, more, apart = chance.whole(20, 32, CELL), chance.whole(0, 364, CELL), chance.whole(-900, 900, CELL)
    sons, ago = chance.whole(24, 35, CELL), chance.whole(30, 300, CELL)
    today, grown = days.of_date(ground.as_of), _back(ground, 20)
    for rank in range(1, 4):
        now = sat.rank == rank
        head, last = birth[sat.first], birth[sat.last]
        later = days.years_later(head, np.where(sat.plays("son"), sons, years)) + more
        birth = np.where(now & sat.plays(*LATER), np.minimum(later, today - ago), birth)
        partner = np.where(sat.plays("heir_spouse"), last, head)
        birth = np.where(now & sat.plays(*PARTNERS), np.minimum(partner + apart, grown), birth)
        birth = np.where(now & sat.plays("namesake"), head, birth)
        male = np.where(now & sat.plays("namesake"), male[sat.first], male)
        male = np.where(
            now & sat.plays(*PARTNERS), ~male[np.where(sat.plays("heir_spouse"), sat.last, sat.first)], male
        )
    second = sat.plays("twin") & (sat.rank == 2)
    birth, male = np.where(second, birth[sat.last], birth), np.where(second, male[sat.last], male)
    return birth, male, _names(ground, cell, sat, male)


def _first_births(ground: Ground, sat: Seats, chance: Chance) -> Ints:
    low, high = np.full(CELL, YOUNGEST), np.full(CELL, OLDEST)
    for (make, part), (youngest, oldest) in AGES.items():
        mine = sat.of(make) & sat.plays(part)
        low[mine], high[mine] = youngest, oldest
    left = sat.gone
    low[left] = LEAVES_AT
    age = np.floor(chance.along(ground.profile.curves.adult_age.points, CELL) + 0.5).astype(np.int64)
    today = np.full(CELL, days.of_date(ground.as_of))
    return days.years_later(today, -np.clip(age, low, high)) - chance.whole(0, 364, CELL)


def _names(ground: Ground, cell: int, sat: Seats, male: Flags) -> Names:
    """Children bear the surname of the head, sons and namesakes the whole name, and twins differ in its last piece."""
    chance = Chance(ground.seed, cell, "people", "name")
    own = spellings.drawn(chance, sat.english, male)
    head, last = own.taken(sat.first), own.taken(sat.last)
    child = (sat.rank > 0) & sat.plays(*LATER)
    own = _where(child, own, surname=head.surname)
    whole = (sat.rank > 0) & sat.plays("son", "namesake")
    own = _where(whole, own, surname=head.surname, given=head.given, second=head.second)
    second = sat.plays("twin") & (sat.rank == 2)
    alike = spellings.other_given(chance, last, male)
    return _where(second, own, given=alike.given, second=alike.second)


def _where(flags: Flags, names: Names, **pieces: Places) -> Names:
    """The names, with other pieces where the flags say so."""
    kept = {piece: getattr(names, piece) for piece in ("surname", "given", "second")}
    kept.update({piece: np.where(flags, other, kept[piece]) for piece, other in pieces.items()})
    return Names(english=names.english, **kept)


def _states(sat: Seats) -> Ints:
    """What the record says of each state of the plan: both ways of having closed are closed."""
    told = np.array([STATES.index("closed" if state.startswith("closed") else state) for state in SEAT_STATES])
    return told[np.where(sat.part == PARTS.index("copy"), ACTIVE, sat.state)]


def _time_here(ground: Ground, cell: int, sat: Seats, birth: Ints) -> tuple[Ints, Ints]:
    """Since when each is a customer, and when former customers left."""
    chance = Chance(ground.seed, cell, "people", "time")
    today, opened, line = days.of_date(ground.as_of), days.of_date(ground.profile.opened.value), _back(ground, 10)
    grown = days.years_later(birth, 18)
    first = np.maximum(opened, np.where(grown < today - 60, grown, birth + 20))
    long_ago, lately = (sat.state == SEAT_STATES.index(state) for state in ("closed_long_ago", "closed_recently"))
    low = np.where(long_ago, opened + 1500, line + 60)
    left = chance.whole(low, np.maximum(low, np.where(long_ago, line - 60, today - 30)))
    gone = long_ago | lately
    earliest = np.where(gone, np.minimum(first, left - 400), first)
    latest = np.where(gone, left - 365, today - 10)
    since = chance.whole(earliest, np.maximum(earliest, latest))
    return since, np.where(gone, left, NEVER)


def _since_again(ground: Ground, cell: int, since: Ints) -> Ints:
    """Since when there is a second file: not before the first."""
    last = np.maximum(since, days.of_date(ground.as_of) - 5)
    return Chance(ground.seed, cell, "people", "second file").whole(since, last)


def _branches(ground: Ground, cell: int, sat: Seats) -> Ints:
    """Families bank with one branch."""
    own = Chance(ground.seed, cell, "people", "branch").whole(0, len(ground.branches) - 1, CELL)
    return np.where(sat.first >= 0, own[sat.first], own)


def _managers(ground: Ground, cell: int, branch: Ints) -> Ints:
    bankers = ground.banker_places
    return bankers[branch, Chance(ground.seed, cell, "people", "manager").whole(0, bankers.shape[1] - 1, CELL)]


def _incomes(ground: Ground, cell: int, tier: Codes, own: Places) -> Ints:
    """A month's income in cents."""
    curves = [getattr(ground.profile.curves, f"income_{name}").points for name in TIERS]
    shares = Chance(ground.seed, cell, "people", "income").shares(CELL)[own]
    return np.floor(spread(shares, tier, curves) * 100 + 0.5).astype(np.int64)
