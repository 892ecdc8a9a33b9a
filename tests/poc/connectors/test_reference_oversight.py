"""Reference oversight: each verb becomes one request, and a session stays in its tenant."""

from datetime import UTC, date, datetime

import pytest

from poc.connectors.reference import ReferenceConnector
from scenarios.actors import Credential
from scenarios.answers import Session
from scenarios.oversight import Alert, Origin, Tenant
from scenarios.port import Steps
from synthetic_data.records import Customer, Opportunity
from tests.poc.connectors.test_reference import asked, one

CRM = ReferenceConnector()
ADA = Credential(username="ada", secret="Long-enough-7", tenant="delta")
DELTA = {"name": "delta", "store": "s", "key": "k"}


@pytest.mark.parametrize(
    ("steps", "told", "wanted"),
    [
        (CRM.open_tenant("delta", ADA), DELTA,
         ("POST", "/v1/tenants", {}, {"name": "delta", "username": "ada", "password": "Long-enough-7"})),
        (CRM.tenants(), {"items": [DELTA]}, ("GET", "/v1/tenants", {}, None)),
        (CRM.close_tenant("delta"), None, ("DELETE", "/v1/tenants/delta", {}, None)),
        (CRM.wall_off(Opportunity, "O1", ["ada"]), None,
         ("PUT", "/v1/opportunities/O1/wall", {}, {"members": ["ada"]})),
        (CRM.take_wall_down(Opportunity, "O1"), None, ("DELETE", "/v1/opportunities/O1/wall", {}, None)),
        (CRM.alert_rules(), {"items": []}, ("GET", "/v1/alert-rules", {}, None)),
        (CRM.watch_for("bulk-export", {"most": 1}), None, ("PATCH", "/v1/alert-rules/bulk-export", {}, {"most": 1})),
        (CRM.announce_leaver("ada", date(2026, 1, 2)), None,
         ("PATCH", "/v1/users/ada", {}, {"leaves_on": "2026-01-02"})),
    ],
)  # fmt: skip
def test_a_verb_becomes_one_request(steps: Steps[object], told: object, wanted: object) -> None:
    _, requests = asked(steps, told)
    assert [one(request) for request in requests] == [wanted]


def test_answers_are_told_in_the_words_of_the_port() -> None:
    at = "2026-01-01T08:00:00Z"
    row = {"field": "tier", "source": "merge", "job": "", "origin": "customers/C2", "who": "ada", "at": at}
    origins, _ = asked(CRM.lineage(Customer, "C1"), {"items": [row]})
    when = datetime(2026, 1, 1, 8, tzinfo=UTC)
    assert origins == (Origin(field="tier", source="merge", record="C2", who="ada", at=when),)
    alert = {"rule": "bulk-export", "who": "ada", "at": at, "told_at": at, "stopped": True}
    alerts, _ = asked(CRM.alerts(), {"items": [alert]})
    assert alerts == (Alert(rule="bulk-export", who="ada", at=when, told_at=when, stopped=True),)
    assert asked(CRM.open_tenant("delta", ADA), DELTA)[0] == Tenant(name="delta", store="s", key="k")
    rules, _ = asked(CRM.alert_rules(), {"items": [{"name": "bulk-export", "says": "x", "most": 1}]})
    assert rules == {"bulk-export": {"most": 1}}


def test_a_session_stays_in_its_tenant_and_can_claim_another() -> None:
    session, (request,) = asked(CRM.sign_in(ADA), {"access_token": "t"})
    assert isinstance(session, Session)
    assert (request.headers, session.headers["X-Tenant"]) == ({"X-Tenant": "delta"}, "delta")
    assert CRM.elsewhere(session, "other").headers["X-Tenant"] == "other"
    assert dict(CRM.elsewhere(session, None).headers) == {"Authorization": "Bearer t"}
