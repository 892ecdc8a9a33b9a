"""Stacking: what travels as one text comes out as it was, the empty and the missing told apart."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from poc.reference_crm.database import NOBODY
from poc.reference_crm.operations.stacking import NONE, PART, stacked, unstacked
from tests.poc.reference_crm.counter import Counter

#: What a checked text may hold.
TEXTS = some.text(some.characters(exclude_characters="".join(map(chr, range(32))) + "\x7f", exclude_categories=("Cs",)))


def back(crm: Counter, values: list[Any], form: str) -> list[Any]:
    async def asked() -> list[Any]:
        async with crm.desk.database.connection(NOBODY) as connection:
            return list(await connection.fetchval(f"SELECT {unstacked(1, form)}", stacked(values)))

    return list(crm.wait(asked()))


@pytest.mark.pg
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=some.lists(some.none() | TEXTS, min_size=1, max_size=6))
def test_texts_come_out_as_they_were(crm: Counter, values: list[str | None]) -> None:
    assert back(crm, values, "text") == values


@pytest.mark.pg
@pytest.mark.parametrize(
    ("form", "values"),
    [
        ("text", [""]),
        ("text", [None]),
        ("date", [date(1990, 2, 28), None]),
        ("timestamptz", [datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)]),
        ("numeric", [Decimal("-12.50"), Decimal("1E+5"), Decimal("0.000001")]),
        ("boolean", [True, False, None]),
        ("int", [0, 7]),
    ],
)
def test_every_form_comes_out_as_it_was(crm: Counter, form: str, values: list[Any]) -> None:
    assert back(crm, values, form) == values


def test_lists_are_told_with_commas() -> None:
    assert stacked([["C1", "C2"], []]) == f"{PART}C1,C2{PART}"


def test_a_value_with_the_mark_is_not_let_through() -> None:
    with pytest.raises(ValueError, match="control character"):
        stacked(["fine", f"not{PART}fine"])
    assert stacked([None]) == PART + NONE
