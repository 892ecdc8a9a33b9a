"""Masterdata: what comes back otherwise, slips through, is lost, late or nameless fails; what is right passes."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scenarios.answers import Change
from scenarios.library.customers import masterdata as m
from tests.scenarios.library.answering import customer, shown

ADA = customer()


@pytest.mark.parametrize(
    ("told", "passed"),
    [(shown(ADA), True), (shown(ADA, occupation="Archivis"), False), (shown(ADA, email=None), False), (None, False)],
)
def test_a_value_that_comes_back_otherwise_or_not_at_all_is_corruption(told: object, passed: bool) -> None:
    seen = m.Entered((m.Shown("get", ADA, told),))  # type: ignore[arg-type]
    assert m.valid_values_come_back_unchanged(seen).passed is passed


def test_one_invalid_value_in_a_hundred_may_slip_through_two_may_not() -> None:
    refused, kept = m.Tried("mobile", "invalid", False), m.Tried("mobile", None, True)
    assert m.invalid_values_are_refused(m.Trials((*[refused] * 99, kept))).passed
    verdict = m.invalid_values_are_refused(m.Trials((*[refused] * 98, kept, kept)))
    assert not verdict.passed
    assert verdict.measures["invalid_accepted_share"] == 0.02


def test_a_crash_is_no_refusal_and_a_refusal_that_keeps_the_row_is_none() -> None:
    for tried in (m.Tried("mobile", "server-error", False), m.Tried("mobile", "invalid", True)):
        assert not m.invalid_values_are_refused(m.Trials((tried,))).passed


@pytest.mark.parametrize(
    ("said", "stands", "passed"),
    [
        ((None, "conflict"), "a", True),
        ((None, None), "b", False),  # the last one silently won
        (("conflict", "conflict"), "", False),  # nobody may write
        ((None, "conflict"), "b", False),  # who was refused stands
        ((None, "server-error"), "a", False),
    ],
)
def test_exactly_one_of_two_writers_is_told_yes_and_stands(
    said: tuple[str | None, ...], stands: str, passed: bool
) -> None:
    contest = m.Contest(("a", "b"), said, stands)
    assert m.no_update_is_lost(m.Contests((contest,), ())).passed is passed
    assert m.no_update_is_lost(m.Contests((), (contest,))).passed is passed


@pytest.mark.parametrize(("slow", "passed"), [(0.2, True), (3.0, False), (None, False)])
def test_late_and_unseen_changes_fail(slow: float | None, passed: bool) -> None:
    verdict = m.changes_are_seen_at_once(m.Lags((*[m.Lag("find", 0.1)] * 8, *[m.Lag("list", slow)] * 2)))
    assert verdict.passed is passed
    assert verdict.measures["seen_lag_p95_s"] == (m.LOST_AFTER if slow is None else slow)


def change(field: str, who: str, source: str) -> Change:
    return Change(at=datetime(2026, 1, 1, tzinfo=UTC), who=who, field=field, before="", after="Told by", source=source)


@pytest.mark.parametrize(
    ("who", "source", "passed"),
    [("rm-a", "api", True), ("rm-a", "", False), ("", "api", False), ("core", "api", False)],
)
def test_both_changes_name_author_and_door_and_authors_differ(who: str, source: str, passed: bool) -> None:
    seen = m.Provenance((change("employer", "core", "sync"), change("occupation", who, source)))
    assert m.each_field_names_its_source(seen).passed is passed


def test_a_single_change_in_the_history_is_not_enough() -> None:
    assert not m.each_field_names_its_source(m.Provenance((change("employer", "core", "api"),))).passed


def test_the_readings_compare_every_field() -> None:
    other = replace(ADA, guardian="C9")
    assert not m.valid_values_come_back_unchanged(m.Entered((m.Shown("get", other, shown(ADA)),))).passed
