"""Watch-list: names on lists, of which some mean a customer and others only look so; which is which is sealed."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthetic_data import days, identities, spellings
from synthetic_data.affairs import WatchEntry
from synthetic_data.chance import Chance
from synthetic_data.columns import NEVER, Accounts, Flags, Places
from synthetic_data.findings import WatchVerdict
from synthetic_data.folk import Folk
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown
from synthetic_data.spellings import Names
from synthetic_data.tables import table_of
from synthetic_data.texts import beside, chosen, digits, fixed, numbered, words

MAKES = (
    "exact", "pinyin", "order", "traditional", "alias", "typo", "other_birth", "namesake", "sound_alike", "unrelated",
)  # fmt: skip
#: Makes that mean the customer whose name they resemble.
HITS = ("exact", "pinyin", "order", "traditional", "alias", "typo")
#: Makes that need a Chinese name; English ones are written as they are instead.
CHINESE = ("pinyin", "traditional")
DIFFICULTIES = ("easy", "medium", "hard")
#: How long ago entries were made, in days.
OLDEST = 3_000


class _Entries(NamedTuple):
    """Entries before they are written: whom each resembles, how, and what the list knows of the birth."""

    who: Places
    make: Places
    birth: Places  # a day, NEVER where unknown
    year_only: Flags

    def taken(self, rows: Places) -> "_Entries":
        """Return some of the entries."""
        return _Entries(self.who[rows], self.make[rows], self.birth[rows], self.year_only[rows])


def watchlist(ground: Ground, folk: Folk, accounts: Accounts) -> Grown:
    """Return the table ``watch_entries`` and as truth ``watch_verdicts``; numbers and order tell nothing."""
    chance = Chance(ground.seed, folk.people.cell, "watchlist")
    entries = _entries(ground, folk, chance)
    marks = identities.marks(ground.seed, "watchlist", folk.people.index[entries.who])
    order = np.argsort(marks, kind="stable")
    entries, marks = entries.taken(order), marks[order]
    numbers = fixed(beside(len(marks), "WL", digits(marks, 8)))
    table = table_of(WatchEntry, {**_columns(ground, folk, entries, chance), "number": numbers})
    seen = np.flatnonzero(_is(entries.make, *HITS, "other_birth", "namesake", "sound_alike"))
    truth = table_of(
        WatchVerdict,
        {
            "number": fixed(beside(len(seen), "WV", digits(marks[seen], 8))),
            "entry": numbers.take(pa.array(seen)),
            "customer": numbered("C", folk.people.index[entries.who[seen]]),
            "hit": _is(entries.make[seen], *HITS),
            "make": words(entries.make[seen], MAKES),
            "difficulty": words(_difficulty(entries)[seen], DIFFICULTIES),
        },
    )
    owners = {"watch_entries": entries.who, "watch_verdicts": entries.who[seen]}
    return Grown({"watch_entries": table}, {"watch_verdicts": truth}, owners)


def _is(make: Places, *names: str) -> Flags:
    return np.isin(make, [MAKES.index(name) for name in names])


def _entries(ground: Ground, folk: Folk, chance: Chance) -> _Entries:
    told, people = ground.profile.lives.watchlist, folk.people
    able = np.flatnonzero((people.copies < 0) & ~people.minor)
    who = able[chance.order(len(able))[: told.entries_per_thousand.value]]
    n = len(who)
    make = chance.pick([told.makes.shares[name] for name in MAKES], n)
    make = np.where(_is(make, *CHINESE) & people.english[who], MAKES.index("exact"), make)
    plain = pc.equal(spellings.traditional(folk.names.taken(who)), spellings.written(folk.names.taken(who)))
    same = plain.to_numpy(zero_copy_only=False)
    make = np.where(_is(make, "traditional") & same, MAKES.index("exact"), make)
    known, year = chance.shares(n), told.birth_known.value + told.year_only.value
    birth = people.birth[who].astype(np.int64)
    hit = _is(make, *HITS)
    # Somebody else was born within a few years, but never within one; strangers of the same name a generation apart.
    apart = chance.whole(400, 1_500, n) * np.where(chance.happens(0.5, n), 1, -1)
    apart = np.where(_is(make, "namesake"), chance.whole(10 * 366, 30 * 366, n), apart)
    other = np.minimum(birth + np.where(hit, 0, apart), days.of_date(ground.as_of) - 18 * 366)
    other = np.where(~hit & (np.abs(other - birth) < 400), birth - apart, other)
    return _Entries(
        who=who,
        make=make,
        birth=np.where(hit & (known >= year), NEVER, other),
        year_only=np.where(hit, (known >= told.birth_known.value) & (known < year), _is(make, "namesake")),
    )


def _difficulty(entries: _Entries) -> Places:
    """Names that are written otherwise are harder, and so are births of which the list knows little."""
    far = _is(entries.make, "pinyin", "order", "traditional", "alias", "typo", "sound_alike").astype(np.int64)
    vague = np.where(entries.birth == NEVER, 2, entries.year_only.astype(np.int64))
    close = _is(entries.make, "other_birth").astype(np.int64)
    found: Places = np.minimum(far + vague + close, 2)
    return found


def _columns(ground: Ground, folk: Folk, entries: _Entries, chance: Chance) -> Mapping[str, object]:
    told, n, people = ground.profile.lives.watchlist, len(entries.who), folk.people
    own, male = folk.names.taken(entries.who), people.male[entries.who]
    stranger = spellings.drawn(chance, own.english, male)
    alias, slip = spellings.renamed(chance, own, male), spellings.misspelt(chance, own, 1)
    name = _written(entries.make, own, alias, slip, stranger)
    latin = _latin(entries.make, own, alias, slip, stranger)
    only_latin = _is(entries.make, "pinyin")
    today = days.of_date(ground.as_of)
    listed = today - chance.whole(5, OLDEST, n)
    gone = chance.happens(told.delisted.value, n)
    year = np.where((entries.birth != NEVER) & entries.year_only, days.years(_some(entries.birth)), 0)
    return {
        "list": words(chance.pick(list(told.lists.shares.values()), n), tuple(told.lists.shares)),
        "name": name,
        "latin_name": pc.if_else(pa.array(chance.happens(0.5, n) & ~own.english & ~only_latin), latin, None),
        "aliases": _aliases(entries.make, own),
        "gender": words(np.where(chance.happens(0.8, n), male.astype(np.int64), -1), ("F", "M")),
        "birth_date": np.where(entries.year_only, NEVER, entries.birth),
        "birth_year": pa.array(year.astype(np.int32), mask=year == 0),
        "listed_on": listed,
        "delisted_on": np.where(gone, chance.whole(listed, np.maximum(listed, today - 1)), NEVER),
    }


def _some(birth: Places) -> Places:
    return np.where(birth == NEVER, 0, birth)


def _written(make: Places, own: Names, alias: Names, slip: Names, stranger: Names) -> pa.Array:
    """The name of each entry as its make has it."""
    name = spellings.written(own)
    for which, other in (
        ("pinyin", spellings.latin(own)),
        ("order", spellings.swapped(own)),
        ("traditional", spellings.traditional(own)),
        ("alias", spellings.written(alias)),
        ("typo", spellings.written(slip)),
        ("sound_alike", spellings.written(slip)),
        ("unrelated", spellings.written(stranger)),
    ):
        name = chosen(_is(make, which), other, name)
    return name


def _latin(make: Places, own: Names, alias: Names, slip: Names, stranger: Names) -> pa.Array:
    name = chosen(_is(make, "alias"), spellings.latin(alias), spellings.latin(own))
    name = chosen(_is(make, "typo", "sound_alike"), spellings.latin(slip), name)
    return chosen(_is(make, "unrelated"), spellings.latin(stranger), name)


def _aliases(make: Places, own: Names) -> pa.Array:
    """Who is listed under another name has the own one among the aliases."""
    has = _is(make, "alias")
    starts = np.concatenate([[0], np.cumsum(has)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(starts), spellings.written(own.taken(np.flatnonzero(has))))
