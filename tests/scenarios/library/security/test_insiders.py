"""Insiders: what a judge makes of alerts, their moment, false ones and who was stopped."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scenarios.answers import AuditEntry
from scenarios.library.security import insiders
from scenarios.library.security.insiders import PLAYED, Seen
from scenarios.oversight import MISUSES, Alert
from scenarios.port import Unsupported

AT = datetime(2026, 6, 30, 8, tzinfo=UTC)
ALERTS = tuple(Alert(rule=one, who=PLAYED[one], at=AT, told_at=AT + timedelta(seconds=2)) for one in MISUSES)
LOGGED = tuple(AuditEntry(id=who, at=AT, who=who, action="customer.read") for who in PLAYED.values())


def seen(**changes: Any) -> Seen:
    good = Seen(ALERTS, PLAYED, frozenset(MISUSES), LOGGED, True, frozenset({"calm", "steady"}))
    return good._replace(**changes)


def failed(story: Seen) -> set[str]:
    return {one.name for one in insiders.people_who_are_let_in_misuse_it.checks if not one.judge(story).passed}


def test_who_tells_all_six_in_time_and_stops_passes() -> None:
    assert failed(seen()) == set()


def test_an_alert_on_somebody_else_is_none() -> None:
    others = tuple(replace(one, who="somebody") if one.rule == "bulk-export" else one for one in ALERTS)
    assert failed(seen(alerts=others)) == {"bulk_export_is_noticed"}


def test_late_false_and_toothless_alerts_are_blamed() -> None:
    late = tuple(replace(one, told_at=AT + timedelta(minutes=6)) for one in ALERTS)
    assert failed(seen(alerts=late)) == {"alerts_come_in_time"}
    wrong = (*ALERTS, Alert(rule="night-browsing", who="calm", at=AT, told_at=AT))
    assert failed(seen(alerts=wrong)) == {"clean_days_raise_few_alarms"}
    assert failed(seen(stopped=False, logged=LOGGED[:-1])) == {"misuse_is_stopped", "misuse_is_logged"}


def test_what_could_not_be_played_is_no_offer_of_the_product() -> None:
    with pytest.raises(Unsupported, match="leavers-export"):
        insiders.a_leavers_export_is_noticed(seen(tried=frozenset({"bulk-export"})))
    with pytest.raises(Unsupported):
        insiders.misuse_is_stopped(seen(stopped=None))
