"""Owners: which people ultimately own or control a company, with the paths that say why.

Shares: the stake of a person through a chain is the product of the shares along it, and chains are added (Regulation
(EU) 2024/1624, art. 52(1)). With cross-holdings and cycles there are infinitely many chains; their sum is the solution
of a linear system, the integrated ownership of Brioschi, Buzzacchi and Colombo (1989): ``v = e + A v``. It is solved in
fractions, so that a quarter is a quarter.

Control: a person controls a company whose votes they, the companies they control and those bound to vote with them hold
by more than half, or whose board they appoint by majority (art. 53). Who commands a quarter of the votes, and who holds
a quarter of a company that controls this one, is found too (art. 54; in China art. 6 of the measures on beneficial
owner information, PBoC and SAMR order 2024-3). Where nobody is found, the senior manager stands in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from synthetic_data.affairs import Arrangement, Mandate, Stake

SHOWN_PATHS = 5
#: Parts in a trust; who has one stands behind what the trust holds (Regulation (EU) 2024/1624, art. 55 and 58).
TRUST = ("settlor", "trustee", "beneficiary")
ONE, NONE = Fraction(1), Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When somebody counts as a beneficial owner; shares are fractions."""

    threshold: Fraction = Fraction(1, 4)
    inclusive: bool = True  # whether the threshold itself is enough
    majority: Fraction = Fraction(1, 2)  # votes above it control
    through_controllers: bool = True  # whether a quarter of a company that controls this one counts (art. 54 b)

    def reached(self, share: Fraction) -> bool:
        """Whether a share is large enough."""
        return share >= self.threshold if self.inclusive else share > self.threshold


class Owner(NamedTuple):
    """A person found: on which grounds, with which effective share, which votes, and by which paths."""

    person: str
    bases: tuple[str, ...]  # shares | votes | control | controller | senior_manager
    share: Fraction
    votes: Fraction
    paths: tuple[str, ...]


class Finding(NamedTuple):
    """Who owns a company on a day, and which share of it ends with nobody known."""

    owners: tuple[Owner, ...]
    unknown: Fraction


class _Edge(NamedTuple):
    source: str
    target: str
    share: Fraction
    votes: Fraction


@dataclass(frozen=True, kw_only=True)
class Structure:
    """The stakes, arrangements and mandates that hold on one day; everybody in ``people`` is a natural person."""

    people: frozenset[str]
    edges: tuple[_Edge, ...]
    pacts: tuple[Arrangement, ...]
    mandates: tuple[Mandate, ...]

    @cached_property
    def holders(self) -> Mapping[str, tuple[_Edge, ...]]:
        """The stakes in each company."""
        into: dict[str, list[_Edge]] = {}
        for edge in self.edges:
            into.setdefault(edge.target, []).append(edge)
        return {company: tuple(edges) for company, edges in into.items()}

    def above(self, company: str) -> tuple[str, ...]:
        """The company and all companies from which a stake leads to it."""
        found, waiting = {company: None}, [company]
        while waiting:
            for edge in self.holders.get(waiting.pop(), ()):
                if edge.source not in self.people and edge.source not in found:
                    found[edge.source] = None
                    waiting.append(edge.source)
        return tuple(found)


def structure(
    people: Iterable[str],
    stakes: Iterable[Stake],
    arrangements: Iterable[Arrangement],
    mandates: Iterable[Mandate],
    at: date,
) -> Structure:
    """What holds on a day; stakes held by a nominee are counted to the one they are held for.

    Raises ``ValueError`` when the stakes in a company exceed the whole.
    """
    pacts = tuple(a for a in arrangements if _holds(a.since, a.until, at))
    behind = {(a.through, a.company): a.holder for a in pacts if a.kind == "nominee"}
    edges = tuple(
        _Edge(behind.get((s.source, s.target), s.source), s.target, Fraction(s.share), Fraction(s.votes))
        for s in stakes
        if _holds(s.since, s.until, at)
    )
    now = Structure(
        people=frozenset(people),
        edges=edges,
        pacts=tuple(a for a in pacts if a.kind != "nominee"),
        mandates=tuple(m for m in mandates if _holds(m.since, m.until, at)),
    )
    for company, held in now.holders.items():
        if (total := sum((e.share for e in held), NONE)) > 1:
            raise ValueError(f"stakes in {company} add up to {float(total):.4f} on {at}; they may not exceed 1")
    return now


def _holds(since: date, until: date | None, at: date) -> bool:
    return since <= at and (until is None or at < until)


def find(now: Structure, company: str, rule: Rule) -> Finding:
    """Everybody who owns or controls a company, in the order of their numbers.

    Raises ``ValueError`` for companies that wholly own each other, for then nothing says who does.
    """
    worth = _worth(now, company)
    shares, unknown = _effective(now, worth)
    found = [owner for person in _candidates(now, worth) if (owner := _judged(now, company, rule, person, shares))]
    if not found:
        found = [
            Owner(m.holder, ("senior_manager",), shares.get(m.holder, NONE), NONE, (f"{m.holder} {m.role} {company}",))
            for m in now.mandates
            if m.company == company and m.role in ("legal_representative", "managing_director")
        ]
    return Finding(tuple(sorted(found)), unknown)


def _worth(now: Structure, company: str) -> dict[str, Fraction]:
    """What all of each company above is worth in shares of the one below: v = e + A v."""
    names = now.above(company)
    place = {name: i for i, name in enumerate(names)}
    rows = [[Fraction(int(i == j)) for j in range(len(names))] + [NONE] for i in range(len(names))]
    rows[0][-1] = ONE
    for edge in now.edges:
        if edge.source in place and edge.target in place:
            rows[place[edge.source]][place[edge.target]] -= edge.share
    return dict(zip(names, _solved(rows), strict=True))


def _solved(rows: list[list[Fraction]]) -> list[Fraction]:
    """The solution of a linear system by elimination, each row with its right side at the end."""
    for at in range(len(rows)):
        pivot = next((i for i in range(at, len(rows)) if rows[i][at]), None)
        if pivot is None:
            raise ValueError("companies that wholly own each other belong to nobody; mend their stakes")
        rows[at], rows[pivot] = rows[pivot], rows[at]
        lead = rows[at] = [value / rows[at][at] for value in rows[at]]
        for i, row in enumerate(rows):
            if i != at and row[at]:
                rows[i] = [value - row[at] * first for value, first in zip(row, lead, strict=True)]
    return [row[-1] for row in rows]


def _effective(now: Structure, worth: Mapping[str, Fraction]) -> tuple[dict[str, Fraction], Fraction]:
    """The effective share of each person, and what remains unknown; together with what trusts hold they are one."""
    shares: dict[str, Fraction] = {}
    for edge in now.edges:
        if edge.source in now.people and edge.target in worth:
            shares[edge.source] = shares.get(edge.source, NONE) + edge.share * worth[edge.target]
    trusts = {a.company for a in now.pacts if a.kind in TRUST}
    held = sum((worth.get(trust, NONE) for trust in trusts), NONE)
    return shares, ONE - sum(shares.values(), NONE) - held


def _candidates(now: Structure, worth: Mapping[str, Fraction]) -> list[str]:
    held = {e.source for e in now.edges if e.target in worth}
    bound = {a.holder for a in now.pacts if a.company in worth}
    return sorted((held | bound) & now.people)


def _judged(now: Structure, company: str, rule: Rule, person: str, shares: Mapping[str, Fraction]) -> Owner | None:
    ruled = controlled(now, person, rule)
    share, votes = shares.get(person, NONE), _votes(now, company, {person, *ruled})
    grounds = {
        "shares": rule.reached(share),
        "votes": rule.reached(votes),
        "control": company in ruled,
        "controller": rule.through_controllers and _owns_a_controller(now, company, rule, person),
    }
    bases = tuple(basis for basis, holds in grounds.items() if holds)
    if not bases:
        return None
    paths = [*_share_paths(now, person, company), *_control_path(ruled, company)]
    return Owner(person, bases, share, votes, tuple(paths))


def _votes(now: Structure, company: str, camp: set[str]) -> Fraction:
    """The votes in a company that a camp commands: its own and those of who is bound to vote with it."""
    bound = {a.through for a in now.pacts if a.kind == "votes" and a.company == company and a.holder in camp}
    return sum((e.votes for e in now.holders.get(company, ()) if e.source in camp | bound), NONE)


def controlled(now: Structure, holder: str, rule: Rule) -> dict[str, str]:
    """The companies and trusts that somebody controls, each with the reason, in the order in which control spreads."""
    ruled = {a.company: f"{a.kind} of {a.company}" for a in now.pacts if a.kind in TRUST and a.holder == holder}
    grown = True
    while grown:
        grown = False
        camp = {holder, *ruled}
        for company in now.holders:
            if company in camp:
                continue
            votes = _votes(now, company, camp)
            board = [a.holder for a in now.pacts if (a.kind, a.company) == ("board", company) and a.holder in camp]
            if votes > rule.majority or board:
                ruled[company] = f"board of {company}" if board else f"{_percent(votes)} of votes in {company}"
                grown = True
    return ruled


def _owns_a_controller(now: Structure, company: str, rule: Rule, person: str) -> bool:
    """Whether a person holds a quarter of a company that controls this one."""
    for above in now.above(company)[1:]:
        if company in controlled(now, above, rule):
            shares, _ = _effective(now, _worth(now, above))
            if rule.reached(shares.get(person, NONE)):
                return True
    return False


def _percent(share: Fraction) -> str:
    return f"{float(share):.2%}"


def share_paths(now: Structure, person: str, company: str) -> list[tuple[tuple[str, ...], Fraction]]:
    """The chains of stakes from a person to a company that pass no company twice, heaviest first."""
    found: list[tuple[tuple[str, ...], Fraction]] = []
    waiting: list[tuple[tuple[str, ...], Fraction]] = [((company,), ONE)]
    while waiting:
        path, weight = waiting.pop()
        for edge in now.holders.get(path[0], ()):
            if edge.source == person:
                found.append(((person, *path), weight * edge.share))
            elif edge.source not in now.people and edge.source not in path:
                waiting.append(((edge.source, *path), weight * edge.share))
    return sorted(found, key=lambda found: (-found[1], found[0]))


def _share_paths(now: Structure, person: str, company: str) -> list[str]:
    shown = share_paths(now, person, company)[:SHOWN_PATHS]
    return [f"{' > '.join(path)} = {_percent(share)}" for path, share in shown]


def _control_path(ruled: Mapping[str, str], company: str) -> Sequence[str]:
    if company not in ruled:
        return []
    steps = list(ruled)[: list(ruled).index(company) + 1]
    return ["; ".join(ruled[step] for step in steps)]
