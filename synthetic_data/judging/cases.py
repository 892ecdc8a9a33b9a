"""Cases: alerts of a risk rule against the cases that were planted: which were seen, how late, how many for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from synthetic_data.judging.arrays import JudgingError, harmonic, ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class OneKind:
    """How many cases of a kind were seen."""

    cases: int
    seen: int
    recall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """How good alerts are; a case is seen when at least one alert names one of its events."""

    alerts: int
    cases: int
    seen: int
    precision: float | None  # alerts that name an event of a case
    recall: float | None  # cases that were seen
    f1: float | None
    event_recall: float | None  # events of cases that were named
    median_delay: float | None  # days from a case's first event to its first alert, of those seen
    by_kind: Mapping[str, OneKind]


def judge_cases(alerts: pd.DataFrame, truth: pd.DataFrame) -> Cases:
    """Judge alerts (columns ``event`` and, if delays matter, ``at``) against the truth.

    ``truth`` has a row for each event of a case: ``case``, ``kind``, ``event`` and, for delays, ``at``. An event named
    twice counts once, with its earliest alert. Precision is told by alert and recall by case, because an analyst
    works alert by alert and a supervisor asks for cases. Raises ``JudgingError`` when a column is missing.
    """
    _wants(alerts, "alerts", ("event",))
    _wants(truth, "truth", ("case", "kind", "event"))
    first = alerts.sort_values("at") if "at" in alerts else alerts
    first = first.drop_duplicates("event")
    named = truth.merge(first, on="event", how="left", suffixes=("", "_alert"), indicator="hit")
    named["hit"] = named["hit"] == "both"
    by_case = named.groupby("case", sort=True).agg(kind=("kind", "first"), hit=("hit", "any"))
    precision = ratio(int(first["event"].isin(truth["event"]).sum()), len(first))
    recall = ratio(int(by_case["hit"].sum()), len(by_case))
    return Cases(
        alerts=len(first),
        cases=len(by_case),
        seen=int(by_case["hit"].sum()),
        precision=precision,
        recall=recall,
        f1=harmonic(precision, recall),
        event_recall=ratio(int(named["hit"].sum()), len(named)),
        median_delay=_delay(named) if {"at", "at_alert"} <= set(named) else None,
        by_kind={str(kind): _one(part["hit"]) for kind, part in by_case.groupby("kind", sort=True)},
    )


def _one(hit: "pd.Series[bool]") -> OneKind:
    return OneKind(cases=len(hit), seen=int(hit.sum()), recall=float(hit.mean()))


def _delay(named: pd.DataFrame) -> float | None:
    begins = named.groupby("case")["at"].min()
    alerted = named[named["hit"]].groupby("case")["at_alert"].min()
    late = pd.to_timedelta(alerted - begins.reindex(alerted.index))
    return float(late.dt.total_seconds().median()) / 86_400 if len(late) else None


def _wants(given: pd.DataFrame, name: str, columns: tuple[str, ...]) -> None:
    if missing := [column for column in columns if column not in given]:
        raise JudgingError(f"{name}: has no column {missing[0]!r}; give {', '.join(columns)}")
