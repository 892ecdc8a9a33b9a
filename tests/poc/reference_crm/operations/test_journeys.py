"""Journeys: logins by way of a provider of SAML, and of OpenID Connect at a receiver of the bench's."""

import base64
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import orjson
import pytest

from poc.connectors.receivers import Receivers
from poc.lab.authority import identity
from poc.lab.receivers import RECEIVER_HOST, receivers
from scenarios.identity import SigningKey, Statement, assertion, response, stamp, token
from scenarios.listening import SOUND
from tests.poc.reference_crm.counter import PASSWORD, Counter, counter

pytestmark = pytest.mark.pg
KEY, OTHER = SigningKey("journeys"), SigningKey("journeys newer")
ISSUER = "https://idp.example/saml"
GROUPS = {"staff": "agent", "sellers": "marketing"}


@pytest.fixture(scope="module")
def crm(crm_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """The service, which trusts the lab's authority and may call the bench's receivers."""
    folder = tmp_path_factory.mktemp("authority")
    papers = identity(folder)
    networks = f"{RECEIVER_HOST}/32"
    with counter(crm_database, webhook_ca=papers.authority, webhook_networks=networks) as opened:
        opened.papers = receivers(folder)  # type: ignore[attr-defined]
        yield opened


@pytest.fixture(scope="module")
def saml(crm: Counter) -> str:
    told = {
        "name": "SAML", "protocol": "saml", "issuer": ISSUER, "sign_on_url": f"{ISSUER}/sign-on", "groups": GROUPS,
        "certificate": KEY.certificate(datetime(2026, 1, 1, tzinfo=UTC)), "newcomers": True,
    }  # fmt: skip
    reply = crm.ask("admin", "POST", "/v1/identity-providers", json=told)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


def departed(crm: Counter, provider: str, onward: str = "/desk") -> tuple[str, dict[str, str]]:
    """Where the browser is sent, and the cookie that it was given."""
    reply = crm.ask(None, "GET", f"/v1/auth/sso/{provider}", params={"return_to": onward})
    assert reply.status_code == 303, reply.text
    crm._http.cookies.clear()
    return reply.headers["location"], {"Cookie": reply.headers["set-cookie"].partition(";")[0]}


def said(url: str, **other: Any) -> Statement:
    query = parse_qs(urlsplit(url).query)
    request = ElementTree.fromstring(zlib.decompress(base64.b64decode(query["SAMLRequest"][0]), wbits=-15))
    issuer = request.find("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer")
    assert issuer is not None
    return Statement(
        issuer=ISSUER, subject="4711", audience=issuer.text or "", at=datetime.now(UTC),
        recipient=request.get("AssertionConsumerServiceURL", ""), request=request.get("ID", ""),
        number=request.get("ID", "") + "a", groups=("staff",),
    ).but(**other)  # fmt: skip


def brought(crm: Counter, provider: str, url: str, cookie: dict[str, str], told: str) -> Any:
    form = {"SAMLResponse": told, "RelayState": parse_qs(urlsplit(url).query)["RelayState"][0]}
    return crm.ask(None, "POST", f"/v1/auth/sso/{provider}/acs", data=form, headers=cookie)


def signed_on(crm: Counter, provider: str, **other: Any) -> Any:
    url, cookie = departed(crm, provider)
    told = said(url, **other)
    return brought(crm, provider, url, cookie, response(told, assertion(told, KEY)))


def me(crm: Counter, reply: Any) -> tuple[str, str]:
    assert reply.status_code == 200, reply.text
    headers = {"Authorization": f"Bearer {reply.json()['access_token']}"}
    told = crm.ask(None, "GET", "/v1/me", headers=headers).json()
    return told["username"], told["role"]


def test_a_linked_subject_signs_on_with_the_role_of_its_groups(crm: Counter, saml: str) -> None:
    link = {"subject": "4711", "username": "agent"}
    assert crm.ask("admin", "PUT", f"/v1/identity-providers/{saml}/subjects", json=link).status_code == 204
    reply = signed_on(crm, saml)
    assert me(crm, reply) == ("agent", "agent")
    assert reply.json()["return_to"] == "/desk"
    assert me(crm, signed_on(crm, saml, groups=("sellers", "staff"))) == ("agent", "agent")
    assert me(crm, signed_on(crm, saml, groups=("sellers",))) == ("agent", "marketing")
    assert signed_on(crm, saml, groups=("others",)).status_code == 401


def test_a_newcomer_is_taken_on_under_a_name_of_their_own_and_without_a_password(crm: Counter, saml: str) -> None:
    name, role = me(crm, signed_on(crm, saml, subject="rm-a"))
    assert name.startswith("sso-")
    assert role == "agent"
    assert me(crm, signed_on(crm, saml, subject="rm-a")) == (name, "agent")
    assert crm.ask("admin", "PATCH", f"/v1/users/{name}", json={"disabled": True}).status_code == 200
    assert signed_on(crm, saml, subject="rm-a").status_code == 401


def test_what_was_brought_once_or_by_another_browser_opens_nothing(crm: Counter, saml: str) -> None:
    url, cookie = departed(crm, saml)
    told = response(said(url, subject="once"), assertion(said(url, subject="once"), KEY))
    assert brought(crm, saml, url, {}, told).status_code == 401
    assert brought(crm, saml, url, {"Cookie": "__Host-sso=guessed"}, told).status_code == 401
    assert brought(crm, saml, url, cookie, told).status_code == 200
    assert brought(crm, saml, url, cookie, told).status_code == 401


def test_no_login_leads_out_of_the_house(crm: Counter, saml: str) -> None:
    for onward in ("https://phish.example", "//phish.example", "/\\phish.example", "javascript:x", "desk", "/a\nb"):
        reply = crm.ask(None, "GET", f"/v1/auth/sso/{saml}", params={"return_to": onward})
        assert reply.status_code == 422, onward


def test_who_is_bound_to_sign_on_has_no_password_and_hears_nothing_else(crm: Counter) -> None:
    new = {"username": "bound", "password": PASSWORD, "role": "teller", "branch": "BR01", "name": ""}
    assert crm.ask("admin", "POST", "/v1/users", json=new).status_code == 201
    told = {"username": "bound", "password": PASSWORD}
    assert crm.ask(None, "POST", "/v1/auth/token", json=told).status_code == 200
    assert crm.ask("admin", "PATCH", "/v1/users/bound", json={"sso_only": True}).status_code == 200
    bound = crm.ask(None, "POST", "/v1/auth/token", json=told)
    wrong = crm.ask(None, "POST", "/v1/auth/token", json=told | {"password": "wrong"})
    assert (bound.status_code, bound.json()["detail"]) == (401, wrong.json()["detail"])


def test_providers_are_set_up_by_the_administrator_and_their_sessions_end_with_them(crm: Counter) -> None:
    told = {"name": "x", "protocol": "saml", "issuer": ISSUER, "sign_on_url": f"{ISSUER}/x", "certificate": "no"}
    assert crm.ask("admin", "POST", "/v1/identity-providers", json=told).status_code == 422
    told |= {"certificate": KEY.certificate(datetime(2026, 1, 1, tzinfo=UTC)), "groups": {"staff": "agent"}}
    assert crm.ask("rm-a", "POST", "/v1/identity-providers", json=told).status_code == 403
    inside = {"name": "x", "protocol": "oidc", "issuer": "https://127.0.0.1:1", "client_id": "x"}
    assert crm.ask("admin", "POST", "/v1/identity-providers", json=inside).status_code == 422
    number = crm.ask("admin", "POST", "/v1/identity-providers", json=told | {"newcomers": True}).json()["id"]
    tokens = signed_on(crm, number, subject="short of stay").json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert crm.ask(None, "GET", "/v1/me", headers=headers).status_code == 200
    listed = crm.ask("auditor", "GET", "/v1/identity-providers").json()["items"]
    assert number in [one["id"] for one in listed]
    assert crm.ask("admin", "DELETE", f"/v1/identity-providers/{number}").status_code == 204
    assert crm.ask(None, "GET", "/v1/me", headers=headers).status_code == 401
    renewal = {"refresh_token": tokens["refresh_token"]}
    assert crm.ask(None, "POST", "/v1/auth/refresh", json=renewal).status_code == 401


def test_an_openid_provider_is_asked_over_tls_and_its_newest_keys_count(crm: Counter) -> None:
    papers: Path = crm.papers  # type: ignore[attr-defined]
    ears = Receivers(papers, RECEIVER_HOST)
    url = ears.open(SOUND)
    issuer = f"https://{urlsplit(url).netloc}"
    about = {
        "issuer": issuer, "authorization_endpoint": f"{issuer}/a", "token_endpoint": f"{issuer}/t",
        "jwks_uri": f"{issuer}/k", "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    }  # fmt: skip
    ears.answer(url, "/.well-known/openid-configuration", orjson.dumps(about).decode())
    told = {"name": "o", "protocol": "oidc", "issuer": issuer, "client_id": "us", "client_secret": "s3cret"}
    reply = crm.ask("admin", "POST", "/v1/identity-providers", json=told | {"groups": GROUPS, "newcomers": True})
    number = reply.json()["id"]
    assert "s3cret" not in reply.text
    for key in (KEY, OTHER):
        ears.answer(url, "/k", orjson.dumps({"keys": [key.jwk]}).decode())
        way, cookie = departed(crm, number)
        asked = {name: values[0] for name, values in parse_qs(urlsplit(way).query).items()}
        now = stamp(datetime.now(UTC))
        claims = {"iss": issuer, "aud": "us", "sub": "9", "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        handed = {"access_token": "x", "id_token": token(claims | {"groups": ["staff"]}, key)}
        ears.answer(url, "/t", orjson.dumps(handed).decode())
        back = {"state": asked["state"], "code": "c"}
        assert crm.ask(None, "GET", f"/v1/auth/sso/{number}/callback", params=back).status_code == 401
        arrived = crm.ask(None, "GET", f"/v1/auth/sso/{number}/callback", params=back, headers=cookie)
        assert me(crm, arrived)[1] == "agent"
    # groups that the token does not hold are asked for, and believed of the same person only
    ears.answer(
        url, "/.well-known/openid-configuration", orjson.dumps(about | {"userinfo_endpoint": f"{issuer}/u"}).decode()
    )
    for subject, status in (("9", 200), ("another", 401)):
        ears.answer(url, "/u", orjson.dumps({"sub": subject, "groups": ["sellers"]}).decode())
        way, cookie = departed(crm, number)
        asked = {name: values[0] for name, values in parse_qs(urlsplit(way).query).items()}
        now = stamp(datetime.now(UTC))
        claims = {"iss": issuer, "aud": "us", "sub": "9", "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        ears.answer(url, "/t", orjson.dumps({"access_token": "x", "id_token": token(claims, OTHER)}).decode())
        back = {"state": asked["state"], "code": "c"}
        arrived = crm.ask(None, "GET", f"/v1/auth/sso/{number}/callback", params=back, headers=cookie)
        assert arrived.status_code == status, arrived.text
    assert any("Basic" in one.headers.get("authorization", "") for one in ears.heard(url))
