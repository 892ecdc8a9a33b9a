"""Choosing: one field's values under another algorithm and back, and weak choices refused."""

import pytest

from poc.reference_crm.operations.reencrypting import EVERYTHING
from poc.reference_crm.operations.rotation import learn
from tests.poc.reference_crm.counter import Counter, opened

pytestmark = pytest.mark.pg

CHOICE = "/v1/crypto/choice"


def shown(crm: Counter, number: str) -> str:
    return str(crm.ask("integration", "GET", f"/v1/customers/{number}").json()["email"])


def sealed(crm: Counter, number: str) -> bytes:
    async def read() -> bytes:
        desk = crm.desk
        async with desk.database.connection(EVERYTHING) as connection:
            return bytes(await connection.fetchval("SELECT sealed FROM customers WHERE number = $1", number))

    return bytes(crm.wait(read()))


def test_a_field_goes_over_to_sm4_and_back_and_every_row_is_read_all_the_while(crm: Counter) -> None:
    before = opened(crm, 8101)
    told = crm.ask("admin", "PUT", CHOICE, json={"field": "customers.email", "algorithm": "sm4-gcm"})
    assert (told.status_code, told.json()["algorithm"]) == (200, "SM4-GCM"), told.text
    crm.wait(learn(crm.desk, settle=0.0))
    after = opened(crm, 8102)
    assert crm.ask("auditor", "GET", "/v1/crypto/inventory").json()["fields"]["customers.email"] == "SM4-GCM"
    assert (shown(crm, "C008101"), shown(crm, "C008102")) == (before["email"], after["email"])
    assert not sealed(crm, "C008101").startswith(crm.desk.vault.heading("customers"))

    progress = crm.ask("admin", "POST", "/v1/crypto/reencryptions", json={"limit": 1}).json()
    assert progress["done"] == 1
    while progress["left"]:
        progress = crm.ask("admin", "POST", "/v1/crypto/reencryptions", json={"limit": 1000}).json()
    assert sealed(crm, "C008101").startswith(crm.desk.vault.heading("customers"))
    assert (shown(crm, "C008101"), shown(crm, "C008102")) == (before["email"], after["email"])

    crm.ask("admin", "PUT", CHOICE, json={"field": "customers.email", "algorithm": "AES-256-GCM"})
    crm.wait(learn(crm.desk, settle=0.0))
    assert shown(crm, "C008101") == before["email"]
    assert not crm.desk.vault.plan.fields


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"field": "customers.email", "algorithm": "AES-128-ECB"}, "algorithm"),
        ({"field": "customers.email", "algorithm": "AES-128-CBC"}, "algorithm"),
        ({"field": "customers.name", "algorithm": "AES-256-GCM"}, "field"),
        ({"algorithm": "AES-256-GCM"}, "field"),
        ({"use": "wrapping", "algorithm": "RSAES-PKCS1-v1_5"}, "algorithm"),
        ({"use": "digest", "algorithm": "MD5"}, "algorithm"),
    ],
)
def test_what_is_weak_or_no_restricted_field_is_refused_and_named(
    crm: Counter, body: dict[str, str], field: str
) -> None:
    reply = crm.ask("admin", "PUT", CHOICE, json=body)
    assert reply.status_code == 422
    assert [one["field"] for one in reply.json()["errors"]] == [field]


def test_what_is_in_use_for_wrapping_and_digests_may_be_asked_for(crm: Counter) -> None:
    for use, name in (("wrapping", "AES-256-GCM"), ("digest", "HMAC-SHA256")):
        assert crm.ask("admin", "PUT", CHOICE, json={"use": use, "algorithm": name}).status_code == 200


@pytest.mark.parametrize("who", ["rm-a", "manager-a", "integration", "auditor", "compliance"])
def test_nobody_but_the_administrator_chooses(crm: Counter, who: str) -> None:
    assert crm.ask(who, "PUT", CHOICE, json={"algorithm": "AES-256-GCM"}).status_code == 403
    assert crm.ask(who, "POST", "/v1/crypto/reencryptions", json={}).status_code == 403
