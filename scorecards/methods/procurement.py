"""Procurement: comprehensive scoring as public buyers must do it, and the proof that its price formula is relative.

Ministry of Finance order 87 (2017), article 55: price points are lowest valid price / price x weight, price counts at
least 30 % for goods and 10 % for services, and what qualifies a bidder may not be scored. A bank that is no public
buyer need not use it; Touchstone's own price points stand on anchors that are fixed before bids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import inf
from typing import Literal

from scorecards.methods.tables import TableError
from scorecards.methods.value import TOP

#: Least share of price by what is bought (order 87, article 55).
LEAST_PRICE_SHARE = {"goods": 0.30, "services": 0.10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """A valid bid: its price and its quality points, 0 to 100 over everything but price."""

    name: str
    price: float
    quality: float


def lowest_price_first(
    bids: Sequence[Bid], *, price_share: float, bought: Literal["goods", "services"] = "goods"
) -> dict[str, float]:
    """Return points from 0 to 100 by bid: quality x (1 - share) + 100 x share x lowest / price.

    Raises TableError for a price or quality off its scale, and for a share below the legal least.
    """
    if bought not in LEAST_PRICE_SHARE:
        raise TableError(f"bought: {bought!r} is none; use one of {', '.join(LEAST_PRICE_SHARE)}")
    least = LEAST_PRICE_SHARE[bought]
    if not least <= price_share <= 1:
        raise TableError(f"price_share: {price_share} is outside {least}..1 for {bought}; order 87, article 55")
    for bid in _checked(bids):
        if not 0 <= bid.quality <= 100:
            raise TableError(f"bid {bid.name}: quality {bid.quality} is outside 0..100")
    lowest = min(bid.price for bid in bids)
    return {bid.name: bid.quality * (1 - price_share) + 100 * price_share * lowest / bid.price for bid in bids}


def _checked(bids: Sequence[Bid]) -> Sequence[Bid]:
    if not bids or len({bid.name for bid in bids}) < len(bids):
        raise TableError("bids: give at least one, each with a name of its own")
    for bid in bids:
        if not 0 < bid.price < inf:
            raise TableError(f"bid {bid.name}: price {bid.price} is not positive; an offer for nothing is not valid")
    return bids


@dataclass(frozen=True, slots=True, kw_only=True)
class Paradox:
    """A bid whose mere presence turns two others around: it need not win to decide who does."""

    present: str
    ahead_without: str
    ahead_with: str


def paradoxes(
    bids: Sequence[Bid], *, price_share: float, bought: Literal["goods", "services"] = "goods"
) -> tuple[Paradox, ...]:
    """Return every bid whose leaving turns two others around; empty when the relative formula happens to do no harm."""
    whole = lowest_price_first(bids, price_share=price_share, bought=bought)
    found = []
    for out in bids:
        rest = lowest_price_first(
            [bid for bid in bids if bid is not out] or [out], price_share=price_share, bought=bought
        )
        for first, second in combinations([name for name in rest if name != out.name], 2):
            if (whole[first] - whole[second]) * (rest[first] - rest[second]) < 0:
                ahead = (first, second) if rest[first] > rest[second] else (second, first)
                found.append(Paradox(present=out.name, ahead_without=ahead[0], ahead_with=ahead[1]))
    return tuple(found)


def price_points(price: float, *, target: float, most: float) -> float:
    """Return 0 to 5 points for a price between anchors that were fixed before bids: 5 at target or less, 0 at most."""
    if not 0 <= price < inf:
        raise TableError(f"price: {price} is no price; give a finite amount of 0 or more")
    if not 0 <= target < most < inf:
        raise TableError(f"anchors: target {target} and most {most} do not fit; give 0 <= target < most")
    return TOP * min(1.0, max(0.0, (most - price) / (most - target)))


def quality_to_money(price: float, points: Mapping[str, float], worth: Mapping[str, float]) -> float:
    """Return the price less what the bank pays for each point on each criterion: the least is the best offer.

    Raises TableError for points on a criterion of which no worth was fixed.
    """
    if missing := sorted(points.keys() - worth.keys()):
        raise TableError(f"worth: criterion {missing[0]!r} has none; fix what a point is worth before bids")
    return price - sum(points[name] * worth[name] for name in points)
