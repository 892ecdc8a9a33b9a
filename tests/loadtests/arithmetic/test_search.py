"""The search finds what a queue carries whose truth is known, and says what was tried."""

import heapq
import math

import numpy as np
import pytest

from loadtests.arithmetic.search import BeyondError, Block, Length, SearchError, enough, search

SLOTS, MEAN, LIMIT, ALLOWED = 8, 0.01016, 0.080, 0.01


def slow_share(rate: float) -> float:
    """P(sojourn > LIMIT) of M/M/c, by Erlang's C (Gross & Harris, Fundamentals of Queueing Theory, 2.3)."""
    mu, a = 1 / MEAN, rate * MEAN
    terms = [a**k / math.factorial(k) for k in range(SLOTS)]
    last = a**SLOTS / math.factorial(SLOTS) * SLOTS / (SLOTS - a)
    wait = last / (sum(terms) + last)
    drain = SLOTS * mu - rate
    alone, queued = math.exp(-mu * LIMIT), mu / (mu - drain) * (math.exp(-drain * LIMIT) - math.exp(-mu * LIMIT))
    return (1 - wait) * alone + wait * (alone + queued)


def truth() -> float:
    low, high = 1.0, SLOTS / MEAN - 1e-6
    while high - low > 0.01:
        middle = (low + high) / 2
        low, high = (middle, high) if slow_share(middle) <= ALLOWED else (low, middle)
    return low


def queue(rate: float, length: Length, seed: int) -> list[Block]:
    """Try a rate on a simulated queue that begins empty; the trial ends when it is decided."""
    chance = np.random.default_rng([seed, round(rate * 1000)])
    seconds = length.settle + length.block * length.most
    due = np.cumsum(chance.exponential(1 / rate, int(rate * seconds * 1.2) + 50))
    due = due[due < seconds]
    free, slow = [0.0] * SLOTS, np.zeros(len(due), dtype=bool)
    for place, (moment, service) in enumerate(
        zip(due.tolist(), chance.exponential(MEAN, len(due)).tolist(), strict=True)
    ):
        done = max(moment, free[0]) + service
        heapq.heapreplace(free, done)
        slow[place] = done - moment > LIMIT
    blocks: list[Block] = []
    number = ((due - length.settle) // length.block).astype(int)
    for block in range(length.most):
        inside = number == block
        blocks.append(Block(int(inside.sum()), int(slow[inside].sum())))
        if enough(blocks, length, ALLOWED):
            break
    return blocks


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_confirmed_rate_lies_within_minus_6_and_plus_1_percent_of_the_truth(seed: int) -> None:
    found = search(queue, 100, ALLOWED, most=5000, seed=seed)
    assert found.confirmed
    assert -0.06 <= found.low / truth() - 1 <= 0.01
    assert found.high is not None
    assert found.low < found.high
    assert [trial.purpose for trial in found.trials][-1] == "confirm"


def test_the_truth_of_the_queue_is_what_was_measured_on_a_real_one() -> None:
    assert truth() == pytest.approx(718, abs=4)


def always(bad: int):  # type: ignore[no-untyped-def]
    return lambda rate, length, seed: [Block(1000, bad)] * length.least


def test_a_target_that_is_never_at_its_end_is_pressed_no_harder_than_allowed() -> None:
    found = search(always(0), 100, ALLOWED, most=700)
    assert (found.low, found.high) == (700, None)


def test_a_target_that_never_holds_is_told() -> None:
    with pytest.raises(SearchError, match="not even"):
        search(always(500), 100, ALLOWED, most=700)


def test_no_answer_at_all_is_no_rate() -> None:
    with pytest.raises(SearchError):
        search(lambda rate, length, seed: [], 100, ALLOWED, most=700)


def test_a_target_that_holds_briefly_only_is_confirmed_at_less() -> None:
    def tired(rate: float, length: Length, seed: int) -> list[Block]:
        return [Block(1000, 50 if length.block == 4 and rate > 300 else 0)] * length.least

    assert 285 < search(tired, 100, ALLOWED, most=400).low <= 300


def test_a_trial_ends_when_it_is_decided() -> None:
    length = Length(0, 1, 3, 9)
    assert not enough([Block(1000, 0)] * 2, length, ALLOWED)
    assert enough([Block(1000, 0)] * 3, length, ALLOWED)
    assert not enough([Block(1000, 9)] * 8, length, ALLOWED)
    assert enough([Block(1000, 9)] * 9, length, ALLOWED)


def blind_from(most: float):
    """Try the queue at a rate, where the generator's machine is at its end from some rate on."""

    def attempt(rate: float, length: Length, seed: int) -> list[Block]:
        if rate >= most:
            raise BeyondError(f"at {rate:.0f}/s the machine was saturated")
        return [Block(1000, 0 if slow_share(rate) <= ALLOWED else 200)] * length.most

    return attempt


def test_a_search_that_is_blind_above_a_rate_ends_with_what_it_could_confirm_below() -> None:
    found = search(blind_from(500), 100, ALLOWED, most=5000)
    assert 450 < found.low < 500
    assert found.high is None
    assert "the machine was saturated" in found.ended
    assert found.trials[-1].purpose == "confirm"


def test_a_search_that_sees_the_target_break_below_its_blindness_says_nothing_of_it() -> None:
    found = search(blind_from(780), 100, ALLOWED, most=5000)
    assert found.high is not None
    assert found.high < 780
    assert found.ended == ""


def test_a_search_that_is_blind_at_every_rate_says_what_was_at_its_end() -> None:
    with pytest.raises(BeyondError, match="the machine was saturated"):
        search(blind_from(0), 100, ALLOWED, most=5000)


def test_a_target_that_breaks_at_every_rate_is_told_with_what_to_do_next() -> None:
    with pytest.raises(SearchError, match="press that rate with touchstone load run"):
        search(lambda rate, length, seed: [Block(100, 50)] * length.most, 100, ALLOWED, most=5000)


def test_a_confirmation_is_refused_as_soon_as_that_is_sure_and_accepted_only_at_its_end() -> None:
    long = Length(8, 4, 15, 15)
    assert enough([Block(1000, 60)] * 5, long, ALLOWED)
    assert not enough([Block(1000, 60)] * 4, long, ALLOWED)
    assert not enough([Block(1000, 0)] * 14, long, ALLOWED)
    assert enough([Block(1000, 0)] * 15, long, ALLOWED)
