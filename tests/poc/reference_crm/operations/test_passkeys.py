"""Passkeys: what their owner makes opens the door, once, from the right place, and is listed and removed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from scenarios.authenticator import PRESENT, Authenticator, Conduct
from tests.poc.reference_crm.counter import PASSWORD, Counter

pytestmark = pytest.mark.pg


@pytest.fixture
def person(crm: Counter, request: pytest.FixtureRequest) -> Iterator[str]:
    """A relationship manager of the test's own."""
    name = request.node.name.replace("_", "-")[-60:].strip("-")
    told = {"username": name, "password": PASSWORD, "role": "rm", "branch": "BR01", "name": ""}
    assert crm.ask("admin", "POST", "/v1/users", json=told).status_code == 201
    yield name


def conduct(told: dict[str, Any], count: int = 1) -> Conduct:
    options = told["publicKey"]
    place = options["rp"]["id"] if "rp" in options else options["rpId"]
    return Conduct(origin=told["origin"], place=place, challenge=options["challenge"], count=count)


def added(crm: Counter, who: str, passkey: Authenticator) -> int:
    asked = crm.ask(who, "POST", "/v1/me/passkeys/challenge").json()
    told = {"label": "my key", "credential": passkey.made(conduct(asked))}
    return crm.ask(who, "POST", "/v1/me/passkeys", json=told).status_code


def entered(crm: Counter, passkey: Authenticator, count: int, **other: Any) -> Any:
    asked = conduct(crm.ask(None, "POST", "/v1/auth/passkey/challenge").json(), count)
    credential = passkey.shown(replace(asked, **other))
    return crm.ask(None, "POST", "/v1/auth/passkey", json={"credential": credential})


def test_a_passkey_opens_the_door_of_its_owner(crm: Counter, person: str) -> None:
    passkey = Authenticator(person)
    assert added(crm, person, passkey) == 201
    assert added(crm, person, passkey) == 409
    tokens = entered(crm, passkey, 5).json()
    me = crm.ask(None, "GET", "/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"}).json()
    assert (me["username"], me["role"]) == (person, "rm")


@pytest.mark.parametrize(
    "other",
    [{"origin": "https://phish.example"}, {"place": "phish.example"}, {"flags": PRESENT}, {"challenge": "A" * 43}],
)
def test_a_ceremony_that_is_not_sound_opens_nothing(crm: Counter, other: dict[str, Any]) -> None:
    passkey = Authenticator("unsound")
    assert added(crm, "rm-a", passkey) in (201, 409)
    assert entered(crm, passkey, 1000 + len(str(other)), **other).status_code == 401


def test_a_copy_is_noticed_and_an_answer_opens_once(crm: Counter, person: str) -> None:
    passkey = Authenticator(person)
    assert added(crm, person, passkey) == 201
    asked = conduct(crm.ask(None, "POST", "/v1/auth/passkey/challenge").json(), 9)
    shown = {"credential": passkey.shown(asked)}
    assert crm.ask(None, "POST", "/v1/auth/passkey", json=shown).status_code == 200
    assert crm.ask(None, "POST", "/v1/auth/passkey", json=shown).status_code == 401
    assert entered(crm, passkey, 8).status_code == 401
    assert entered(crm, passkey, 10).status_code == 200


def test_a_passkey_is_listed_and_removed_by_its_owner_alone(crm: Counter, person: str) -> None:
    passkey = Authenticator(person)
    assert added(crm, person, passkey) == 201
    (held,) = crm.ask(person, "GET", "/v1/me/passkeys").json()["items"]
    assert (held["label"], held["id"]) == ("my key", passkey.number.hex())
    assert crm.ask("rm-b", "DELETE", f"/v1/me/passkeys/{held['id']}").status_code == 404
    assert crm.ask(person, "DELETE", f"/v1/me/passkeys/{held['id']}").status_code == 204
    assert entered(crm, passkey, 50).status_code == 401


def test_who_is_shut_out_gets_in_with_no_passkey(crm: Counter, person: str) -> None:
    passkey = Authenticator(person)
    assert added(crm, person, passkey) == 201
    assert crm.ask("admin", "PATCH", f"/v1/users/{person}", json={"disabled": True}).status_code == 200
    assert entered(crm, passkey, 5).status_code == 401


@pytest.mark.parametrize("response", [{}, {"clientDataJSON": "e30"}, {"clientDataJSON": "bm8", "signature": "bm8"}])
def test_what_is_no_answer_at_all_is_refused_like_a_wrong_one(crm: Counter, response: dict[str, str]) -> None:
    told = {"id": "bm8", "rawId": "bm8", "type": "public-key", "response": {"clientDataJSON": "bm8", **response}}
    assert crm.ask(None, "POST", "/v1/auth/passkey", json={"credential": told}).status_code == 401
    assert crm.ask("rm-a", "POST", "/v1/me/passkeys", json={"credential": told}).status_code == 422
