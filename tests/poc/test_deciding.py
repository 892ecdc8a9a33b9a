"""A decision says who leads, how surely and what would turn it; the same table answers for every weighting."""

from dataclasses import replace

import numpy as np
import pytest

from poc.assessment import Assessment, opened
from poc.deciding import at_once, board, decided, facts, nearest_flip, worth_knowing
from poc.decision_view import Spoken
from poc.report import View
from poc.words import LANGUAGES, words
from scorecards.deciding.contest import contest
from scorecards.robustness.cells import exactly
from tests.poc.pages.sample import write_sample


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return opened(write_sample(tmp_path_factory.mktemp("runs")))


def test_the_same_seed_gives_the_same_figures(seen: Assessment) -> None:
    assert facts(decided(seen, draws=500)) == facts(decided(seen, draws=500))
    assert facts(decided(seen, draws=500)) != facts(decided(seen, draws=500, seed=2))


def test_a_table_that_was_weighed_anew_equals_one_made_for_the_weights(seen: Assessment) -> None:
    moved = seen.weighed(seen.weighting.moved({**seen.weighting.dimensions, "UX": 0.5}))
    anew = contest([piece for one in moved.subjects for piece in one.evidence], moved.weighting, moved.catalogue)
    told = facts(decided(moved, draws=500, table=board(seen)))
    assert told["weights"] == pytest.approx(dict(zip(anew.dimensions, anew.outer, strict=True)))


def test_a_dimension_may_weigh_nothing(seen: Assessment) -> None:
    moved = seen.weighed(seen.weighting.moved({**seen.weighting.dimensions, "SEC": 0.0}))
    told = facts(decided(moved, draws=500))
    assert told["weights"]["SEC"] == 0.0  # type: ignore[index]


def test_shares_of_ranks_sum_to_one_and_bounds_are_in_order(seen: Assessment) -> None:
    told = facts(decided(seen, draws=500))
    for one in told["targets"].values():  # type: ignore[attr-defined]
        # whoever a gate rules out takes no rank
        assert sum(one["ranks"]) == pytest.approx(0.0 if one["eligible"] == "no" else 1.0)
        assert one["low"] <= one["middle"] <= one["high"]


def test_too_few_draws_are_refused_in_one_line(seen: Assessment) -> None:
    with pytest.raises(ValueError, match="draws = 3"):
        decided(seen, draws=3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_decision_can_be_told_in_every_language(seen: Assessment, language: str) -> None:
    spoken = Spoken(view=View(assessment=seen, say=words(language)), decision=decided(seen, draws=500))
    told = [spoken.headline(), *spoken.reasons(), spoken.tie(), spoken.flip(), spoken.methods(), spoken.drawn()]
    assert all(told)
    sentence, rows = spoken.measure()
    assert sentence
    assert len(rows) <= 5


def test_what_is_named_as_the_smallest_change_does_turn_the_choice(seen: Assessment) -> None:
    decision = decided(seen, draws=500)
    found = nearest_flip(decision)
    if found is None:
        assert facts(decision)["smallest_flip"] is None
    else:
        code, one = found
        assert one.flips_at is not None
        assert all(one.room <= other.room for other in decision.intervals.values())
        assert facts(decision)["smallest_flip"]["dimension"] == code  # type: ignore[index]


def test_what_is_worth_nothing_on_its_own_is_not_said_to_be_worth_measuring(seen: Assessment) -> None:
    assert all(one.points >= 0.001 for one in worth_knowing(decided(seen, draws=500)))


def test_a_very_large_table_is_answered_with_fewer_draws(seen: Assessment) -> None:
    table = board(seen)
    assert at_once(table) == 5_000
    wide = exactly(np.zeros((200, 500)))
    assert at_once(replace(table, expected=wide)) == 500
