"""Survivorship: the stricter judgement and the longer bond survive, and nobody becomes their own guardian."""

from datetime import date
from typing import Any

import pytest

from poc.reference_crm.domain import survivorship

FILE: dict[str, Any] = {
    "number": "C1", "aml_rating": "low", "since": date(2020, 1, 1), "legal_hold": False, "guardian": None,
}  # fmt: skip


def merged(**other: object) -> dict[str, object]:
    return survivorship.merged(FILE, FILE | {"number": "C2"} | other)


def test_two_equal_files_change_nothing() -> None:
    assert merged() == {name: FILE[name] for name in FILE if name != "number"}


@pytest.mark.parametrize(
    ("field", "dropped", "holds"),
    [
        ("aml_rating", "high", "high"),
        ("since", "2018-05-05", date(2018, 5, 5)),
        ("since", date(2022, 1, 1), date(2020, 1, 1)),
        ("legal_hold", True, True),
        ("guardian", "C7", "C7"),
        ("guardian", "C1", None),
    ],
)
def test_the_stricter_value_of_either_file_holds(field: str, dropped: object, holds: object) -> None:
    assert merged(**{field: dropped})[field] == holds


def test_of_two_kyc_files_the_strictest_findings_hold() -> None:
    files = [
        {"level": "normal", "status": "overdue", "due_on": date(2027, 1, 1)},
        {"level": "enhanced", "status": "verified", "due_on": date(2026, 1, 1)},
    ]
    strict = {"level": "enhanced", "status": "overdue", "due_on": date(2026, 1, 1)}
    assert survivorship.strictest(files) == survivorship.strictest(files[::-1]) == strict
