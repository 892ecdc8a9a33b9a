"""Sets: who belongs to what (owners behind a company, members of a household) against who truly does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from synthetic_data.judging.arrays import JudgingError, harmonic, ratio

Members = Mapping[str, Iterable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    """How well sets were found: whole sets (exact) and single members."""

    true: int
    claimed: int
    exact: int
    exact_precision: float | None
    exact_recall: float | None
    exact_f1: float | None
    precision: float | None  # over members
    recall: float | None
    f1: float | None
    wrong: tuple[str, ...]  # the keys whose set is not exactly right


def judge_sets(claimed: Members, true: Members) -> Sets:
    """Judge the set that is said of each key, such as the beneficial owners of each company.

    An exact set has nobody too many and nobody missing: the measure that matters where one missed owner fails the file
    (FATF Recommendation 24). A key with an empty true set must be told to be empty; a key that was left out is missed.
    """
    wanted = {key: frozenset(members) for key, members in true.items()}
    said = {key: frozenset(members) for key, members in claimed.items()}
    right = [key for key, members in wanted.items() if said.get(key) == members]
    found = sum(len(members & said.get(key, frozenset())) for key, members in wanted.items())
    precision = ratio(found, sum(len(members) for members in said.values()))
    recall = ratio(found, sum(len(members) for members in wanted.values()))
    exact_precision, exact_recall = ratio(len(right), len(said)), ratio(len(right), len(wanted))
    return Sets(
        true=len(wanted),
        claimed=len(said),
        exact=len(right),
        exact_precision=exact_precision,
        exact_recall=exact_recall,
        exact_f1=harmonic(exact_precision, exact_recall),
        precision=precision,
        recall=recall,
        f1=harmonic(precision, recall),
        wrong=tuple(sorted((wanted.keys() | said.keys()) - set(right))),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """How well people were put together, by B-cubed: each person judges the group it was put in."""

    people: int
    precision: float
    recall: float
    f1: float


def judge_grouping(claimed: Mapping[str, str], true: Mapping[str, str]) -> Grouping:
    """Judge the group (household) that each person is put in; names of groups need not agree.

    B-cubed precision and recall (Bagga and Baldwin, LREC Workshop on Linguistic Coreference, 1998). Somebody who was
    put nowhere stands alone.
    """
    if not true:
        raise JudgingError("true: holds nobody; there is nothing to judge")
    said = {person: claimed.get(person, f"alone/{person}") for person in true}
    mine, theirs = _turned(said), _turned(true)
    shared = {person: len(mine[said[person]] & theirs[true[person]]) for person in true}
    precision = sum(shared[person] / len(mine[said[person]]) for person in true) / len(true)
    recall = sum(shared[person] / len(theirs[true[person]]) for person in true) / len(true)
    return Grouping(people=len(true), precision=precision, recall=recall, f1=harmonic(precision, recall) or 0.0)


def _turned(groups: Mapping[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for person, group in groups.items():
        found.setdefault(group, set()).add(person)
    return found
