"""Structures: who holds what of a company and of the companies above it, planted one by one in eleven makes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from synthetic_data.domains.lots import Lots

WHOLE = 10_000  # shares are counted in hundredths of a percent
QUARTER = 2_500


class Held(NamedTuple):
    """A stake; places in the group's people (from 0 on) or companies (-1 is the company itself, -2 the next ...)."""

    source: int
    target: int
    share: int
    votes: int | None = None  # as large as the share unless there are classes of shares
    until_sold: bool = False
    since_sold: bool = False


class Pact(NamedTuple):
    """Power beside shares, as in ``affairs.Arrangement``."""

    kind: str
    holder: int
    through: int | None
    company: int
    on_file: bool


@dataclass(kw_only=True)
class Group:
    """A structure while it is planted: how many people and companies it has, and what ties them."""

    make: str
    people: int = 0
    companies: int = 1
    depth: int = 1
    dark: set[int] = field(default_factory=set)  # companies whose owners nobody knows
    trusts: set[int] = field(default_factory=set)  # among the companies those that are trusts, and have no owners
    stakes: list[Held] = field(default_factory=list)
    pacts: list[Pact] = field(default_factory=list)

    def person(self) -> int:
        """One more person."""
        self.people += 1
        return self.people - 1

    def company(self) -> int:
        """One more company."""
        self.companies += 1
        return -self.companies

    def hold(self, source: int, target: int, share: int) -> None:
        """Give somebody a stake."""
        self.stakes.append(Held(source, target, share))

    def left(self, target: int) -> int:
        """What nobody holds yet of a company."""
        return WHOLE - sum(s.share for s in self.stakes if s.target == target and not s.since_sold)


TOP = -1


def planted(lots: Lots, make: str, depth: int, near: bool, changed: bool, undisclosed: float) -> Group:
    """Return a structure of a make with ``depth`` companies on its longest chain.

    ``near``: somebody is close to a quarter, where the make knows how.
    ``changed``: a stake in the company was sold lately. ``undisclosed``: how often a nominee is in no paper.
    """
    group = Group(make=make)
    _PLANTERS[make](lots, group, depth, near, undisclosed)
    if changed:
        _sell(lots, group)
    return group


def _spread(lots: Lots, group: Group, target: int, most: int, at_most: int = WHOLE) -> None:
    """Give what is left of a company to at most so many more people, none of them more than ``at_most``."""
    left = group.left(target)
    people = max(-(-left // at_most), lots.whole(1, most))
    for more in range(people, 0, -1):
        even = left // more
        share = left if more == 1 else max(min(round(even * (0.4 + 1.2 * lots.share()) / 50) * 50, at_most, left), 50)
        share = max(share, left - (more - 1) * at_most)
        if share > 0:
            group.hold(group.person(), target, share)
            left -= share


def _chain(lots: Lots, group: Group, target: int, depth: int, low: int = 4_500, high: int = 8_500) -> int:
    """Put companies above a company until the chain is ``depth`` long; return the highest, of which nothing is held."""
    group.depth = max(group.depth, depth)
    for _ in range(depth - 1):
        above = group.company()
        group.hold(above, target, lots.whole(low // 100, high // 100) * 100)
        if target != TOP:
            _spread(lots, group, target, 2)
        target = above
    return target


def _simple(lots: Lots, group: Group, depth: int, near: bool, undisclosed: float) -> None:
    if near:
        group.hold(group.person(), TOP, QUARTER + lots.one((-1, 0, 1)))
    _spread(lots, group, TOP, 3)


def _pyramid(lots: Lots, group: Group, depth: int, near: bool, undisclosed: float) -> None:
    """Two chains that end with the same person, whose shares in them are added."""
    if near:
        first, second = group.company(), group.company()
        group.depth = max(depth, 2)
        founder, other = group.person(), group.person()
        group.hold(first, TOP, 3_000)
        group.hold(second, TOP, 3_000)
        group.hold(founder, first, 5_000)
        group.hold(founder, _chain_over(lots, group, second, depth), 3_333 + lots.one((0, 1)))
        group.hold(other, first, 5_000)
        _spread(lots, group, TOP, 3, QUARTER - 100)
        return _close(lots, group)
    top = _chain(lots, group, TOP, depth, 3_000, 6_000)
    founder = group.person()
    group.hold(founder, top, lots.whole(40, 90) * 100)
    beside = group.company()
    group.hold(beside, TOP, lots.whole(10, group.left(TOP) // 100) * 100)
    group.hold(founder, beside, lots.whole(30, 100) * 100)
    return _close(lots, group)


def _chain_over(lots: Lots, group: Group, company: int, depth: int) -> int:
    """Companies that wholly own each other, so that what is held of the highest is held of the lowest."""
    for _ in range(max(depth - 2, 0)):
        above = group.company()
        group.hold(above, company, WHOLE)
        company = above
    return company


def _close(lots: Lots, group: Group) -> None:
    """Let people hold what is left of every company, but for dark ones and trusts."""
    for company in range(-1, -group.companies - 1, -1):
        if company not in group.dark | group.trusts and group.left(company) > 0:
            _spread(lots, group, company, 2)


def _cross(lots: Lots, group: Group, depth: int, near: bool, undisclosed: float) -> None:
    """Two companies that hold the company also hold each other."""
    one, two = group.company(), group.company()
    group.depth = max(depth, 2)
    group.hold(one, TOP, lots.whole(30, 55) * 100)
    group.hold(two, TOP, lots.whole(20, 40) * 100)
    group.hold(one, two, lots.whole(10, 35) * 100)
    group.hold(two, one, lots.whole(10, 35) * 100)
    if depth > 2:
        group.depth = depth
        above = group.company()
        group.hold(above, one, lots.whole(30, 55) * 100)
        _spread(lots, group, _chain_over(lots, group, above, depth - 1), 2)
    _close(lots, group)


def _cycle(lots: Lots, group: Group, depth: int, near: bool, undisclosed: float) -> None:
    """The company holds part of the highest of those that hold it."""
    top = _chain(lots, group, TOP, max(depth, 2), 4_000, 8_000)
    group.hold(TOP, top, lots.whole(8, 30) * 100)
    _close(lots, group)


def _nominee(lots: Lots, group: Group, depth: int, near: bool, undisclosed: float) -> None:
    """Somebody holds a large stake in their own name for somebody else."""
    nominee, principal = group.person(), group.person()
    group.hold(nominee, TOP, lots.whole(26, 60) * 100)
    if lots.happens(0.4):
        group.hold(principal, TOP, lots.whole(2, 15) * 100)
    group.pacts.append(Pact("nominee", principal, nominee, TOP, not lots.happens(undisclosed)))
    if depth > 2 and group.left(TOP) > 2_000:
        above = group.company()
        group.depth = depth
        group.hold(above, TOP, group.left(TOP) // 200 * 100)
        _spread(lots, group, _chain_over(lots, group, above, depth), 2)
    _close(lots, group)


def _votes(lots: Lots, group: Group, depth: int, near: bool, undisclosed: float) -> None:
    """A holder of little leads others who have promised their votes; together they have more than half."""
    leader, *led = (group.person() for _ in range(4))
    group.hold(leader, TOP, lots.whole(8, 20) * 100)
    for follower in led:
        group.hold(follower, TOP, lots.whole(14, 24) * 100)
        group.pacts.append(Pact("votes", leader, follower, TOP, True))
    _spread(lots, group, TOP, 3, QUARTER - 100)


def _board(lots: Lots, group: Group, depth: int, near: bool, undisclosed: float) -> None:
    """A holder of little appoints the majority of the board, by themselves or through a company of theirs."""
    ruler = group.person()
    holder = ruler
    if depth > 2:
        holder = group.company()
        group.depth = 2
        group.hold(ruler, holder, lots.whole(55, 95) * 100)
    group.hold(holder, TOP, lots.whole(3, 18) * 100)
    group.pacts.append(Pact("board", holder, None, TOP, True))
    _spread(lots, group, TOP, 4, QUARTER - 100)
    _close(lots, group)


def _classes(lots: Lots, group: Group, depth: int, near: bool, undisclosed: float) -> None:
    """Two classes of shares: a founder holds little of the company and most of its votes."""
    share, votes = lots.whole(8, 20) * 100, lots.whole(52, 65) * 100
    group.stakes.append(Held(group.person(), TOP, share, votes))
    _spread(lots, group, TOP, 5, QUARTER - 100)
    for at, held in enumerate(group.stakes[1:], 1):
        group.stakes[at] = held._replace(votes=held.share * (WHOLE - votes) // (WHOLE - share))


def _trust(lots: Lots, group: Group, depth: int, near: bool, undisclosed: float) -> None:
    """A trust holds a large part; who settled, administers and benefits from it stands behind that part."""
    trust = group.company()
    group.trusts.add(trust)
    group.depth = 2
    group.hold(trust, TOP, lots.whole(28, 70) * 100)
    for role in ("settlor", "trustee", "beneficiary"):
        group.pacts.append(Pact(role, group.person(), None, trust, True))
    _close(lots, group)


def _unknown(lots: Lots, group: Group, depth: int, near: bool, undisclosed: float) -> None:
    """A company of whose owners nothing is known holds a large part."""
    lowest = _chain(lots, group, TOP, max(depth - 1, 1)) if depth > 2 else TOP
    dark = group.company()
    group.dark.add(dark)
    group.depth = max(depth, 2)
    group.hold(dark, lowest, lots.whole(30, 80) * 100)
    _close(lots, group)


def _dispersed(lots: Lots, group: Group, depth: int, near: bool, undisclosed: float) -> None:
    """Nobody holds a quarter, so the senior manager stands in."""
    _spread(lots, group, TOP, 8, 2_300)


_PLANTERS = {
    "simple": _simple,
    "pyramid": _pyramid,
    "cross": _cross,
    "cycle": _cycle,
    "nominee": _nominee,
    "votes": _votes,
    "board": _board,
    "classes": _classes,
    "trust": _trust,
    "unknown": _unknown,
    "dispersed": _dispersed,
}
MAKES: Sequence[str] = tuple(_PLANTERS)


def _sell(lots: Lots, group: Group) -> None:
    """Let one of those who hold the company, and are bound by nothing, have bought lately from somebody else."""
    bound = {who for pact in group.pacts for who in (pact.holder, pact.through)}
    free = [n for n, s in enumerate(group.stakes) if s.target == TOP and s.source >= 0 and s.source not in bound]
    if free:
        sold = group.stakes[at := lots.one(free)]
        group.stakes[at] = sold._replace(since_sold=True)
        group.stakes.append(Held(group.person(), TOP, sold.share, sold.votes, until_sold=True))
