"""Scoring: rating and scorecard of every criterion for ten targets, with evidence for every check named."""

from typing import Any

from scenarios.evidence import Outcome
from scorecards.criterion import catalogue
from scorecards.rating import rate_all
from scorecards.scorecard import Scorecard, score
from scorecards.weighting import load_weighting
from tests.scorecards.evidence import piece

TARGETS = tuple(f"target {number}" for number in range(10))


def test_rating_and_scorecard_of_138_criteria_and_10_targets(benchmark: Any) -> None:
    rows, weighting, outcomes = catalogue(), load_weighting("seed-default"), list(Outcome)
    lines = [
        piece(name, outcomes[place % len(outcomes)], criterion=one.id, target=target, p99_upper_ms=120.0)
        for target in TARGETS
        for one in rows.of_targets
        for place, name in enumerate(sorted(one.checks))
    ]

    def rated_and_scored() -> Scorecard:
        return score(rate_all(lines, rows), weighting, rows)

    card = benchmark(rated_and_scored)
    benchmark.extra_info["pieces of evidence"] = len(lines)
    assert len(card.standings) == len(TARGETS)
