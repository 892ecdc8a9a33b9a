"""Alerts: the trail is watched, what is misuse is told, and who must be stopped is."""

import pytest

from poc.reference_crm.operations.alerts import Guard
from tests.poc.reference_crm.counter import PASSWORD, Counter, customer

pytestmark = pytest.mark.pg


def told(crm: Counter, guard: Guard, who: str) -> list[tuple[str, bool]]:
    """Kinds of alerts on somebody; the service keeps a watch of its own, which may see a rule change a deed later."""
    crm.wait(guard.look())
    items = crm.ask("auditor", "GET", "/v1/alerts").json()["items"]
    return list(dict.fromkeys((one["rule"], one["stopped"]) for one in items if one["who"] == who))


def rule(crm: Counter, name: str, **settings: object) -> None:
    changed = crm.ask("admin", "PATCH", f"/v1/alert-rules/{name}", json=settings)
    assert changed.status_code == 200, changed.text


def someone(crm: Counter, name: str, role: str) -> None:
    person = {"username": name, "password": PASSWORD, "role": role, "branch": "", "name": name}
    assert crm.ask("admin", "POST", "/v1/users", json=person).status_code == 201
    crm.token(name)


def test_an_export_of_too_many_records_is_told_and_stops_its_maker_where_the_bank_wants_it(crm: Counter) -> None:
    guard = Guard(crm.desk)
    for serial in range(100, 103):
        assert crm.ask("integration", "POST", "/v1/customers", json=customer(serial)).status_code == 201
    someone(crm, "exporter", "compliance")
    assert crm.ask("exporter", "GET", "/v1/exports/customers").status_code == 200
    assert told(crm, guard, "exporter") == []
    rule(crm, "bulk-export", most=2, then="stop")
    assert crm.ask("exporter", "GET", "/v1/exports/customers").status_code == 200
    assert told(crm, guard, "exporter") == [("bulk-export", True)]
    assert crm.ask("exporter", "GET", "/v1/exports/customers").status_code == 401
    rule(crm, "bulk-export", most=50_000, then="alert")
    assert told(crm, guard, "exporter") == [("bulk-export", True)]


def test_a_leaver_and_a_shared_account_are_told(crm: Counter) -> None:
    guard = Guard(crm.desk)
    someone(crm, "leaver", "compliance")
    today = crm.ask("admin", "GET", "/v1/clock").json()["now"][:10]
    assert crm.ask("admin", "PATCH", "/v1/users/leaver", json={"leaves_on": today}).status_code == 200
    assert crm.ask("leaver", "GET", "/v1/exports/customers").status_code == 200
    assert told(crm, guard, "leaver") == [("leavers-export", False)]
    someone(crm, "shared", "agent")
    for _ in range(3):
        crm.sign_in("shared")
    assert told(crm, guard, "shared") == [("shared-account", False)]


def test_somebody_who_gives_themselves_a_role_is_told_and_only_admins_set_rules(crm: Counter) -> None:
    guard = Guard(crm.desk)
    someone(crm, "boss", "admin")
    assert crm.ask("boss", "PATCH", "/v1/users/boss", json={"role": "compliance"}).status_code == 200
    assert told(crm, guard, "boss") == [("conflicting-duties", False)]
    assert crm.ask("compliance", "PATCH", "/v1/alert-rules/bulk-export", json={"most": 1}).status_code == 403
    assert crm.ask("admin", "PATCH", "/v1/alert-rules/none-such", json={"most": 1}).status_code == 404
    assert len(crm.ask("admin", "GET", "/v1/alert-rules").json()["items"]) == 6


def test_asking_for_customers_of_other_branches_is_told_although_none_is_shown(crm: Counter) -> None:
    guard = Guard(crm.desk)
    assert crm.ask("integration", "POST", "/v1/customers", json=customer(150)).status_code == 201
    rule(crm, "foreign-customers", most=0)
    assert crm.ask("rm-b", "GET", "/v1/customers/C000150").status_code == 404
    assert told(crm, guard, "rm-b") == [("foreign-customers", False)]
    rule(crm, "foreign-customers", most=20)


def test_prominent_customers_are_guarded_outside_the_day(crm: Counter) -> None:
    guard = Guard(crm.desk)
    assert crm.ask("integration", "POST", "/v1/customers", json=customer(151, tier="private")).status_code == 201
    rule(crm, "night-browsing", most=0, day=["00:00", "00:00"])
    assert crm.ask("rm-a", "GET", "/v1/customers/C000151").status_code == 200
    assert told(crm, guard, "rm-a") == [("night-browsing", False)]
    rule(crm, "night-browsing", most=5, day=["07:00", "21:00"])
