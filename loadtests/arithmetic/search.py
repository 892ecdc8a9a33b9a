"""Search: the highest rate that still keeps a promise, bracketed, narrowed and confirmed, by any means to try a rate.

Near saturation a queue takes many seconds to fill, so a short trial that begins with an empty one looks good; without
the long confirmation at the end the answer is some percent too high.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from scipy.special import stdtrit

#: Two rates this close need no trial between them.
CLOSE = 1.05
#: Two rates farther apart than this are told apart by short trials: a wrong one is seen by the longer ones after it.
FAR = 1.2
#: By how much a rate is lowered that the confirmation refuses.
BACK = 1.03
#: By how much it is lowered where something else was at its end.
FURTHER = 1.15
#: Blocks after which a trial may be refused, however many it takes to be accepted.
REFUSED_FROM = 5
#: Trials after which a search gives up.
MOST_TRIALS = 40


class SearchError(Exception):
    """No rate was found; the text says what was tried."""


class BeyondError(Exception):
    """A trial that says nothing of the target: something else was at its end first; the text says what."""


class Length(NamedTuple):
    """How a rate is tried: seconds that do not count, seconds of a block, and how many blocks (least, most)."""

    settle: float
    block: float
    least: int
    most: int


BRACKET = Length(2, 1, 4, 8)
NARROW = Length(5, 2, 5, 15)
CONFIRM = Length(8, 4, 15, 15)


class Block(NamedTuple):
    """Requests that were due in a block, and those that broke the promise; who never finished broke it."""

    requests: int
    bad: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What trying one rate showed; ``sure`` says whether the interval lies on one side of what is allowed."""

    rate: float
    purpose: Literal["bracket", "narrow", "confirm"]
    blocks: tuple[Block, ...]
    share: float
    half: float
    good: bool
    sure: bool


#: Tries a rate for a length of time with a seed, and returns its blocks as they end; the taker may stop early.
Try = Callable[[float, Length, int], "Sequence[Block]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer: ``low`` was confirmed, ``high`` broke the promise (None: nothing did); all trials in their order.

    ``ended`` says what was at its end before the target, so that nobody knows what it carries beyond.
    """

    low: float
    high: float | None
    confirmed: bool
    trials: tuple[Trial, ...]
    ended: str = ""


def search(attempt: Try, start: float, allowed: float, *, most: float, seed: int = 0) -> Found:
    """Return the highest rate at which at most a share ``allowed`` of the requests breaks the promise.

    ``attempt`` tries a rate, ``start`` is the first, ``most`` one that is not exceeded (what the generator can do).
    Where it raises BeyondError a lower rate is tried. Raises SearchError when not even a hundredth of the first rate
    holds, and BeyondError when something else was at its end at that rate, too.
    """
    trials: list[Trial] = []
    unseen: dict[float, str] = {}

    def holds(rate: float, purpose: Literal["bracket", "narrow", "confirm"], length: Length) -> bool:
        if len(trials) + len(unseen) >= MOST_TRIALS:
            raise SearchError(
                f"no rate was found in {MOST_TRIALS} trials: the target does not answer evenly enough. Promise less, "
                "such as a higher limit or a lower quantile, or look at one rate over time with touchstone load run"
            )
        try:
            trial = judged(rate, purpose, attempt(rate, length, seed + len(trials)), allowed)
        except BeyondError as fault:
            unseen[rate] = str(fault)
            return False
        trials.append(trial)
        return trial.good

    def too_low(rate: float) -> Exception:
        if unseen and not trials:
            return BeyondError(unseen[min(unseen)])
        return SearchError(
            f"not even {rate:.3g}/s keeps the promise: press that rate with touchstone load run, which shows where the "
            "time goes, or search for a lower promise"
        )

    low, high = _bracket(lambda rate: holds(rate, "bracket", BRACKET), start, most, too_low)
    while high is not None and high / low > CLOSE:
        middle = math.sqrt(low * high)
        length = BRACKET if high / low > FAR else NARROW
        low, high = (middle, high) if holds(middle, "narrow", length) else (low, middle)
    while not holds(low, "confirm", CONFIRM):
        low, high = low / (FURTHER if low in unseen else BACK), low
        if low < start / 100:
            raise too_low(low)
    ended = unseen.get(high, "") if high is not None else ""
    return Found(low=low, high=None if ended else high, confirmed=True, trials=tuple(trials), ended=ended)


def _bracket(
    holds: Callable[[float], bool], start: float, most: float, too_low: Callable[[float], Exception]
) -> tuple[float, float | None]:
    rate = min(start, most)
    if holds(rate):
        while rate < most:
            further = min(2 * rate, most)
            if not holds(further):
                return rate, further
            rate = further
        return rate, None
    while rate > start / 100:
        if holds(rate / 2):
            return rate / 2, rate
        rate /= 2
    raise too_low(rate)


def judged(
    rate: float, purpose: Literal["bracket", "narrow", "confirm"], blocks: Sequence[Block], allowed: float
) -> Trial:
    """Judge the blocks of a trial: the mean of their shares, give or take half its interval at 95 %.

    The half is Student's t times the standard error over blocks, or that of independent requests if this is larger.
    """
    requests = sum(block.requests for block in blocks)
    if not requests:
        return Trial(rate=rate, purpose=purpose, blocks=tuple(blocks), share=1.0, half=0.0, good=False, sure=True)
    shares = np.array([block.bad / block.requests for block in blocks if block.requests])
    spread = float(shares.std(ddof=1)) / math.sqrt(len(shares)) if len(shares) > 1 else 0.0
    error = max(spread, math.sqrt(allowed * (1 - allowed) / requests))
    half = float(stdtrit(max(1, len(shares) - 1), 0.975)) * error
    share = float(shares.mean())
    return Trial(
        rate=rate,
        purpose=purpose,
        blocks=tuple(blocks),
        share=share,
        half=half,
        good=share <= allowed,
        sure=abs(share - allowed) > half,
    )


def enough(blocks: Sequence[Block], length: Length, allowed: float) -> bool:
    """Whether a trial may end: its interval lies on one side, or it has as many blocks as it may have."""
    if len(blocks) < min(length.least, REFUSED_FROM):
        return False
    trial = judged(0.0, "narrow", blocks, allowed)
    if len(blocks) < length.least:
        return trial.sure and not trial.good
    return len(blocks) >= length.most or trial.sure
