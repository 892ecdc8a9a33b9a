"""Voting: what ranking ballots say under the usual rules, each told by name; ties stay ties and cycles are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from scorecards.methods.tables import Ints, TableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Ballots: rankings from best to worst, each a tuple of tie groups, and how many cast each; build by ``of``."""

    candidates: tuple[str, ...]
    ballots: tuple[tuple[tuple[tuple[str, ...], ...], int], ...]

    @classmethod
    def of(
        cls,
        ballots: Mapping[str, int] | Sequence[Sequence[str | Sequence[str]]],
        candidates: Sequence[str] | None = None,
    ) -> "Profile":
        """Return a profile of ballots such as ``{"A>B>C": 4, "B>A=C": 2}`` or ``[["A", ["B", "C"]], ...]``.

        Candidates that a ballot leaves out share its last place. Raises TableError for a name that is unknown or stands
        twice on one ballot, and where there is no ballot.
        """
        if isinstance(ballots, Mapping):
            read = [
                (tuple(tuple(n.strip() for n in part.split("=")) for part in text.split(">")), _many(text, many))
                for text, many in ballots.items()
            ]
        else:
            read = [(tuple((p,) if isinstance(p, str) else tuple(p) for p in ballot), 1) for ballot in ballots]
        if not read:
            raise TableError("ballots: none given; cast at least one")
        if not any(many for _, many in read):
            raise TableError("ballots: all are cast 0 times; cast at least one")
        names = tuple(candidates or dict.fromkeys(chain.from_iterable(chain.from_iterable(b for b, _ in read))))
        return cls(candidates=names, ballots=tuple((_whole(ballot, names), many) for ballot, many in read))

    @property
    def pairs(self) -> Ints:
        """How many ballots prefer row to column."""
        m = len(self.candidates)
        found = np.zeros((m, m), dtype=np.int64)
        for groups, many in self.ballots:
            place = {name: level for level, group in enumerate(groups) for name in group}
            at = np.array([place[name] for name in self.candidates])
            found += many * (at[:, None] < at[None, :])
        return found

    @property
    def margins(self) -> Ints:
        """How many more ballots prefer row to column than the other way round."""
        pairs = self.pairs
        return np.asarray(pairs - pairs.T)


def _many(ballot: str, many: float) -> int:
    if isinstance(many, bool) or not many >= 0 or many != int(many):
        raise TableError(f"ballot {ballot!r}: cast {many} times; give a whole number of 0 or more")
    return int(many)


def _whole(ballot: tuple[tuple[str, ...], ...], names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    given = list(chain.from_iterable(ballot))
    if "" in given:
        raise TableError("ballot: a place on it is empty; name a candidate for each")
    if odd := [name for name in given if name not in names]:
        raise TableError(f"ballot: {odd[0]!r} is no candidate; use {', '.join(names)}")
    if len(set(given)) < len(given):
        raise TableError("ballot: a candidate stands on it twice; name each once")
    rest = tuple(name for name in names if name not in given)
    return (*ballot, rest) if rest else ballot


def borda(profile: Profile) -> dict[str, float]:
    """Return Borda points: for each ballot, how many others stand below, tied ones counted half."""
    points = dict.fromkeys(profile.candidates, 0.0)
    for groups, many in profile.ballots:
        below = len(profile.candidates)
        for group in groups:
            below -= len(group)
            for name in group:
                points[name] += many * (below + (len(group) - 1) / 2)
    return points


def condorcet(profile: Profile) -> str | None:
    """Return who beats every other by majority, None where nobody does."""
    wins = (profile.margins > 0).sum(axis=1)
    return next(
        (n for n, won in zip(profile.candidates, wins, strict=True) if won == len(profile.candidates) - 1), None
    )


def copeland(profile: Profile) -> dict[str, float]:
    """Return pairwise wins minus losses (Copeland 1951)."""
    margins = profile.margins
    score = (margins > 0).sum(axis=1) - (margins < 0).sum(axis=1)
    return {name: float(value) for name, value in zip(profile.candidates, score, strict=True)}


def plurality(profile: Profile) -> dict[str, float]:
    """Return first places; a shared first place is divided."""
    found = dict.fromkeys(profile.candidates, 0.0)
    for groups, many in profile.ballots:
        for name in groups[0]:
            found[name] += many / len(groups[0])
    return found


def instant_runoff(profile: Profile) -> tuple[str, ...]:
    """Return who is left when whoever has fewest first places leaves, round by round; several only where they tie."""
    left = list(profile.candidates)
    while len(left) > 1:
        votes = dict.fromkeys(left, 0.0)
        for groups, many in profile.ballots:
            top = next(kept for group in groups if (kept := [name for name in group if name in left]))
            for name in top:
                votes[name] += many / len(top)
        fewest = min(votes.values())
        out = [name for name, count in votes.items() if count == fewest]
        if len(out) == len(left):
            return tuple(left)
        left = [name for name in left if name not in out]
    return tuple(left)


def schulze(profile: Profile) -> tuple[tuple[str, ...], ...]:
    """Return the ranking by strongest paths of winning votes (Schulze 2011), best first, ties together."""
    pairs = profile.pairs
    path = np.where(pairs > pairs.T, pairs, 0)
    for middle in range(len(path)):
        path = np.maximum(path, np.minimum(path[:, middle : middle + 1], path[middle : middle + 1, :]))
    beats = path > path.T
    wins = beats.sum(axis=1)
    levels = sorted(set(wins.tolist()), reverse=True)
    return tuple(
        tuple(name for name, won in zip(profile.candidates, wins, strict=True) if won == level) for level in levels
    )


def cycles(profile: Profile) -> tuple[tuple[str, ...], ...]:
    """Return the majority cycles of three, each in the order of who beats whom; empty where majorities are in order."""
    beats, names, found = profile.margins > 0, profile.candidates, []
    m = len(names)
    for i in range(m):
        for j in range(i + 1, m):
            for k in range(i + 1, m):
                if k != j and beats[i, j] and beats[j, k] and beats[k, i]:
                    found.append((names[i], names[j], names[k]))
    return tuple(found)
