"""Reference conditions: each verb becomes one request, and what is exported reads back as it was set."""

from datetime import time

import pytest

from poc.connectors.reference import ReferenceConnector
from scenarios.conditions import AccessCondition
from scenarios.port import Steps
from tests.poc.connectors.test_reference import asked

CRM = ReferenceConnector()
NIGHT = AccessCondition(
    name="night", operations=("customer.get",), roles=("agent",), hours=(time(22), time(6)), networks=("10.0.0.0/8",)
)
TOLD = {
    "name": "night", "operations": ["customer.get"], "roles": ["agent"], "networks": ["10.0.0.0/8"],
    "hours": {"opens": "22:00", "closes": "06:00"}, "tier_up_to": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "told", "wanted"),
    [
        (CRM.set_condition(NIGHT), {"number": "R-1"}, ("POST", "/v1/policy/conditions", TOLD)),
        (CRM.lift_condition("R-1"), None, ("DELETE", "/v1/policy/conditions/R-1", None)),
        (CRM.set_rights("customer.get", ["rm"]), {}, ("PUT", "/v1/policy/operations/customer.get", {"roles": ["rm"]})),
        (CRM.set_rights("customer.get", None), {}, ("DELETE", "/v1/policy/operations/customer.get", None)),
    ],
)
def test_each_verb_is_one_request(steps: Steps[object], told: object, wanted: tuple[object, ...]) -> None:
    _, sent = asked(steps, told)
    assert [(one.method, one.path, one.json) for one in sent] == [wanted]


def test_exported_conditions_read_back_as_they_were_set() -> None:
    found, _ = asked(CRM.conditions(), {"conditions": [{**TOLD, "number": "R-1", "branches": []}]})
    assert found == (NIGHT,)
