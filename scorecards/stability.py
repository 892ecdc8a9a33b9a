"""leave_one_out(): the proof that nobody's figures depend on who else bids."""

from collections.abc import Iterable, Mapping

from scenarios.evidence import Evidence
from scorecards.criterion import Catalogue
from scorecards.rating import rate_all
from scorecards.scorecard import Standing, score
from scorecards.weighting import Weighting


def leave_one_out(
    evidence: Iterable[Evidence], weighting: Weighting, catalogue: Catalogue
) -> Mapping[str, tuple[str, ...]]:
    """By the target that is left out: the others whose standing changes by as much as one bit. All must be empty.

    Relative price formulas and pairwise methods cannot keep this promise: Belton and Gear 1983, Omega 11(3), 228-230.
    """
    lines = tuple(evidence)
    whole = _standings(lines, weighting, catalogue)
    return {
        left_out: tuple(
            name
            for name, standing in _standings(
                (piece for piece in lines if piece.target != left_out), weighting, catalogue
            ).items()
            if standing != whole[name]
        )
        for left_out in whole
    }


def _standings(evidence: Iterable[Evidence], weighting: Weighting, catalogue: Catalogue) -> Mapping[str, Standing]:
    card = score(rate_all(evidence, catalogue), weighting, catalogue)
    return {one.target: one for one in card.standings}
