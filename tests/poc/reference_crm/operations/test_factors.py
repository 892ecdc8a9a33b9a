"""Factors, keys and provisioning: a second factor opens once, a key opens what it may, a leaver is out at once."""

import base64
import time
from collections.abc import Iterator

import pytest

from poc.reference_crm.domain import one_time
from tests.poc.reference_crm.counter import PASSWORD, Counter, opened

pytestmark = pytest.mark.pg
SCHEMAS = ["urn:ietf:params:scim:schemas:core:2.0:User"]


@pytest.fixture
def person(crm: Counter, request: pytest.FixtureRequest) -> Iterator[str]:
    """A relationship manager of the test's own."""
    name = request.node.name.replace("_", "-")[-60:].strip("-")
    told = {"username": name, "password": PASSWORD, "role": "rm", "branch": "BR01", "name": ""}
    assert crm.ask("admin", "POST", "/v1/users", json=told).status_code == 201
    yield name


def secret_of(crm: Counter, who: str) -> bytes:
    """Enrol and confirm a factor with the code of the period before this one."""
    shown = crm.ask(who, "POST", "/v1/me/factor").json()["secret"]
    secret = base64.b32decode(shown + "=" * (-len(shown) % 8))
    assert crm.ask(who, "POST", "/v1/me/factor/confirm", json={"otp": code(secret, -1)}).status_code == 204
    return secret


def code(secret: bytes, ahead: int) -> str:
    return one_time.code(secret, int(time.time()) // one_time.PERIOD + ahead)


def sign_in(crm: Counter, who: str, **more: str) -> int:
    told = {"username": who, "password": PASSWORD, **more}
    return crm.ask(None, "POST", "/v1/auth/token", json=told).status_code


def key_for(crm: Counter, who: str, *scopes: str, seconds: int = 60) -> dict[str, str]:
    reply = crm.ask("admin", "POST", "/v1/keys", json={"username": who, "scopes": scopes, "expires_in": seconds})
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


def with_key(crm: Counter, key: dict[str, str], path: str) -> int:
    return crm.ask(None, "GET", path, headers={"Authorization": f"Bearer {key['api_key']}"}).status_code


def test_who_has_a_second_factor_is_asked_for_a_code_that_opens_once(crm: Counter, person: str) -> None:
    secret = secret_of(crm, person)
    assert sign_in(crm, person) == 401
    assert sign_in(crm, person, otp=code(secret, 0)) == 200
    assert sign_in(crm, person, otp=code(secret, 0)) == 401
    assert sign_in(crm, person, otp=code(secret, 20)) == 401


def test_a_clear_value_wants_a_fresh_code_in_the_same_session(crm: Counter, person: str) -> None:
    number = opened(crm, 770001)["number"]
    ask = {"fields": ["mobile"], "reason": "called us back today"}
    assert crm.ask(person, "POST", f"/v1/customers/{number}/unmask", json=ask).status_code == 200
    secret = secret_of(crm, person)
    refused = crm.ask(person, "POST", f"/v1/customers/{number}/unmask", json=ask)
    assert refused.status_code == 401
    assert "insufficient_user_authentication" in refused.headers["www-authenticate"]
    assert crm.ask(person, "POST", "/v1/me/step-up", json={"otp": code(secret, 0)}).status_code == 204
    assert crm.ask(person, "POST", f"/v1/customers/{number}/unmask", json=ask).status_code == 200


def test_guessed_codes_lock_like_guessed_passwords(crm: Counter, person: str) -> None:
    secret = secret_of(crm, person)
    right = code(secret, 0)
    wrong = next(one for one in ("000000", "111111", "222222") if one not in {code(secret, k) for k in range(-3, 4)})
    for _ in range(5):
        assert crm.ask(person, "POST", "/v1/me/step-up", json={"otp": wrong}).status_code == 401
    assert crm.ask(person, "POST", "/v1/me/step-up", json={"otp": right}).status_code == 401


def test_a_confirmed_factor_is_changed_by_an_administrator_only(crm: Counter, person: str) -> None:
    secret_of(crm, person)
    assert crm.ask(person, "POST", "/v1/me/factor").status_code == 409
    assert crm.ask(person, "DELETE", f"/v1/users/{person}/factor").status_code == 403
    assert crm.ask("admin", "DELETE", f"/v1/users/{person}/factor").status_code == 204
    assert crm.ask(person, "GET", "/v1/me").status_code == 401
    assert sign_in(crm, person) == 200


def test_a_key_opens_its_scopes_until_it_ends(crm: Counter, person: str) -> None:
    key = key_for(crm, person, "customer.list")
    assert with_key(crm, key, "/v1/customers") == 200
    assert with_key(crm, key, "/v1/households") == 403
    assert crm.ask("admin", "DELETE", f"/v1/keys/{key['id']}").status_code == 204
    assert with_key(crm, key, "/v1/customers") == 401
    short = key_for(crm, person, "customer.list", seconds=1)
    assert with_key(crm, short, "/v1/customers") == 200
    time.sleep(1.1)
    assert with_key(crm, short, "/v1/customers") == 401


def test_a_key_cannot_outgrow_its_user_nor_be_read_again(crm: Counter, person: str) -> None:
    told = {"username": person, "scopes": ["user.add"], "expires_in": 60}
    assert crm.ask("admin", "POST", "/v1/keys", json=told).status_code == 422
    assert crm.ask(person, "POST", "/v1/keys", json=told | {"scopes": ["customer.get"]}).status_code == 403
    key = key_for(crm, person, "customer.get")
    assert key["api_key"] not in crm.ask("admin", "GET", "/v1/keys").text
    assert crm.ask("admin", "POST", "/v1/keys", json=told | {"expires_in": 366 * 86_400}).status_code == 422


def test_a_session_left_idle_beyond_the_users_limit_ends(crm: Counter, person: str) -> None:
    assert crm.ask("admin", "PATCH", f"/v1/users/{person}", json={"idle_seconds": 3}).status_code == 200
    assert crm.ask(person, "GET", "/v1/me").status_code == 200
    time.sleep(3.3)
    assert crm.ask(person, "GET", "/v1/me").status_code == 401


def test_a_provider_brings_finds_shuts_out_and_removes_a_user(crm: Counter) -> None:
    bank = {"urn:touchstone:params:scim:schemas:2.0:User": {"branch": "BR01"}}
    new = {"schemas": SCHEMAS, "userName": "scim-1", "roles": [{"value": "teller"}], "password": PASSWORD} | bank
    headers = {"Content-Type": "application/scim+json"}
    assert crm.ask("admin", "POST", "/scim/v2/Users", json=new, headers=headers).status_code == 201
    assert crm.ask("admin", "POST", "/scim/v2/Users", json=new).status_code == 409
    found = crm.ask("admin", "GET", "/scim/v2/Users", params={"filter": 'userName eq "scim-1"'}).json()
    assert [one["active"] for one in found["Resources"]] == [True]
    assert crm.ask("scim-1", "GET", "/v1/me").status_code == 200
    out = {"schemas": SCHEMAS, "Operations": [{"op": "replace", "path": "active", "value": False}]}
    assert crm.ask("admin", "PATCH", "/scim/v2/Users/scim-1", json=out).json()["active"] is False
    assert crm.ask("scim-1", "GET", "/v1/me").status_code == 401
    assert sign_in(crm, "scim-1") == 401
    assert crm.ask("admin", "DELETE", "/scim/v2/Users/scim-1").status_code == 204
    assert crm.ask("admin", "GET", "/scim/v2/Users/scim-1").status_code == 404
    assert crm.ask("admin", "DELETE", "/scim/v2/Users/admin").status_code == 409
    assert crm.ask("rm-a", "GET", "/scim/v2/Users").status_code == 403
