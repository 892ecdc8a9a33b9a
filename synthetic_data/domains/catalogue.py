"""Catalogue: the investment products of the bank with their ratings; the same for every cell."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import pyarrow as pa

from synthetic_data import days
from synthetic_data.affairs import InvestmentProduct
from synthetic_data.chance import Chance
from synthetic_data.columns import Cents, Codes, Days, Flags, Places
from synthetic_data.ground import Ground
from synthetic_data.suitability import RATINGS
from synthetic_data.tables import table_of
from synthetic_data.texts import same, words

FAMILIES = ("money_market", "bond", "mixed", "equity", "structured", "private_fund")
#: Stated smallest purchases of the families, in whole units of the home currency.
MINIMUM = np.array((1, 100, 1_000, 1_000, 10_000, 1_000_000))
#: The first products are such that every rule has a product to meet: one of each rating, then one that was rated
#: up, one that the issuer rates higher, and one for professionals alone.
RATED_UP, ISSUER_HIGHER, PROFESSIONAL = 5, 6, 7
FEWEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The products as arrays; ratings are places in RATINGS."""

    rating: Codes
    former: Codes  # 0 where the bank never rated it anew
    issuer: Codes
    rated: Days
    family: Codes
    professional: Flags

    def rating_at(self, product: Places, day: Places) -> Codes:
        """Return the rating that counts on a day: the higher of the bank's and the issuer's."""
        before = (self.former[product] > 0) & (day < self.rated[product])
        return np.maximum(np.where(before, self.former[product], self.rating[product]), self.issuer[product])


def catalogue(ground: Ground) -> Catalogue:
    """Return the products of a bank."""
    told, chance = ground.profile.lives.suitability, Chance(ground.seed, 0, "catalogue")
    n = max(told.products.value, FEWEST)
    rating = 1 + chance.pick(list(told.ratings.shares.values()), n)
    rating[:FEWEST] = (1, 2, 3, 4, 5, 3, 2, 5)
    step = np.where(chance.happens(0.5, n), 1, -1)
    issuer = np.where(chance.happens(told.issuer_differs.value, n), rating + step, rating)
    former = np.where(chance.happens(told.rerated.value, n), rating - step, 0)
    issuer[:FEWEST], former[:FEWEST] = rating[:FEWEST], 0
    issuer[ISSUER_HIGHER], former[RATED_UP] = 4, 2
    issuer, former = np.clip(issuer, 1, 5), np.where(former, np.clip(former, 1, 5), 0)
    former = np.where(former == rating, 0, former)
    issuer = np.where(former > 0, np.minimum(issuer, np.minimum(rating, former)), issuer)
    today = days.of_date(ground.as_of)
    professional = (rating == 5) & chance.happens(0.5, n)
    professional[:FEWEST] = np.arange(FEWEST) == PROFESSIONAL
    return Catalogue(
        rating=rating.astype(np.int8),
        former=former.astype(np.int8),
        issuer=issuer.astype(np.int8),
        rated=(today - chance.whole(np.where(former > 0, 60, 400), np.where(former > 0, 300, 1500))).astype(np.int32),
        family=np.where(professional, 5, rating - 1).astype(np.int8),
        professional=professional,
    )


def numbers(n: int) -> tuple[str, ...]:
    """Return the numbers of the first n products."""
    return tuple(f"PR{nth:04d}" for nth in range(1, n + 1))


def table(ground: Ground, found: Catalogue, language: str) -> pa.Table:
    """Return the catalogue as the bank keeps it."""
    n = len(found.rating)
    minimum: Cents = MINIMUM[found.family] * 100
    return table_of(
        InvestmentProduct,
        {
            "number": pa.array(numbers(n)),
            "name": pa.array(_names(found, language)),
            "family": words(found.family, FAMILIES),
            "rating": words(found.rating, RATINGS),
            "issuer_rating": words(found.issuer, RATINGS),
            "rated_on": found.rated,
            "former_rating": words(np.where(found.former > 0, found.former, -1), RATINGS),
            "professionals_only": found.professional,
            "currency": same(ground.profile.home_currency, n),
            "minimum": minimum,
        },
    )


def _names(found: Catalogue, language: str) -> list[str]:
    spoken = _vocabulary()[language]
    pool = spoken["words"]
    return [
        str(spoken[FAMILIES[family]]).format(word=pool[nth % len(pool)], nth=nth // len(pool) + 1)
        for nth, family in enumerate(found.family.tolist())
    ]


@cache
def _vocabulary() -> dict[str, dict[str, str | list[str]]]:
    text = resources.files("synthetic_data").joinpath("vocabulary", "products.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
