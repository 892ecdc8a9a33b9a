"""Spellings: the names of a column of people, and how each is written: in full, in other scripts, and wrongly."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synthetic_data.chance import Chance
from synthetic_data.columns import Flags, Places
from synthetic_data.names import Word, vocabulary
from synthetic_data.texts import glue

#: Most letters that a clerk drops from an English name.
DROPPED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """A surname and one or two pieces of given name for each person, as places in the pool of all pieces."""

    english: Flags
    surname: Places
    given: Places
    second: Places  # -1 for a given name of one piece

    def taken(self, places: NDArray[np.integer]) -> "Names":
        """Return the names of those at places."""
        return Names(
            english=self.english[places],
            surname=self.surname[places],
            given=self.given[places],
            second=self.second[places],
        )


class _Range(NamedTuple):
    start: int
    size: int


class _Pool(NamedTuple):
    """All pieces of names. Behind the words stand those of English with letters dropped, reached by ``slips``."""

    words: tuple[Word, ...]
    surnames: tuple[_Range, _Range]  # Chinese, English
    male: tuple[_Range, _Range]
    female: tuple[_Range, _Range]
    frequent: tuple[NDArray[np.float64], NDArray[np.float64]]  # share of people up to each surname
    alike_from: NDArray[
        np.int64
    ]  # for each word where its look-alikes begin in ``alike``: by sound, or short of letters
    alike_many: NDArray[np.int64]  # and how many it has; a row for each number of letters
    alike: NDArray[np.int64]


@cache
def pool() -> _Pool:
    """The pieces of names of both languages."""
    words: list[Word] = []
    ranges: dict[str, list[_Range]] = {"surnames": [], "male": [], "female": []}
    for language in ("zh", "en"):
        for part, found in ranges.items():
            pieces: tuple[Word, ...] = getattr(vocabulary(language), part)
            found.append(_Range(len(words), len(pieces)))
            words += pieces
    chinese = ranges["surnames"][1].start
    plain = len(words)
    alike: list[list[int]] = []
    for letters in range(1, DROPPED + 1):
        alike += [_sounding(words, n, ranges) if n < chinese else _short(words, n, letters) for n in range(plain)]
    many = np.array([len(found) for found in alike])
    starts = np.concatenate([[0], many.cumsum()[:-1]])
    flat = np.array([n for found in alike for n in found])
    surnames, male, female = ((a, b) for a, b in ranges.values())
    shape = (DROPPED, plain)
    frequent = (_frequencies("zh"), _frequencies("en"))
    return _Pool(tuple(words), surnames, male, female, frequent, starts.reshape(shape), many.reshape(shape), flat)


def _frequencies(language: str) -> NDArray[np.float64]:
    """What share of people bear each surname or one before it; rounded, so that no machine's last bit shows."""
    known = vocabulary(language)
    count = len(known.surnames)
    points = known.surname_shares or ((1, 1 / count), (count, 1.0))
    ranks, shares = zip(*points, strict=True)
    at, knots = np.arange(1, count + 1), np.array(ranks)
    if known.surname_shares:
        at, knots = np.log(at), np.log(knots)
    found = np.interp(at, knots, shares)
    return np.asarray(np.round(found / found[-1], 9))


def _sounding(words: Sequence[Word], place: int, ranges: dict[str, list[_Range]]) -> list[int]:
    """Other characters that sound like a Chinese word, or if there are none any that women are called by."""
    by_sound = _by_sound(tuple(words[: ranges["surnames"][1].start]))
    word, first = words[place], ranges["female"][0]
    others = [n for n in by_sound[word.latin] if words[n].written != word.written]
    return others or [n for n in range(first.start, first.start + first.size) if words[n].written != word.written]


@cache
def _by_sound(words: tuple[Word, ...]) -> dict[str, list[int]]:
    sounds: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(words):
        sounds[word.latin].append(place)
    return sounds


def _short(words: list[Word], place: int, letters: int) -> list[int]:
    """Put an English word with so many letters dropped, in all ways, behind the words; say where they stand."""
    whole = words[place].written
    slips = {whole[:at] + whole[at + letters :] for at in range(1, max(2, len(whole) - letters + 1))}
    start = len(words)
    words += [Word(slip, slip, slip.lower()) for slip in sorted(slips)]
    return list(range(start, len(words)))


def drawn(chance: Chance, english: Flags, male: Flags) -> Names:
    """Return names; two in three Chinese given names have two characters."""
    rows, known = len(english), pool()
    tongue = english.astype(np.int64)
    sexes = np.array([known.female, known.male])[male.astype(np.int64), tongue]
    second = chance.happens(2 / 3, rows) & ~english
    return Names(
        english=english,
        surname=_families(chance, tongue),
        given=_one(chance, sexes),
        second=np.where(second, _one(chance, sexes), -1),
    )


def _families(chance: Chance, tongue: NDArray[np.int64]) -> Places:
    """Surnames as frequent as the vocabulary says."""
    known, shares = pool(), chance.shares(len(tongue))
    ranks = [np.searchsorted(bounds, shares, side="right") for bounds in known.frequent]
    place = np.where(tongue == 1, ranks[1], ranks[0])
    ranges = np.array(known.surnames)[tongue]
    return np.asarray(ranges[:, 0] + np.minimum(place, ranges[:, 1] - 1), dtype=np.int64)


def _one(chance: Chance, ranges: NDArray[np.int64]) -> Places:
    return chance.whole(ranges[:, 0], ranges[:, 0] + ranges[:, 1] - 1)


def other_given(chance: Chance, names: Names, male: Flags) -> Names:
    """Return the names with another last piece, as twins have it."""
    known, last = pool(), np.where(names.second >= 0, names.second, names.given)
    ranges = np.array([known.female, known.male])[male.astype(np.int64), names.english.astype(np.int64)]
    return _with_last(names, _next(chance, last, ranges))


def _with_last(names: Names, last: Places) -> Names:
    two = names.second >= 0
    return Names(
        english=names.english,
        surname=names.surname,
        given=np.where(two, names.given, last),
        second=np.where(two, last, -1),
    )


def misspelt(chance: Chance, names: Names, letters: int) -> Names:
    """Return the names as a clerk gets them wrong: characters that sound alike, or letters that are dropped.

    ``letters`` (one or two) is how many; a Chinese given name of one character cannot differ in two.
    """
    wrong = _with_last(names, _alike(chance, np.where(names.second >= 0, names.second, names.given), letters))
    if letters > 1:
        first = np.where(names.second >= 0, _alike(chance, names.given, 1), wrong.given)
        wrong = Names(english=names.english, surname=names.surname, given=first, second=wrong.second)
    return wrong


def _alike(chance: Chance, pieces: Places, letters: int) -> Places:
    known = pool()
    starts, many = known.alike_from[letters - 1, pieces], known.alike_many[letters - 1, pieces]
    found: Places = known.alike[starts + chance.whole(0, many - 1)]
    return found


def renamed(chance: Chance, names: Names, male: Flags) -> Names:
    """Return the names after a change: English surnames as if taken by marriage, Chinese given names chosen anew."""
    known, rows = pool(), len(names.english)
    surnames = np.array(known.surnames)[names.english.astype(np.int64)]
    sexes = np.array([known.female, known.male])[male.astype(np.int64), names.english.astype(np.int64)]
    return Names(
        english=names.english,
        surname=np.where(names.english, _next(chance, names.surname, surnames), names.surname),
        given=np.where(names.english, names.given, _next(chance, names.given, sexes)),
        second=np.where(names.second >= 0, _next(chance, names.second, sexes), np.full(rows, -1)),
    )


def _next(chance: Chance, pieces: Places, ranges: NDArray[np.int64]) -> Places:
    """Another piece of the range in which each lies."""
    start, size = ranges[:, 0], ranges[:, 1]
    return start + (pieces - start + chance.whole(1, size - 1)) % size


def written(names: Names) -> pa.Array:
    """Return the names as their bearers write them."""
    return _in_order(names, "written")


def traditional(names: Names) -> pa.Array:
    """Return the names in traditional characters."""
    return _in_order(names, "traditional")


def surnames(names: Names) -> pa.Array:
    """Return the surnames alone."""
    return _forms("written").take(pa.array(names.surname))


def _in_order(names: Names, script: str) -> pa.Array:
    spaced, empty = len(pool().words), 3 * len(pool().words)
    first = np.where(names.english, names.given, names.surname)
    then = np.where(names.english, spaced + names.surname, names.given)
    return _glued(script, first, then, np.where(names.second >= 0, names.second, empty))


def swapped(names: Names) -> pa.Array:
    """Return the names with surname and given name in the wrong order."""
    spaced, empty = len(pool().words), 3 * len(pool().words)
    more = np.where(names.second >= 0, names.second, empty)
    first = np.where(names.english, names.surname, names.given)
    then = np.where(names.english, spaced + names.given, more)
    return _glued("written", first, then, np.where(names.english, empty, names.surname))


def latin(names: Names) -> pa.Array:
    """Return the names in latin letters: surname first for Chinese names, ``Liu Jianguo``."""
    spaced, low, empty = (n * len(pool().words) for n in (1, 2, 3))
    first = np.where(names.english, names.given, names.surname)
    then = spaced + np.where(names.english, names.surname, names.given)
    return _glued("latin", first, then, np.where(names.second >= 0, low + names.second, empty))


def latin_swapped(names: Names) -> pa.Array:
    """Return the names in latin letters with surname and given name in the wrong order."""
    spaced, low, empty = (n * len(pool().words) for n in (1, 2, 3))
    more = np.where(names.second >= 0, low + names.second, empty)
    first = np.where(names.english, names.surname, names.given)
    then = np.where(names.english, spaced + names.given, more)
    return _glued("latin", first, then, np.where(names.english, empty, spaced + names.surname))


def _glued(script: str, *pieces: Places) -> pa.Array:
    forms = _forms(script)
    return glue(*(forms.take(pa.array(places)) for places in pieces))


@cache
def _forms(script: str) -> pa.Array:
    """All pieces in a script: plain, behind a space, without capitals (for Latin), and nothing at the end."""
    words = pool().words
    chinese = pool().surnames[1].start
    plain = [getattr(word, script) for word in words]
    if script == "latin":
        plain = [word.latin.title() if n < chinese else word.written for n, word in enumerate(words)]
    return pa.array([*plain, *(f" {piece}" for piece in plain), *(word.latin for word in words), ""], pa.string())
