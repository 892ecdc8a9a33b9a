"""The room above the peak is judged by the rate that was confirmed; where the generator ended nobody is blamed."""

import pytest

from loadtests.arithmetic.search import Found
from loadtests.headroom import PROMISE, SCOPE, headroom
from loadtests.objectives import objective
from scenarios.evidence import Outcome


def judged(low, high, ended=""):
    found = None if low is None else Found(low=low, high=high, confirmed=True, trials=())
    (one,) = headroom(found, objective(SCOPE, PROMISE), 100.0, ended)
    return one


@pytest.mark.parametrize(
    ("low", "high", "outcome"),
    [(310, 320, Outcome.PASSED), (290, 310, Outcome.FAILED), (40, 50, Outcome.FAILED), (520, None, Outcome.PASSED)],
)
def test_three_times_the_peak_is_asked_for(low, high, outcome):
    seen = judged(low, high)
    assert seen.outcome is outcome
    assert seen.measures == {"knee_per_peak": low / 100}


def test_what_the_generator_could_not_ask_for_counts_against_nobody():
    seen = judged(400, None)
    assert seen.outcome is Outcome.UNSCORED
    assert seen.measures == {}
    assert "up to 400/s" in seen.note


def test_a_search_that_broke_off_is_ours():
    seen = judged(None, None, "at 80/s the machine was saturated")
    assert seen.outcome is Outcome.BLOCKED
    assert seen.note == "at 80/s the machine was saturated"


def test_a_search_that_was_blind_beyond_says_why():
    found = Found(low=400, high=None, confirmed=True, trials=(), ended="at 800/s the machine was saturated")
    (one,) = headroom(found, objective(SCOPE, PROMISE), 100.0)
    assert one.outcome is Outcome.UNSCORED
    assert one.note == "nothing broke the promise up to 400/s; at 800/s the machine was saturated"
