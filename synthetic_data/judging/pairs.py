"""Pairs: files that are said to be of one person against those that are, with the look-alikes that are not."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from synthetic_data.judging.arrays import harmonic, ratio

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """How well pairs were found. ``harmed`` are look-alikes that were said to be one person: each merges two people."""

    claimed: int
    true: int
    found: int
    precision: float | None
    recall: float | None
    f1: float | None
    by_kind: Mapping[str, float]  # recall by what differs
    harmed: tuple[Pair, ...]


def judge_pairs(claimed: Iterable[Pair], true: Iterable[tuple[str, str, str]], traps: Iterable[Pair] = ()) -> Pairs:
    """Judge pairs of customer numbers in any order against (first, second, kind) of the truth.

    Pairwise precision and recall as in Christen, Data Matching, 2012, section 7.2. A pair claimed twice counts once; a
    pair with itself counts for nothing.
    """
    said = {_sorted(pair) for pair in claimed if pair[0] != pair[1]}
    kinds = {_sorted((first, second)): kind for first, second, kind in true}
    wanted, hit = Counter(kinds.values()), Counter(kind for pair, kind in kinds.items() if pair in said)
    found = sum(hit.values())
    precision, recall = ratio(found, len(said)), ratio(found, len(kinds))
    return Pairs(
        claimed=len(said),
        true=len(kinds),
        found=found,
        precision=precision,
        recall=recall,
        f1=harmonic(precision, recall),
        by_kind={kind: hit[kind] / count for kind, count in sorted(wanted.items())},
        harmed=tuple(sorted(said & {_sorted(pair) for pair in traps} - kinds.keys())),
    )


def pairs_of(groups: Iterable[Iterable[str]]) -> frozenset[Pair]:
    """Every pair that groups of merged files stand for, so that a merge of three counts as its three pairs."""
    return frozenset(pair for group in groups for pair in combinations(sorted(set(group)), 2))


def _sorted(pair: Pair) -> Pair:
    first, second = pair
    return (first, second) if first <= second else (second, first)
