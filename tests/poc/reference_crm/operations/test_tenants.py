"""Tenants: a second legal entity shares nothing with the first but the processor."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.poc.reference_crm.counter import PASSWORD, Counter, customer

pytestmark = pytest.mark.pg
NAME = "delta"
OURS = {"X-Tenant": NAME}


@pytest.fixture(scope="module")
def theirs(crm: Counter) -> Iterator[dict[str, str]]:
    """Headers of the core system of a second tenant, in which the first one's user names are used again."""
    told = {"name": NAME, "username": "admin", "password": PASSWORD}
    made = crm.ask("admin", "POST", "/v1/tenants", json=told)
    assert made.status_code == 201, made.text
    boss = entered(crm, "admin")
    person = {"username": "integration", "password": PASSWORD, "role": "integration", "branch": "", "name": "x"}
    assert crm.ask(None, "POST", "/v1/users", json=person, headers=boss).status_code == 201
    yield entered(crm, "integration")
    assert crm.ask("admin", "DELETE", f"/v1/tenants/{NAME}").status_code == 204
    assert crm.ask(None, "POST", "/v1/auth/token", json=SIGN_IN, headers=OURS).status_code == 401


SIGN_IN = {"username": "integration", "password": PASSWORD}


def entered(crm: Counter, username: str) -> dict[str, str]:
    reply = crm.ask(None, "POST", "/v1/auth/token", json={"username": username, "password": PASSWORD}, headers=OURS)
    assert reply.status_code == 200, reply.text
    return {**OURS, "Authorization": f"Bearer {reply.json()['access_token']}"}


def filed(crm: Counter, headers: dict[str, str] | None, told: dict[str, Any], **more: str) -> httpx.Response:
    return crm.ask(
        None if headers else "integration", "POST", "/v1/customers", json=told, headers={**(headers or {}), **more}
    )


def test_a_tenant_sees_no_record_of_another_and_may_file_the_same_person_under_the_same_number(
    crm: Counter, theirs: dict[str, str]
) -> None:
    assert filed(crm, None, customer(1)).status_code == 201
    assert crm.ask(None, "GET", "/v1/customers/C000001", headers=theirs).status_code == 404
    assert crm.ask(None, "GET", "/v1/customers", headers=theirs).json()["items"] == []
    twin = filed(crm, theirs, customer(1, name="李四", latin_name="Li Si"))
    assert twin.status_code == 201, twin.text
    assert crm.ask("integration", "GET", "/v1/customers/C000001").json()["name"] == "张伟"
    assert crm.ask(None, "GET", "/v1/customers/C000001", headers=theirs).json()["name"] == "李四"
    assert crm.ask(None, "GET", "/v1/exports/customers", headers=theirs).text.count("\n") == 1
    job = {"kind": "customers"}
    assert job and crm.ask(None, "POST", "/v1/bulk/jobs/J-NONE/revert", headers=theirs).status_code == 404
    crm.wait(emptied(crm))


async def emptied(crm: Counter) -> None:
    served = await crm.app.state.tenants.find(NAME)
    from poc.reference_crm.operations.sweep import EVERYWHERE

    async with served.desk.database.connection(EVERYWHERE) as connection:
        await connection.execute("DELETE FROM customers")


def test_a_token_opens_only_where_it_was_given(crm: Counter, theirs: dict[str, str]) -> None:
    own = f"Bearer {crm.token('integration')}"
    assert crm.ask("integration", "GET", "/v1/me").status_code == 200
    assert crm.ask(None, "GET", "/v1/me", headers={**OURS, "Authorization": own}).status_code == 401
    assert crm.ask(None, "GET", "/v1/me", headers={"Authorization": theirs["Authorization"]}).status_code == 401
    assert crm.ask(None, "GET", "/v1/me", headers={**theirs, "X-Tenant": "nobody"}).status_code == 401


def test_an_idempotency_key_of_one_tenant_gives_another_its_own_reply(crm: Counter, theirs: dict[str, str]) -> None:
    told = {
        "number": "K-1",
        "name": "Autumn",
        "channel": "email",
        "product": "fund",
        "starts": "2026-01-01",
        "ends": "2026-02-01",
    }
    first = crm.ask("integration", "POST", "/v1/campaigns", json=told, headers={"Idempotency-Key": "one-key"})
    other = {**told, "number": "K-2", "name": "Winter"}
    second = crm.ask(None, "POST", "/v1/campaigns", json=other, headers={**theirs, "Idempotency-Key": "one-key"})
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json()["number"] == "K-2"


def test_each_tenant_has_a_store_and_a_key_of_its_own_and_none_rules_over_others(
    crm: Counter, theirs: dict[str, str]
) -> None:
    known = crm.ask("admin", "GET", "/v1/tenants").json()["items"]
    assert [one["name"] for one in known] == ["", NAME]
    assert len({one["store"] for one in known}) == len({one["key"] for one in known}) == 2
    boss = entered(crm, "admin")
    assert crm.ask(None, "GET", "/v1/tenants", headers=boss).status_code == 403
    told = {"name": "other", "username": "admin", "password": PASSWORD}
    assert crm.ask(None, "POST", "/v1/tenants", json=told, headers=boss).status_code == 403
    assert crm.ask("admin", "POST", "/v1/tenants", json={**told, "name": NAME}).status_code == 409


def test_a_tenant_with_customers_on_file_is_not_closed(crm: Counter, theirs: dict[str, str]) -> None:
    assert filed(crm, theirs, customer(7)).status_code == 201
    refused = crm.ask("admin", "DELETE", f"/v1/tenants/{NAME}")
    assert (refused.status_code, "1 customers" in refused.json()["detail"]) == (409, True)
    crm.wait(emptied(crm))
