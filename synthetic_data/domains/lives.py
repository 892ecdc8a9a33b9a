"""Lives: turns in the lives of customers, the homes and employers they had before, and what the bank has not heard."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from synthetic_data import days, identities
from synthetic_data.affairs import FormerAddress, FormerEmployment, LifeEvent
from synthetic_data.chance import Chance
from synthetic_data.columns import CELL, STATES, Accounts, Flags, Places
from synthetic_data.domains.families import family_days, nth_of
from synthetic_data.findings import UnseenEvent
from synthetic_data.folk import LATER, Folk
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown
from synthetic_data.names import vocabulary
from synthetic_data.tables import table_of
from synthetic_data.texts import digits, fill, fixed, numbered, spoken, taken, words

EVENTS = (
    "moving", "job_change", "marriage", "divorce", "birth", "coming_of_age", "retirement", "bankruptcy", "death",
)  # fmt: skip
TOLD_BY = ("customer", "staff", "register", "relative")
#: Most homes and most employers before the present ones.
MOST = 4
#: Years of work and homes that are looked back on.
BACK = 10
#: Ages between which people without family here marry, and those from which they work.
MARRIES, WORKS = (22, 38), 22


class _Turns(NamedTuple):
    """Turns of life: whose, of what kind, on which day, with whom (-1: nobody here), and on whom the row hangs."""

    who: Places
    kind: Places
    day: Places
    other: Places
    hangs: Places
    sure: Flags  # told by what the bank keeps anyway


def lives(ground: Ground, folk: Folk, accounts: Accounts) -> Grown:
    """Return former addresses, former employments and life events; in truth the events nobody told the bank of."""
    moved, homes = _homes(ground, folk)
    worked, jobs = _jobs(ground, folk)
    turns = _joined([moved, worked, *_kin(ground, folk), *_own(ground, folk)])
    today, chance = days.of_date(ground.as_of), Chance(ground.seed, folk.people.cell, "lives", "known")
    told, n = ground.profile.lives.turns, len(turns.who)
    delay = np.floor(chance.along(told.days_until_known.points, n)).astype(np.int64)
    known = np.minimum(turns.day + delay, np.where(turns.sure, today, turns.day + delay))
    unseen = ~turns.sure & (chance.happens(told.unseen.value, n) | (known > today))
    seen = np.flatnonzero(~unseen)
    missed = _joined([_taken(turns, np.flatnonzero(unseen)), *_unheard(ground, folk)])
    events = _events(folk, _taken(turns, seen), known[seen], chance)
    return Grown(
        {"former_addresses": homes[0], "former_employments": jobs[0], "life_events": events},
        {"unseen_events": _missed(folk, missed)},
        {
            "former_addresses": homes[1],
            "former_employments": jobs[1],
            "life_events": turns.hangs[seen],
            "unseen_events": missed.hangs,
        },
    )


def _able(folk: Folk) -> Flags:
    """Grown-ups who are customers, by their first files."""
    people = folk.people
    return ~people.minor & (people.copies < 0) & (people.state <= STATES.index("dormant"))


def _taken(turns: _Turns, rows: Places) -> _Turns:
    return _Turns(*(column[rows] for column in turns))  # type: ignore[arg-type]


def _joined(parts: list[_Turns]) -> _Turns:
    whole = _Turns(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    return _taken(whole, np.lexsort((whole.day, whole.who)))


def _turn(kind: str, who: Places, day: Places, other: Places | None = None, *, sure: bool = False) -> _Turns:
    partner = np.full(len(who), -1) if other is None else other
    return _Turns(
        who=who,
        kind=np.full(len(who), EVENTS.index(kind)),
        day=day,
        other=partner,
        hangs=np.maximum(who, partner),
        sure=np.full(len(who), sure),
    )


def _spans(folk: Folk, ground: Ground, who: Flags, first: Places, a_year: float, chance: Chance) -> tuple[Places, ...]:
    """For those who changed: whose span each is, from which day to which; the first begins with ``first``."""
    today = days.of_date(ground.as_of)
    years = np.where(who, np.maximum(today - 60 - first, 0) / 365, 0.0)
    many = np.minimum(chance.counts(a_year * years), MOST)
    owner = np.repeat(np.arange(CELL), many)
    nth = nth_of(owner)
    width = np.maximum(today - 60 - first, 0)[owner] / np.maximum(many, 1)[owner]
    until = first[owner] + 1 + np.floor(width * (nth + 0.1 + 0.8 * chance.shares(len(owner)))).astype(np.int64)
    since = np.where(nth == 0, first[owner], np.concatenate([[0], until[:-1]])[: len(owner)])
    return owner, since, until


def _homes(ground: Ground, folk: Folk) -> tuple[_Turns, tuple[pa.Table, Places]]:
    """Homes before the present one, of those who live by themselves or lead their family."""
    chance = Chance(ground.seed, folk.people.cell, "lives", "homes")
    since, today = folk.people.since.astype(np.int64), days.of_date(ground.as_of)
    alone = _able(folk) & (folk.seats.first < 0)
    first = np.maximum(since, today - BACK * 365)
    rate = ground.profile.lives.turns.moving_a_year.value
    owner, begins, ends = _spans(folk, ground, alone, first, rate, chance)
    nth, index = nth_of(owner), folk.people.index[owner]
    house = digits(identities.marks(ground.seed, "former house", index) + nth, 4)
    room = digits(chance.whole(0, 9_999, len(owner)), 4)
    drawn = chance.shares(3 * len(owner)).reshape(3, -1)

    def say(language: str, rows: Places) -> pa.Array:
        told = vocabulary(language)
        pools = (told.cities, told.districts, told.streets)
        city, district, street = (
            words(np.floor(share[rows] * len(pool)).astype(np.int64), pool)
            for share, pool in zip(drawn, pools, strict=True)
        )
        at = {"house": fixed(house[rows]), "room": fixed(room[rows])}
        return fill(told.address, city=city, district=district, street=street, **at)

    table = table_of(
        FormerAddress,
        {
            "number": numbered("AD", index, nth),
            "customer": numbered("C", index),
            "address": spoken(folk.people.english[owner], say),
            "since": begins,
            "until": ends,
        },
    )
    return _turn("moving", owner, ends, sure=True), (table, owner)


def _jobs(ground: Ground, folk: Folk) -> tuple[_Turns, tuple[pa.Table, Places]]:
    """Employers before the present one, of those of working age."""
    chance, people = Chance(ground.seed, folk.people.cell, "lives", "jobs"), folk.people
    today, birth = days.of_date(ground.as_of), people.birth.astype(np.int64)
    first = np.maximum(days.years_later(birth, WORKS), today - BACK * 365)
    first = np.maximum(first, people.since)
    working = _able(folk) & (_retires(ground, folk) > today) & (first < today - 365)
    rate = ground.profile.lives.turns.job_change_a_year.value
    owner, begins, ends = _spans(folk, ground, working, first, rate, chance)
    nth, index = nth_of(owner), people.index[owner]
    drawn = chance.shares(4 * len(owner)).reshape(4, -1)

    def pick(rows: Places, which: int, pool: tuple[str, ...]) -> pa.Array:
        return words(np.floor(drawn[which, rows] * len(pool)).astype(np.int64), pool)

    def employer(language: str, rows: Places) -> pa.Array:
        told = vocabulary(language)
        first, second = pick(rows, 0, told.company_first), pick(rows, 1, told.company_second)
        return fill(told.company, first=first, second=second, trade=pick(rows, 2, tuple(told.trades.values())))

    def occupation(language: str, rows: Places) -> pa.Array:
        return pick(rows, 3, vocabulary(language).occupations).cast(pa.string())

    english = people.english[owner]
    table = table_of(
        FormerEmployment,
        {
            "number": numbered("EM", index, nth),
            "customer": numbered("C", index),
            "employer": spoken(english, employer),
            "occupation": spoken(english, occupation).dictionary_encode(),
            "since": begins,
            "until": ends,
        },
    )
    return _turn("job_change", owner, ends, sure=True), (table, owner)


def _retires(ground: Ground, folk: Folk) -> Places:
    told = ground.profile.lives.turns
    age = np.where(folk.people.male, told.retirement_men.value, told.retirement_women.value)
    return days.years_later(folk.people.birth.astype(np.int64), age)


def _kin(ground: Ground, folk: Folk) -> list[_Turns]:
    """What follows from the families on file: weddings, divorces and births while they were customers."""
    sat, people, places = folk.seats, folk.people, np.arange(CELL)
    began, parted = family_days(ground, folk)
    partner = np.where(sat.plays("heir_spouse"), sat.last, sat.first)
    wed = sat.plays("spouse", "ex_spouse", "heir_spouse") & (partner >= 0)
    founder = np.where(sat.plays("heir_spouse"), sat.last, sat.first)
    child = sat.plays(*LATER) & (sat.first >= 0) & ~sat.of("trust")
    turns = []
    for kind, mine, with_whom, day in (
        ("marriage", wed, partner, began[founder]),
        ("divorce", sat.plays("ex_spouse"), sat.first, parted[sat.first]),
        ("birth", child, sat.first, people.birth.astype(np.int64)),
    ):
        rows = np.flatnonzero(mine)
        pairs = [(with_whom[rows], places[rows])]
        if kind != "birth":
            pairs.append((places[rows], with_whom[rows]))
        for who, other in pairs:
            here = np.flatnonzero(day[rows] >= people.since[who])
            turns.append(_turn(kind, who[here], day[rows][here], other[here], sure=True))
    return turns


def _own(ground: Ground, folk: Folk) -> list[_Turns]:
    """What happens to each by themselves, while they are customers."""
    told, people = ground.profile.lives.turns, folk.people
    chance, today = Chance(ground.seed, people.cell, "lives", "own"), days.of_date(ground.as_of)
    birth, since = people.birth.astype(np.int64), people.since.astype(np.int64)
    able, single = _able(folk), folk.seats.plays("single")
    weds = days.years_later(birth, chance.whole(*MARRIES, CELL)) + chance.whole(0, 364, CELL)
    bears = weds + chance.whole(300, 1_800, CELL)
    marries = able & single & chance.happens(told.marriage.value, CELL)
    years = np.maximum(today - since, 0) / 365
    fails = able & chance.happens(np.minimum(told.bankruptcy_a_year.value * years, 1.0))
    went = chance.whole(since, np.maximum(since, today - 1))
    died = np.maximum(today - chance.whole(5, 700, CELL), since + 1)
    dead = (people.state == STATES.index("deceased")) & (people.copies < 0)
    found = [
        ("marriage", marries, weds, False),
        ("birth", marries & chance.happens(told.child.value, CELL), bears, False),
        ("coming_of_age", able, days.years_later(birth, 18), True),
        ("retirement", able, _retires(ground, folk), False),
        ("bankruptcy", fails, went, False),
        ("death", dead, died, True),
    ]
    turns = []
    for kind, mine, day, sure in found:
        who = np.flatnonzero(mine & (day >= since) & (day < today))
        turns.append(_turn(kind, who, day[who], sure=sure))
    return turns


def _unheard(ground: Ground, folk: Folk) -> list[_Turns]:
    """Moves and new employers of late of which the bank was not told: what it has on file is stale."""
    told, today = ground.profile.lives.turns, days.of_date(ground.as_of)
    chance = Chance(ground.seed, folk.people.cell, "lives", "unheard")
    turns = []
    for kind, rate in (("moving", told.moving_a_year.value), ("job_change", told.job_change_a_year.value)):
        who = np.flatnonzero(_able(folk) & chance.happens(rate * told.unseen.value, CELL))
        day = today - chance.whole(1, 50, len(who))
        turns.append(_turn(kind, who, day))
    return turns


def _events(folk: Folk, turns: _Turns, known: Places, chance: Chance) -> pa.Table:
    index, n = folk.people.index, len(turns.who)
    told_by = chance.pick((0.7, 0.2, 0.1), n)
    told_by = np.where(turns.kind == EVENTS.index("death"), chance.pick((0.0001, 0.2, 0.3, 0.5), n), told_by)
    return table_of(
        LifeEvent,
        {
            "number": numbered("LE", index[turns.who], nth_of(turns.who)),
            "customer": numbered("C", index[turns.who]),
            "kind": words(turns.kind, EVENTS),
            "happened": turns.day,
            "known": known,
            "told_by": words(told_by, TOLD_BY),
            "other": taken(numbered("C", index), turns.other),
        },
    )


def _missed(folk: Folk, turns: _Turns) -> pa.Table:
    index = folk.people.index[turns.who]
    return table_of(
        UnseenEvent,
        {
            "number": numbered("LU", index, nth_of(turns.who)),
            "customer": numbered("C", index),
            "kind": words(turns.kind, EVENTS),
            "happened": turns.day,
        },
    )
