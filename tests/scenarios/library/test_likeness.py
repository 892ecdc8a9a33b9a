"""Likeness: a value is the same however JSON writes it, and a mask fits only what it may hide."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from scenarios.library.likeness import differences, hints_at, moment, same
from tests.scenarios.library.answering import customer, shown

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ours", "told"),
    [
        (Decimal("12.50"), "12.5"),
        (Decimal("12.50"), 12.5),
        (date(2026, 3, 4), "2026-03-04"),
        (date(2026, 3, 4), "2026-03-04T00:00:00Z"),
        (NOON, "2026-03-04T20:00:00+08:00"),
        (True, True),
        (None, None),
        (None, ""),
        (("b", "a"), ["a", "b"]),
        ("欧阳", "欧阳"),
    ],
)
def test_the_same_in_other_clothes(ours: object, told: object) -> None:
    assert same(ours, told)


@pytest.mark.parametrize(
    ("ours", "told"),
    [
        (Decimal("12.50"), "12.51"),
        (Decimal("12.50"), "a lot"),
        (date(2026, 3, 4), "2026-03-05"),
        (NOON, "2026-03-04T12:00:01+00:00"),
        (NOON, "some day"),
        (True, "yes"),
        (True, 1),
        ("x", None),
        (None, "x"),
        (("a", "b"), ["a"]),
        ("欧阳", "欧 阳"),
    ],
)
def test_not_the_same(ours: object, told: object) -> None:
    assert not same(ours, told)


@pytest.mark.parametrize(
    ("ours", "told", "fits"),
    [
        ("15443626847", "154****6847", True),
        ("15443626847", "154****6848", False),
        ("ada@example.com", "a***@example.com", True),
        (date(1980, 5, 6), "1980-**-**", True),
        (date(1980, 5, 6), "1981-**-**", False),
        ("15443626847", "15443626847", True),
        ("15443626847", "1544362684", False),
        ("medium", "*", False),
        (None, "***", False),
    ],
)
def test_a_mask_fits_what_it_hides(ours: object, told: str, fits: bool) -> None:
    assert hints_at(ours, told) is fits


def test_differences_name_record_field_and_both_values() -> None:
    ada = customer()
    assert list(differences(ada, shown(ada))) == []
    assert list(differences(ada, shown(ada, tier="private"))) == ["C1.tier: 'private' instead of mass"]
    assert list(differences(ada, shown(ada, tier="private"), leave_out=("tier",))) == []


def test_what_names_no_instant_is_none() -> None:
    assert moment("soon") is None
    assert moment("2026-03-04T12:00:00+00:00") == NOON
