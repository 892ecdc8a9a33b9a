"""Stability: a new bidder moves nobody, to the last bit."""

import random

from scenarios.evidence import Outcome
from scorecards.criterion import Catalogue
from scorecards.rating import rate_all
from scorecards.scorecard import score
from scorecards.stability import leave_one_out
from scorecards.weighting import load_weighting
from tests.scorecards.evidence import piece


def test_a_new_bidder_moves_nobody(rows: Catalogue) -> None:
    draw = random.Random("leave one out")
    lines = [
        piece(name, draw.choice(list(Outcome)), criterion=one.id, target=target, measure=draw.random())
        for target in ("alder", "birch", "cedar", "fir")
        for one in rows.of_targets
        for name in sorted(one.checks)
    ]
    for name in ("seed-default", "rank-order"):
        assert leave_one_out(lines, load_weighting(name), rows) == dict.fromkeys(("alder", "birch", "cedar", "fir"), ())


def test_a_copy_of_a_target_earns_exactly_what_it_earns(rows: Catalogue) -> None:
    """Belton and Gear 1983, Omega 11(3), 228-230: the copy that turns a ranking made of pairs moves nothing here."""
    lines = [
        piece(name, outcome, criterion="SEC-02", target=target)
        for target in ("alder", "alder again")
        for name, outcome in (("certificate_is_valid", Outcome.PASSED), ("hsts_is_long_enough", Outcome.FAILED))
    ]
    first, again = score(rate_all(lines, rows), load_weighting("seed-default"), rows).standings
    assert (first.overall, first.gates) == (again.overall, again.gates)


def test_the_order_of_lines_changes_no_bit(rows: Catalogue) -> None:
    draw = random.Random("order")
    lines = [
        piece(name, draw.choice(list(Outcome)), criterion=one.id) for one in rows.of_targets for name in one.checks
    ]
    mixed = draw.sample(lines, len(lines))
    weighting = load_weighting("seed-core")
    assert score(rate_all(lines, rows), weighting, rows) == score(rate_all(mixed, rows), weighting, rows)
