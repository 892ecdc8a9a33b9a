"""Labels: one word for each row (a segment, an intent) against the true one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthetic_data.judging.arrays import harmonic, ratio, same_length


@dataclass(frozen=True, slots=True, kw_only=True)
class OneLabel:
    """How well one word was found."""

    label: str
    rows: int  # that truly bear it
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """How good labels are. A row without an answer is wrong; ``answered`` says how many had one."""

    rows: int
    answered: int
    accuracy: float
    macro_f1: float  # mean over the true labels, each counting alike; one that was never found counts 0
    adjusted_rand: float | None
    by_label: tuple[OneLabel, ...]
    mistaken: tuple[tuple[str, str, int], ...]  # true, said, how often: the most frequent mistakes first


def judge_labels(said: Sequence[str | None], true: Sequence[str]) -> Labels:
    """Judge one label for each row, None where there is no answer. Raises ``JudgingError``."""
    answers, wanted = _words(said), _words(true)
    rows = same_length(said=answers, true=wanted)
    names = sorted(set(wanted.tolist()))
    ones = tuple(_one(name, answers, wanted) for name in names)
    return Labels(
        rows=rows,
        answered=int((answers != "").sum()),
        accuracy=float((answers == wanted).mean()),
        macro_f1=float(np.mean([one.f1 or 0.0 for one in ones])),
        adjusted_rand=adjusted_rand(answers.tolist(), wanted.tolist()),
        by_label=ones,
        mistaken=_mistaken(answers, wanted),
    )


def adjusted_rand(said: Sequence[object], true: Sequence[object]) -> float | None:
    """Agreement of two groupings whatever their names, 0 for chance and 1 for the same (Hubert and Arabie 1985, eq. 5).

    None when it is not defined: both put everything together, or both everything apart.
    """
    same_length(said=said, true=true)
    mine, theirs = (np.unique(np.asarray(one, dtype=str), return_inverse=True)[1] for one in (said, true))
    table = np.zeros((mine.max() + 1, theirs.max() + 1), dtype=np.int64)
    np.add.at(table, (mine, theirs), 1)
    together = _pairs(table.ravel())
    rows, columns, every = _pairs(table.sum(axis=1)), _pairs(table.sum(axis=0)), _pairs(np.array([len(mine)]))
    expected = rows * columns / every if every else 0.0
    return ratio(together - expected, (rows + columns) / 2 - expected)


def _pairs(counts: NDArray[np.int64]) -> float:
    sizes = counts.astype(np.float64)
    return float(np.sum(sizes * (sizes - 1) / 2))


def _words(given: Sequence[str | None]) -> NDArray[np.str_]:
    return np.array(["" if word is None or word != word else str(word) for word in given], dtype=np.str_)


def _one(name: str, said: NDArray[np.str_], true: NDArray[np.str_]) -> OneLabel:
    hits = int(((said == name) & (true == name)).sum())
    precision, recall = ratio(hits, int((said == name).sum())), ratio(hits, int((true == name).sum()))
    f1 = 0.0 if precision is None else harmonic(precision, recall)
    return OneLabel(label=name, rows=int((true == name).sum()), precision=precision, recall=recall, f1=f1)


def _mistaken(said: NDArray[np.str_], true: NDArray[np.str_], most: int = 10) -> tuple[tuple[str, str, int], ...]:
    wrong = (said != true) & (said != "")
    pairs, counts = np.unique(np.stack([true[wrong], said[wrong]]), axis=1, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:most]
    return tuple((str(pairs[0, at]), str(pairs[1, at]), int(counts[at])) for at in order)
