"""Balances: movements put in order so that every account ends, to the cent, at the balance on file.

Everything is reckoned backwards from that balance. Where the way back would lead below a floor, more has come in than
is there at last: so money is moved on, in round sums, right after it came. What an account opened in the window held
before its first movement is its opening payment; it is never below zero.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from synthetic_data.chance import Bools, Chance, Ints
from synthetic_data.columns import NEVER
from synthetic_data.domains.money.postings import Postings, post, together
from synthetic_data.domains.money.scene import Scene

#: Further apart than any two balances (in cents): it keeps accounts apart in one running maximum.
_APART = 10**14
#: Bits of a sort key: seconds of the window, and places of movements.
_SECOND_BITS, _PLACE_BITS = 29, 21
#: Seconds within which money is moved on after it came.
SOON = 36 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """For each account of a cell: the balance it ends at, the least it may fall to, and the sum moved on at once."""

    final: Ints
    floor: Ints
    step: Ints
    more: Ints  # how much higher the floor is until ``until``
    until: Ints  # seconds since 1970
    ends: Ints  # the last second at which anything may move


class Settled(NamedTuple):
    """Movements in the order of accounts and time, and the balance after each."""

    postings: Postings
    balance: Ints


def in_order(postings: Postings, begins: int) -> Ints:
    """Return the places of movements by account and time; what was booked first stays first within a second."""
    place = np.arange(postings.rows)
    key = (postings.account << _SECOND_BITS | (postings.at - begins)) << _PLACE_BITS | place
    key.sort()
    return key & ((1 << _PLACE_BITS) - 1)


def moved_on(postings: Postings, rules: Rules, chance: Chance) -> Postings:
    """Return the movements by which money goes on so that no balance is below its floor; ``postings`` are in order.

    They come right after the movement that brought too much, within a day and a half, before the next movement.
    """
    if postings.rows == 0:
        return postings
    account, cents = postings.account, postings.cents
    before = _before(account, cents, rules.final)
    floor = rules.floor[account] + np.where(postings.at < rules.until[account], rules.more[account], 0)
    need = _highest_from_here(account, np.maximum(floor - before, 0))
    step = rules.step[account]
    need = -(-need // step) * step
    last = np.append(account[1:] != account[:-1], True)
    excess = need - np.where(last, 0, np.append(need[1:], 0))
    at = np.flatnonzero(excess)
    follows = np.where(last[at], rules.ends[account[at]], np.append(postings.at[1:], 0)[at])
    gap = np.clip(follows - postings.at[at], 0, SOON)
    moment = postings.at[at] + np.floor(chance.shares(len(at)) * gap).astype(np.int64)
    return post(account[at], moment, -excess[at], "transfer_out", "app")


def _before(account: Ints, cents: Ints, final: Ints) -> Ints:
    """The balance before each movement if nothing else moved."""
    total = np.bincount(account, minlength=len(final))  # movements of each account
    starts = np.cumsum(total) - total
    run = np.concatenate([[0], np.cumsum(cents)])
    ends = run[starts + total]
    found: Ints = final[account] - (ends[account] - run[:-1])
    return found


def _highest_from_here(account: Ints, values: Ints) -> Ints:
    """For each place the highest value from it to the end of its account."""
    lifted = values[::-1] + (account[-1] - account[::-1]) * _APART
    highest: Ints = np.maximum.accumulate(lifted)[::-1] - (account[-1] - account) * _APART
    return highest


def settle(scene: Scene, postings: Postings, rules: Rules) -> Settled:
    """Return all movements in order with their balances, the opening payments of new accounts among them."""
    begins = scene.calendar.begins * 86_400 - 86_400
    ordered = postings.where(in_order(postings, begins))
    before = _before(ordered.account, ordered.cents, rules.final)
    opened = _openings(scene, ordered, before, rules.final)
    everything = together([opened, ordered])
    everything = everything.where(in_order(everything, begins))
    after = _before(everything.account, everything.cents, rules.final) + everything.cents
    return Settled(everything, after)


def _openings(scene: Scene, ordered: Postings, before: Ints, final: Ints) -> Postings:
    """The first payment into each account opened in the window: all that it holds before its other movements."""
    accounts = scene.accounts
    new = np.flatnonzero(opened_inside(scene))
    first = np.searchsorted(ordered.account, new)
    moves = (first < ordered.rows) & (np.append(ordered.account, -1)[first] == new)
    held = np.where(moves, np.append(before, 0)[first], final[new])
    new, held = new[held != 0], held[held != 0]
    opening = scene.chance("opening").whole(10 * 3600, 16 * 3600 - 1, len(new))
    at = scene.calendar.moments(accounts.opened[new], opening)
    return post(new, at, held, "opening", "branch")


def opened_inside(scene: Scene) -> Bools:
    """Return which accounts were opened in the window."""
    found: Bools = scene.accounts.opened >= scene.calendar.begins
    return found


def closes_inside(scene: Scene) -> Bools:
    """Return which accounts were closed in the window."""
    closed = scene.accounts.closed
    found: Bools = (closed != NEVER) & (closed >= scene.calendar.begins) & (closed <= scene.calendar.ends)
    return found
