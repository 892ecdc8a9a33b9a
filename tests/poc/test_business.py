"""A business case is worked out at face value and as far as its claims are believed, and says which is which."""

import json

import pytest

from poc.business import case_at, facts, worked
from scorecards.business.reading import CaseError


def test_the_example_pays_at_face_value_and_not_as_it_is_believed() -> None:
    done = worked(case_at(None), draws=500)
    told = facts(done)
    assert told["example"] is True
    assert told["face_value"]["npv"] > 0 > told["npv"]["p90"]  # type: ignore[index]
    assert told["payback_years"]["p50"] is None  # type: ignore[index]
    assert json.loads(json.dumps(told, allow_nan=False)) is not None


def test_a_claim_that_earns_less_makes_the_case_worse() -> None:
    told = facts(worked(case_at(None), draws=500))
    middles = [row["p50"] for row in told["stress"]]  # type: ignore[attr-defined]
    assert middles == sorted(middles, reverse=True)


def test_money_is_told_as_each_language_counts() -> None:
    done = worked(case_at(None), draws=500)
    assert done.money(12_300_000, "zh") == "1,230 万元"
    assert done.money(12_300_000, "en") == "CNY 12.3 m"


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(CaseError, match="draws = 1"):
        worked(case_at(None), draws=1)
