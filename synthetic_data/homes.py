"""Homes: where each customer of a cell lives, by marks of the own; families live together."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from synthetic_data import identities
from synthetic_data.chance import Chance, Ints
from synthetic_data.columns import CELL, Flags, Places
from synthetic_data.folk import Folk
from synthetic_data.ground import Ground
from synthetic_data.names import vocabulary
from synthetic_data.texts import digits, fill, fixed, spoken, words

#: Parts that live with the head of the family; the spouse of an heir lives with the heir.
TOGETHER = ("spouse", "child", "twin", "son")


@dataclass(frozen=True, slots=True, kw_only=True)
class Homes:
    """The home that each position of a cell stands for, and at whose each customer lives."""

    of: Places
    city: Ints
    district: Ints
    street: Ints


def homes(ground: Ground, folk: Folk, moved: Flags) -> Homes:
    """Return the homes of a cell; ``moved`` are the second files that tell of another one."""
    sat, places = folk.seats, np.arange(CELL)
    of = np.where(sat.plays(*TOGETHER) & (sat.first >= 0), sat.first, places)
    of = np.where(sat.plays("heir_spouse"), sat.last, of)
    of = np.where(moved, places, of[folk.owner])
    chance = Chance(ground.seed, folk.people.cell, "homes")
    tongues = [vocabulary(language) for language in ("zh", "en")]
    city, district, street = (
        np.floor(chance.shares(CELL) * np.array([len(getattr(t, name)) for t in tongues])[sat.english.astype(int)])
        for name in ("cities", "districts", "streets")
    )
    return Homes(of=of, city=city.astype(int), district=district.astype(int), street=street.astype(int))


def addresses(ground: Ground, folk: Folk, found: Homes, who: Places) -> pa.Array:
    """Return the addresses of those at positions of the cell: house and room are marks of whose home it is."""
    at = found.of[who]
    marked = digits(identities.marks(ground.seed, "address", folk.people.index[at]), 8)

    def say(language: str, rows: Places) -> pa.Array:
        spoken_in, here = vocabulary(language), at[rows]
        return fill(
            spoken_in.address,
            city=words(found.city[here], spoken_in.cities),
            district=words(found.district[here], spoken_in.districts),
            street=words(found.street[here], spoken_in.streets),
            house=fixed(marked[rows, :4]),
            room=fixed(marked[rows, 4:]),
        )

    return spoken(folk.people.english[at], say)
