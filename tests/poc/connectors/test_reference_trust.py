"""Reference trust: each verb of sign-on and passkeys becomes one request; what comes back is read."""

from typing import Any

import pytest

from poc.connectors.reference import ReferenceConnector
from poc.connectors.reference_trust import ReferenceTrust
from scenarios.port import Reply, Request, Steps
from scenarios.trust import Departure, Provider
from tests.poc.connectors.test_reference import asked

CRM = ReferenceConnector()
OIDC = Provider(name="p", protocol="oidc", issuer="https://idp", client="us", secret="s", groups={"g": "rm"})
SAML = Provider(name="p", protocol="saml", issuer="https://idp", sign_on_url="https://idp/x", certificate="PEM")
AWAY = Departure(url="https://idp/x", headers={"Cookie": "c=1"})
TOKENS = {"access_token": "t", "refresh_token": "r", "expires_in": 9, "return_to": "/desk"}
OPTIONS: dict[str, Any] = {"publicKey": {"challenge": "c"}, "origin": "https://crm"}
SHARED = {"name": "p", "issuer": "https://idp", "groups_claim": "groups"}


@pytest.mark.parametrize(
    ("steps", "told", "wanted"),
    [
        (CRM.whoami(), {"username": "ada", "role": "rm"}, ("GET", "/v1/me", None)),
        (CRM.trust_provider(OIDC), {"id": "P-1"},
         ("POST", "/v1/identity-providers", {**SHARED, "protocol": "oidc", "groups": {"g": "rm"}, "client_id": "us",
                                             "client_secret": "s"})),
        (CRM.trust_provider(SAML), {"id": "P-1"},
         ("POST", "/v1/identity-providers", {**SHARED, "protocol": "saml", "groups": {},
                                             "sign_on_url": "https://idp/x", "certificate": "PEM"})),
        (CRM.drop_provider("P-1"), None, ("DELETE", "/v1/identity-providers/P-1", None)),
        (CRM.link_subject("P-1", "9", "ada"), None,
         ("PUT", "/v1/identity-providers/P-1/subjects", {"subject": "9", "username": "ada"})),
        (CRM.arrive("P-1", AWAY, {"code": "c", "state": "s"}), TOKENS, ("GET", "/v1/auth/sso/P-1/callback", None)),
        (CRM.arrive("P-1", AWAY, {"SAMLResponse": "a+b=", "RelayState": "s"}), TOKENS,
         ("POST", "/v1/auth/sso/P-1/acs", None)),
        (CRM.require_sign_on("ada"), None, ("PATCH", "/v1/users/ada", {"sso_only": True})),
        (CRM.ask_passkey(), OPTIONS, ("POST", "/v1/me/passkeys/challenge", None)),
        (CRM.add_passkey({"id": "x"}), None,
         ("POST", "/v1/me/passkeys", {"label": "a passkey", "credential": {"id": "x"}})),
        (CRM.challenge_passkey(), OPTIONS, ("POST", "/v1/auth/passkey/challenge", None)),
        (CRM.enter_with_passkey({"id": "x"}), TOKENS, ("POST", "/v1/auth/passkey", {"credential": {"id": "x"}})),
    ],
)  # fmt: skip
def test_a_verb_of_trust_becomes_one_request(steps: Steps[object], told: object, wanted: object) -> None:
    _, requests = asked(steps, told)
    assert [(one.method, one.path, one.json) for one in requests] == [wanted]


def test_a_browser_comes_back_with_its_cookie_and_what_it_was_given() -> None:
    arrival, (request,) = asked(CRM.arrive("P-1", AWAY, {"SAMLResponse": "a+b=", "RelayState": "s"}), TOKENS)
    assert request.headers["Cookie"] == "c=1"
    assert request.content == b"SAMLResponse=a%2Bb%3D&RelayState=s"
    assert arrival.onward == "/desk"  # type: ignore[attr-defined]
    assert arrival.session.headers == {"Authorization": "Bearer t"}  # type: ignore[attr-defined]


def test_a_departure_is_where_the_reply_sends_with_the_cookie_it_gives() -> None:
    steps = ReferenceTrust.depart(CRM, "P-1", "/desk")
    request = next(steps)
    assert isinstance(request, Request)
    assert (request.path, request.query) == ("/v1/auth/sso/P-1", {"return_to": "/desk"})
    headers = {"location": "https://idp/x?state=s", "set-cookie": "__Host-sso=b; Path=/; Secure"}
    with pytest.raises(StopIteration) as end:
        steps.send(Reply(status=303, headers=headers, body=b""))
    assert end.value.value == Departure(url="https://idp/x?state=s", headers={"Cookie": "__Host-sso=b"})
