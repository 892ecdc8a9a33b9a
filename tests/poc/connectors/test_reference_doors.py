"""Reference doors: each way in becomes one request, and a key opens a session of its own."""

from collections.abc import Mapping

import pytest

from poc.connectors.reference import ReferenceConnector
from scenarios.actors import Credential
from scenarios.port import Request, Steps
from tests.poc.connectors.test_reference import asked

CRM = ReferenceConnector()
ADA = Credential(username="ada", secret="Long-enough-7", branch="BR01")
SCIM = "urn:ietf:params:scim:schemas:core:2.0:User"
BANK = "urn:touchstone:params:scim:schemas:2.0:User"
OUT = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    "Operations": [{"op": "replace", "path": "active", "value": False}],
}


def one(request: Request) -> tuple[str, str, Mapping[str, str], object]:
    return request.method, request.path, request.query, request.json


@pytest.mark.parametrize(
    ("steps", "told", "wanted"),
    [
        (CRM.enrol_factor(), {"secret": "ABC"}, ("POST", "/v1/me/factor", {}, None)),
        (CRM.confirm_factor("123456"), None, ("POST", "/v1/me/factor/confirm", {}, {"otp": "123456"})),
        (CRM.step_up("123456"), None, ("POST", "/v1/me/step-up", {}, {"otp": "123456"})),
        (CRM.issue_key("ada", ["customer.get"], 60), {"id": "k", "api_key": "x"},
         ("POST", "/v1/keys", {}, {"username": "ada", "scopes": ["customer.get"], "expires_in": 60})),
        (CRM.end_key("k"), None, ("DELETE", "/v1/keys/k", {}, None)),
        (CRM.provision(ADA, "rm"), {"id": "ada"},
         ("POST", "/scim/v2/Users", {},
          {"schemas": [SCIM], "userName": "ada", "password": "Long-enough-7", "roles": [{"value": "rm"}],
           BANK: {"branch": "BR01"}})),
        (CRM.find_provisioned("ada"), {"Resources": []},
         ("GET", "/scim/v2/Users", {"filter": 'userName eq "ada"'}, None)),
        (CRM.deprovision("ada"), None, ("PATCH", "/scim/v2/Users/ada", {}, OUT)),
        (CRM.view_as("ada", "a page is empty", 60), {"access_token": "t", "expires_in": 60},
         ("POST", "/v1/users/ada/views", {}, {"reason": "a page is empty", "seconds": 60})),
        (CRM.limit_idle("ada", 3), None, ("PATCH", "/v1/users/ada", {}, {"idle_seconds": 3})),
    ],
)  # fmt: skip
def test_a_way_in_becomes_one_request(steps: Steps[object], told: object, wanted: object) -> None:
    _, requests = asked(steps, told)
    assert [one(request) for request in requests] == [wanted]


def test_a_key_opens_a_session_and_a_code_goes_along_at_sign_in() -> None:
    key, _ = asked(CRM.issue_key("ada", ["customer.get"], 60), {"id": "k", "api_key": "x"})
    assert key.session.headers == {"Authorization": "Bearer x"}  # type: ignore[attr-defined]
    with_code = Credential(username="ada", secret="Long-enough-7", otp="123456")
    _, requests = asked(CRM.sign_in(with_code), {"access_token": "t"})
    assert requests[0].json == {"username": "ada", "password": "Long-enough-7", "otp": "123456"}
