"""Automations: an event starts a recipe once, an answer ends it, and it acts to the second on allowed days."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.poc.reference_crm.counter import Counter, opened
from tests.poc.reference_crm.operations.test_tickets import advance, now

pytestmark = pytest.mark.pg
DAY = 86_400


@pytest.fixture(scope="module")
def bank(crm: Counter) -> Counter:
    """Three customers; the first consents to marketing."""
    for serial in (1, 2, 3):
        opened(crm, serial)
    consent(crm, "C000001", granted=True)
    return crm


def consent(crm: Counter, customer: str, *, granted: bool, channel: str = "app") -> None:
    word = {
        "customer": customer, "purpose": "marketing", "channel": channel, "version": "1", "granted": granted,
        "at": now(crm).isoformat(), "source": "app settings",
    }  # fmt: skip
    assert crm.ask("agent", "POST", "/v1/consents", json=word).status_code == 201


def recipe(crm: Counter, **given: object) -> str:
    body = {"name": "Maturity", "trigger": f"event-{given.get('name', 'm')}", "action": "remind"} | given
    made = crm.ask("marketing", "POST", "/v1/automations", json=body)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def happen(crm: Counter, event: str, customer: str = "C000001") -> None:
    taken = crm.ask("integration", "POST", "/v1/events", json={"event": event, "customer": customer})
    assert taken.status_code == 202, taken.text


def fired(crm: Counter, number: str) -> list[dict[str, Any]]:
    told = crm.ask("marketing", "GET", f"/v1/automations/{number}/fired")
    assert told.status_code == 200, told.text
    return list(told.json()["items"])


def test_a_recipe_acts_after_its_wait_to_the_second(bank: Counter) -> None:
    number = recipe(bank, trigger="maturity", wait_seconds=DAY)
    before = now(bank)
    happen(bank, "maturity")
    after = now(bank)
    advance(bank, timedelta(hours=23))
    assert fired(bank, number) == []
    advance(bank, timedelta(days=2))
    (one,) = fired(bank, number)
    assert before + timedelta(days=1) <= datetime.fromisoformat(one["at"]) <= after + timedelta(days=1)
    assert (one["customer"], one["action"], one["name"]) == ("C000001", "remind", "Maturity")


def test_a_recipe_without_wait_acts_at_once(bank: Counter) -> None:
    number = recipe(bank, trigger="inflow", action="follow_up")
    happen(bank, "inflow")
    assert len(fired(bank, number)) == 1


def test_the_same_event_again_starts_nothing_twice_while_it_waits(bank: Counter) -> None:
    number = recipe(bank, trigger="birthday", wait_seconds=60)
    for _ in range(3):
        happen(bank, "birthday")
    happen(bank, "birthday", "C000002")
    advance(bank, timedelta(hours=1))
    assert sorted(one["customer"] for one in fired(bank, number)) == ["C000001", "C000002"]
    happen(bank, "birthday")
    advance(bank, timedelta(hours=1))
    assert len(fired(bank, number)) == 3


def test_an_answer_ends_what_waits_and_nothing_else(bank: Counter) -> None:
    number = recipe(bank, trigger="offer", wait_seconds=3600, stop_on="reply", repeat=3)
    happen(bank, "offer")
    happen(bank, "offer", "C000002")
    advance(bank, timedelta(hours=1, minutes=1))
    happen(bank, "reply")
    advance(bank, timedelta(hours=9))
    assert [one["customer"] for one in fired(bank, number)].count("C000001") == 1
    assert [one["customer"] for one in fired(bank, number)].count("C000002") == 3


def test_repeats_within_one_move_of_the_clock_keep_their_moments(bank: Counter) -> None:
    number = recipe(bank, trigger="repeat", wait_seconds=3600, repeat=4)
    happen(bank, "repeat")
    advance(bank, timedelta(days=1))
    moments = [datetime.fromisoformat(one["at"]) for one in fired(bank, number)]
    assert [second - first for first, second in pairwise(moments)] == [timedelta(hours=1)] * 3


def test_weekends_and_holidays_are_skipped_where_asked(bank: Counter) -> None:
    number = recipe(bank, trigger="days", wait_seconds=DAY, skip=["weekend", "holiday"], repeat=7)
    happen(bank, "days")
    advance(bank, timedelta(days=14))
    days = [datetime.fromisoformat(one["at"]) + timedelta(hours=8) for one in fired(bank, number)]
    assert len(days) == 7
    assert not [day for day in days if day.weekday() >= 5]


def test_a_message_goes_only_to_who_consented_to_marketing(bank: Counter) -> None:
    number = recipe(bank, trigger="campaign", action="message", wait_seconds=60)
    happen(bank, "campaign", "C000001")
    happen(bank, "campaign", "C000002")
    advance(bank, timedelta(minutes=2))
    assert [one["customer"] for one in fired(bank, number)] == ["C000001"]
    consent(bank, "C000001", granted=False)
    happen(bank, "campaign", "C000001")
    advance(bank, timedelta(minutes=2))
    assert len(fired(bank, number)) == 1


def test_an_unknown_customer_or_automation_is_told(bank: Counter) -> None:
    nobody = bank.ask("integration", "POST", "/v1/events", json={"event": "reply", "customer": "C999999"})
    assert (nobody.status_code, bank.ask("marketing", "GET", "/v1/automations/Q-1/fired").status_code) == (404, 404)


@pytest.mark.parametrize(
    "wrong", [{"action": "shout"}, {"wait_seconds": -1}, {"repeat": 0}, {"skip": ["monday"]}, {"colour": "red"}]
)
def test_a_recipe_that_makes_no_sense_is_refused(bank: Counter, wrong: dict[str, object]) -> None:
    body = {"name": "x", "trigger": "y", "action": "remind"} | wrong
    assert bank.ask("marketing", "POST", "/v1/automations", json=body).status_code == 422


def test_what_an_automation_did_is_in_the_trail(bank: Counter) -> None:
    trail = bank.ask("auditor", "GET", "/v1/audit?subject=customers/C000001&action=automation.fired").json()["items"]
    assert {one["who"] for one in trail} == {"automation"}
    assert {one["result"] for one in trail} == {"ok", "withheld"}
