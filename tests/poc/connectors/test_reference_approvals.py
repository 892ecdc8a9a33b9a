"""Reference approvals: each verb becomes the request that the interface wants, and its reply our nouns."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from poc.connectors.reference import ReferenceConnector
from scenarios.answers import Approval, ApprovalFlow, ApprovalLevel
from scenarios.port import Reply, Request, Steps, drive
from synthetic_data.records import Opportunity
from tests.poc.connectors.test_reference import reply

CRM = ReferenceConnector()
TOLD = {
    "number": "A-1", "state": "pending", "level": 2, "levels": [{}, {}], "waits_for": ["manager"],
    "agreed": [{"who": "ann", "role": "rm", "level": 1, "on_behalf": ""}],
}  # fmt: skip
FLOW = ApprovalFlow(
    name="Large", kind=Opportunity, where={"product": ("loan",)}, at_least=Decimal(5),
    levels=(ApprovalLevel(roles=("manager",), at_least=Decimal(9), hours=2.0, escalate_to=("compliance",)),),
)  # fmt: skip
BODY = {
    "name": "Large",
    "kind": "opportunities",
    "when": [{"field": "product", "among": ["loan"]}, {"field": "amount", "at_least": "5"}],
    "levels": [
        {"roles": ["manager"], "need": "any", "when": [{"field": "amount", "at_least": "9"}], "hours": 2.0,
         "escalate_to": ["compliance"]},
    ],
}  # fmt: skip


def asked(steps: Steps[object], told: object) -> tuple[object, Request]:
    requests: list[Request] = []

    def send(request: Request) -> Reply:
        requests.append(request)
        return reply(told)

    return drive(steps, send, CRM.error_of), requests[0]


@pytest.mark.parametrize(
    ("steps", "told", "method", "path", "json"),
    [
        (CRM.set_up_flow(FLOW), {"number": "F-1"}, "POST", "/v1/approval-flows", BODY),
        (CRM.set_up_flow(FLOW, "F-1"), {"number": "F-1"}, "PUT", "/v1/approval-flows/F-1", BODY),
        (CRM.retire_flow("F-1"), None, "DELETE", "/v1/approval-flows/F-1", None),
        (CRM.approval("A-1"), TOLD, "GET", "/v1/approvals/A-1", None),
        (CRM.decide("A-1", "return", {"to": 1}), TOLD, "POST", "/v1/approvals/A-1/acts", {"act": "return", "to": 1}),
        (
            CRM.propose(Opportunity, "O1", {"amount": Decimal("7.50")}), TOLD, "POST", "/v1/approvals",
            {"kind": "opportunities", "record": "O1", "changes": {"amount": "7.50"}},
        ),
        (
            CRM.lend_approval("bob", datetime(2026, 6, 30, tzinfo=UTC)), {"number": "L-1"}, "POST",
            "/v1/approval-loans", {"to": "bob", "until": "2026-06-30T00:00:00+00:00"},
        ),
    ],
)  # fmt: skip
def test_a_verb_becomes_one_request(steps: Steps[object], told: object, method: str, path: str, json: object) -> None:
    _, request = asked(steps, told)
    assert (request.method, request.path, request.json) == (method, path, json)


def test_a_request_is_told_in_our_nouns() -> None:
    given, _ = asked(CRM.approval("A-1"), TOLD)
    assert given == Approval(number="A-1", state="pending", level=2, levels=2, waits_for=("manager",), agreed=("ann",))


def test_a_simulation_tells_the_levels() -> None:
    told = {"flow": "F-1", "levels": [{"roles": ["manager"], "need": "all", "hours": None, "escalate_to": []}]}
    given, request = asked(CRM.simulate_flow(Opportunity, {"amount": "5"}), told)
    assert given == (ApprovalLevel(roles=("manager",), need="all"),)
    assert request.json == {"kind": "opportunities", "values": {"amount": "5"}}
