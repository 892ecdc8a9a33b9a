"""Automation: an event starts a recipe once, an answer ends it, and advertising needs a yes."""

from datetime import UTC, datetime, timedelta

import pytest

from poc.reference_crm.domain import automation
from poc.reference_crm.domain.automation import Recipe
from poc.reference_crm.domain.calendar import bank_calendar

FRIDAY = datetime(2026, 3, 6, 10, 0, 1, tzinfo=UTC)
REMINDER = Recipe(trigger="maturity", action="remind", wait=timedelta(days=1), stop_on="reply")


def test_a_trigger_starts_what_waits_for_it_and_nothing_twice() -> None:
    assert automation.is_started(REMINDER, "maturity", pending=False)
    assert not automation.is_started(REMINDER, "maturity", pending=True)
    assert not automation.is_started(REMINDER, "birthday", pending=False)


def test_only_the_named_event_stops_a_recipe() -> None:
    assert automation.is_stopped(REMINDER, "reply")
    assert not automation.is_stopped(REMINDER, "maturity")


def test_a_recipe_is_due_after_its_wait_to_the_second() -> None:
    assert automation.due(REMINDER, FRIDAY, bank_calendar()) == FRIDAY + timedelta(days=1)


def test_a_recipe_that_rests_on_weekends_acts_on_monday() -> None:
    resting = Recipe(trigger="x", action="remind", wait=timedelta(days=1), skip=frozenset({"weekend"}))
    assert automation.due(resting, FRIDAY, bank_calendar()) == FRIDAY + timedelta(days=3)


@pytest.mark.parametrize(
    ("action", "consented", "restricted", "may"),
    [
        ("message", True, False, True),
        ("message", False, False, False),
        ("message", True, True, False),
        ("remind", False, False, True),
        ("follow_up", False, True, True),
    ],
)
def test_advertising_needs_consent_and_processing(action: str, consented: bool, restricted: bool, may: bool) -> None:
    assert automation.may_act(action, consented=consented, restricted=restricted) is may


def test_no_word_from_the_customer_is_no_consent() -> None:
    assert not automation.is_consented(None)
    assert not automation.is_consented(False)
    assert automation.is_consented(True)
