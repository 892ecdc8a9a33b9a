"""Consensus: how far the members agree, who stands apart, and whose voice turns the choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np

from scorecards.committee.opinions import Opinions, gathered, pivotal
from scorecards.committee.selection import Round
from scorecards.criterion import dimension_of
from scorecards.methods.agreement import intraclass, kendall_w
from scorecards.methods.tables import TableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Consensus:
    """Figures of a revealed round; None where the data do not allow a figure, which is never agreement.

    ``alpha`` is Krippendorff's (ordinal), ``w`` Kendall's over the members' rankings of the vendors and ``p`` how
    likely one as large is by chance, of those members who scored something of every vendor; ``icc`` and ``icc_mean``
    are ICC(2,1) and ICC(2,k) over the cells that nobody abstained from.
    """

    opinions: Opinions
    alpha: float | None
    w: float | None
    p: float | None
    icc: float | None
    icc_mean: float | None
    leaders: tuple[str, ...]
    pivotal: tuple[str, ...]


def consensus(found: Round, weights: Mapping[str, Mapping[str, float]] | None = None) -> Consensus:
    """Return how far the members of a revealed round agree; raises TableError before it is revealed.

    ``weights`` (member -> dimension -> weight) count where every member opened theirs; else all cells count alike.
    """
    if not found.revealed:
        raise TableError(f"round {found.number}: it is not revealed yet; nobody is shown anybody's points")
    opinions = gathered(tuple(found.opened.values()))
    w, p = _ranked(opinions, weights or {})
    first = leading(opinions, weights or {})
    others = {
        member: ", ".join(leading(opinions, weights or {}, without=member)) for member in opinions.members
    } if len(opinions.members) > 1 else {}  # fmt: skip
    return Consensus(
        opinions=opinions, alpha=_number(opinions.alpha), w=w, p=p, icc=_icc(opinions, "ICC(2,1)"),
        icc_mean=_icc(opinions, "ICC(2,k)"), leaders=first, pivotal=pivotal(others, ", ".join(first)),
    )  # fmt: skip


def together(weights: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return the members' weights as one set: their geometric mean, summing to 1 (Aczel and Saaty 1983).

    A dimension to which somebody gives nothing gets nothing, as the geometric mean has it.
    """
    if not weights:
        raise TableError("weights: nobody has opened theirs; open them first")
    codes = sorted({code for own in weights.values() for code in own})
    shares = [_shares(own, codes) for own in weights.values()]
    means = [
        exp(sum(log(own[at]) for own in shares) / len(shares)) if all(own[at] > 0 for own in shares) else 0.0
        for at in range(len(codes))
    ]
    if not sum(means) > 0:
        raise TableError("weights: no dimension has a weight from every member; talk about them and seal anew")
    return {code: mean / sum(means) for code, mean in zip(codes, means, strict=True)}


def apart(weights: Mapping[str, Mapping[str, float]]) -> float:
    """Return the largest distance between two members' weights (total variation, 0 alike to 1 wholly different)."""
    codes = sorted({code for own in weights.values() for code in own})
    rows = [_shares(own, codes) for own in weights.values()]
    return max((0.5 * sum(map(_gap, one, two)) for one in rows for two in rows), default=0.0)


def totals(opinions: Opinions, weights: Mapping[str, Mapping[str, float]], *, without: str = "") -> dict[str, float]:
    """Return each vendor's mean of medians (0 to 5), by dimension weights where they are; without a member if asked."""
    heard = {member: own for member, own in weights.items() if member != without}
    shares = together(heard) if heard else {}
    found: dict[str, list[tuple[float, float]]] = {}
    for name, cell in opinions.cells.items():
        values = [value for member, value in cell.values.items() if value is not None and member != without]
        vendor, _, criterion = name.rpartition("/")
        own = found.setdefault(vendor, [])
        if values:
            own.append((float(np.median(values)), shares.get(dimension_of(criterion), 0.0) if shares else 1.0))
    return {vendor: _mean(pairs) for vendor, pairs in found.items()}


def leading(
    opinions: Opinions, weights: Mapping[str, Mapping[str, float]], *, without: str = ""
) -> tuple[str, ...]:  # fmt: skip
    """Return who has the most points, all of them where several have; nobody where nothing is known."""
    known = {name: value for name, value in totals(opinions, weights, without=without).items() if value == value}
    most = max(known.values(), default=float("nan"))
    return tuple(sorted(name for name, value in known.items() if value > most - 1e-9))


def _ranked(opinions: Opinions, weights: Mapping[str, Mapping[str, float]]) -> tuple[float | None, float | None]:
    rows = []
    for member in opinions.members:
        own = {member: weights[member]} if member in weights else {}
        alone = Opinions(
            round=opinions.round, members=(member,),
            cells={name: type(cell)(cell=name, values={member: cell.values.get(member)})
                   for name, cell in opinions.cells.items()},
        )  # fmt: skip
        rows.append(list(totals(alone, own).values()))
    table = np.array([row for row in rows if not np.isnan(row).any()], dtype=np.float64)
    if table.ndim != 2 or min(table.shape) < 2:
        return None, None
    found = kendall_w(table, are_ranks=False)
    return _number(found.w), found.p if found.w == found.w else None


def _icc(opinions: Opinions, form: str) -> float | None:
    table = opinions.matrix().T
    if table.ndim != 2:
        return None
    table = table[~np.isnan(table).any(axis=1)]
    if min(table.shape) < 2:
        return None
    return _number(intraclass(table, form=form))


def _shares(own: Mapping[str, float], codes: Sequence[str]) -> list[float]:
    whole = sum(own.values())
    return [own.get(code, 0.0) / whole for code in codes]


def _mean(pairs: Sequence[tuple[float, float]]) -> float:
    whole = sum(weight for _, weight in pairs)
    return sum(points * weight for points, weight in pairs) / whole if whole > 0 else float("nan")


def _number(value: float) -> float | None:
    return float(value) if value == value else None


def _gap(one: float, two: float) -> float:
    return abs(one - two)
