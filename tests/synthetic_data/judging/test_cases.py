"""Alerts are judged by what an analyst reads for nothing and by what a supervisor misses."""

import pandas as pd
import pytest

from synthetic_data.judging.arrays import JudgingError
from synthetic_data.judging.cases import OneKind, judge_cases


def truth() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "case": ["R1", "R1", "R2", "R3", "R3"],
            "kind": ["mule", "mule", "mule", "circle", "circle"],
            "event": ["T1", "T2", "T3", "T4", "T5"],
            "at": pd.to_datetime(["2026-01-01", "2026-01-02", "2026-02-01", "2026-03-01", "2026-03-05"], utc=True),
        }
    )


def test_precision_is_told_by_alert_and_recall_by_case() -> None:
    alerts = pd.DataFrame(
        {
            "event": ["T2", "T2", "T5", "T9", "T8"],
            "at": pd.to_datetime(["2026-01-04", "2026-01-03", "2026-03-06", "2026-01-01", "2026-01-01"], utc=True),
        }
    )
    judged = judge_cases(alerts, truth())
    assert (judged.alerts, judged.cases, judged.seen) == (4, 3, 2)
    assert (judged.precision, judged.recall) == (0.5, pytest.approx(2 / 3))
    assert judged.event_recall == pytest.approx(0.4)
    assert judged.median_delay == pytest.approx(3.5)
    assert judged.by_kind == {
        "circle": OneKind(cases=1, seen=1, recall=1.0),
        "mule": OneKind(cases=2, seen=1, recall=0.5),
    }


def test_alerts_without_a_time_have_no_delay() -> None:
    judged = judge_cases(pd.DataFrame({"event": ["T1"]}), truth().drop(columns="at"))
    assert (judged.median_delay, judged.recall) == (None, pytest.approx(1 / 3))


def test_no_alert_at_all_misses_everything_and_has_no_precision() -> None:
    judged = judge_cases(pd.DataFrame({"event": pd.Series([], dtype=str)}), truth())
    assert (judged.precision, judged.recall, judged.f1) == (None, 0.0, None)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(JudgingError, match="truth: has no column 'kind'"):
        judge_cases(pd.DataFrame({"event": ["T1"]}), truth().drop(columns="kind"))
