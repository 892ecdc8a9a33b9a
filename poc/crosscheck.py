"""Cross-check: what other methods say of a decision table, and how a public buyer's formula would put its offers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from scorecards.deciding.contest import Contest
from scorecards.methods.outranking import Credibility, credibility, preference
from scorecards.methods.pairwise import Consistency, consistency, matrix, priorities
from scorecards.methods.procurement import Bid, Paradox, lowest_price_first, paradoxes, price_points
from scorecards.methods.tables import Floats
from scorecards.methods.topsis import topsis
from scorecards.methods.voting import Profile, borda, condorcet, copeland, cycles, schulze
from scorecards.weighting import Weighting

Bought: TypeAlias = Literal["goods", "services"]

#: A ballot of a dimension is cast as often as its weight in thousandths.
BALLOTS = 1_000
#: Dimensions that stand for price: what is scored as quality leaves them out.
PRICE = ("ROI",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """The dimensions as voters: each ranks the vendors by its own points and has as many votes as weight."""

    borda: Mapping[str, float]
    copeland: Mapping[str, float]
    schulze: tuple[tuple[str, ...], ...]
    winner: str | None
    cycles: tuple[tuple[str, ...], ...]


def votes(table: Contest) -> Votes:
    """Return what the dimensions' rankings elect, a tie on a ballot where points are equal."""
    means = table.by_dimension(table.expected)
    ballots = [
        (_ballot(table.vendors, means[:, place]), round(BALLOTS * float(share)))
        for place, share in enumerate(table.outer)
    ]
    profile = Profile(candidates=table.vendors, ballots=tuple((order, many) for order, many in ballots if many))
    return Votes(
        borda={name: points / BALLOTS for name, points in borda(profile).items()}, copeland=copeland(profile),
        schulze=schulze(profile), winner=condorcet(profile), cycles=cycles(profile),
    )  # fmt: skip


def _ballot(names: Sequence[str], points: Floats) -> tuple[tuple[str, ...], ...]:
    levels = np.round(points, 9)
    return tuple(
        tuple(name for name, level in zip(names, levels, strict=True) if level == one)
        for one in sorted(set(levels.tolist()), reverse=True)
    )


def outranked(table: Contest) -> Credibility:
    """Return how credible it is that each vendor is at least as good as each other over the dimensions, and vetoes."""
    return credibility(table.by_dimension(table.expected), table.outer)


def without_each(table: Contest, method: Literal["promethee", "topsis"]) -> Mapping[str, tuple[str, str]]:
    """Return by vendor left out whom a relative method puts first among the others: with all there, and without it.

    The two differ where a vendor that need not win decides who does. TOPSIS takes its ideals from the table here.
    """
    found: dict[str, tuple[str, str]] = {}
    if len(table.vendors) < 3:
        return found
    points = _promethee(table) if method == "promethee" else _topsis(table)
    whole = points(list(range(len(table.vendors))))
    for out, name in enumerate(table.vendors):
        rest = [row for row in range(len(table.vendors)) if row != out]
        before, after = max(rest, key=lambda row: whole[row]), rest[int(points(rest).argmax())]
        found[name] = (table.vendors[before], table.vendors[after])
    return found


def _promethee(table: Contest) -> Callable[[Sequence[int]], Floats]:
    """Return what gives the net flows among some vendors; all pairs are compared once."""
    preferred = preference(table.expected.mean, table.weights)
    ahead = preferred - preferred.T
    return lambda rows: np.asarray(ahead[np.ix_(rows, rows)].sum(axis=1))


def _topsis(table: Contest) -> Callable[[Sequence[int]], Floats]:
    return lambda rows: topsis(table.expected.mean[list(rows)], table.weights)


def quality(table: Contest) -> Mapping[str, float]:
    """Return quality points from 0 to 100 of every vendor no gate rules out: its total without what is price."""
    kept = np.where(np.isin(table.dimensions, PRICE), 0.0, table.outer)
    points = table.by_dimension(table.expected) @ kept / (kept.sum() or 1.0) * 20
    running = [row for row, state in enumerate(table.eligible) if state != "no"]
    return {table.vendors[row]: float(points[row]) for row in running}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """Offers by the legal formula and by anchors fixed before bids, both 0 to 100; who turns whom around by bidding."""

    legal: Mapping[str, float]
    anchored: Mapping[str, float]
    paradoxes: tuple[Paradox, ...]


def offered(
    qualities: Mapping[str, float],
    prices: Mapping[str, float],
    *,
    price_share: float,
    bought: Bought,
    target: float,
    most: float,
) -> Offered:
    """Weigh quality (0 to 100) against price both ways; raises TableError for what article 55 does not allow."""
    bids = [Bid(name=name, price=prices[name], quality=points) for name, points in qualities.items()]
    fixed = {bid.name: 20 * price_points(bid.price, target=target, most=most) for bid in bids}
    return Offered(
        legal=lowest_price_first(bids, price_share=price_share, bought=bought),
        anchored={bid.name: bid.quality * (1 - price_share) + fixed[bid.name] * price_share for bid in bids},
        paradoxes=paradoxes(bids, price_share=price_share, bought=bought),
    )


def leaders(table: Contest, weightings: Iterable[Weighting]) -> Mapping[str, tuple[str, ...]]:
    """Return who comes first under each weighting, by its name, among those no gate rules out; ties together."""
    means = table.by_dimension(table.expected)
    running = [row for row, state in enumerate(table.eligible) if state != "no"]
    found: dict[str, tuple[str, ...]] = {}
    for one in weightings:
        total = means @ np.array([one.dimensions[code] for code in table.dimensions])
        best = max((total[row] for row in running), default=0.0)
        found[one.name] = tuple(table.vendors[row] for row in running if total[row] >= best - table.tie_band)
    return found


def compared(names: Sequence[str], times: Mapping[tuple[str, str], float]) -> tuple[Mapping[str, float], Consistency]:
    """Return weights of comparisons "the first matters so many times the second", and how consistent they are."""
    judged = matrix(names, times)
    return dict(zip(names, priorities(judged).tolist(), strict=True)), consistency(judged)
