"""Rotation: a new data key seals after a while, old values stay readable, and only the administrator may ask for it."""

import pytest

from poc.reference_crm.operations.rotation import learn
from tests.poc.reference_crm.counter import Counter, opened

pytestmark = pytest.mark.pg


def shown(crm: Counter, number: str) -> str:
    return str(crm.ask("integration", "GET", f"/v1/customers/{number}").json()["national_id"])


def test_a_new_key_seals_later_and_what_the_old_one_sealed_is_read_as_before(crm: Counter) -> None:
    before = opened(crm, 8001)
    old = crm.desk.vault.sealing
    told = crm.ask("admin", "POST", "/v1/crypto/rotations")
    assert told.status_code == 201, told.text
    crm.wait(learn(crm.desk))
    assert crm.desk.vault.sealing == old
    assert told.json()["number"] in crm.desk.vault.known
    crm.wait(learn(crm.desk, settle=0.0))
    assert crm.desk.vault.sealing == told.json()["number"]
    after = opened(crm, 8002)
    assert shown(crm, "C008001") == before["national_id"]
    assert shown(crm, "C008002") == after["national_id"]


def test_the_inventory_names_strong_algorithms_absent_families_and_one_sealing_key(crm: Counter) -> None:
    told = crm.ask("auditor", "GET", "/v1/crypto/inventory").json()
    assert min(one["bits"] for one in told["algorithms"]) >= 128
    assert "SM2" in told["absent"]
    assert set(told["offered"]) >= {"AES-256-GCM", "SM4-GCM"}
    assert told["fields"]["customers.email"] == "AES-256-GCM"
    assert told["held_by"] == "service"
    assert sum(one["seals"] for one in told["keys"]) == 1
    assert "wrapped" not in str(told)


@pytest.mark.parametrize("who", ["teller-a", "rm-a", "manager-a", "agent", "marketing", "integration", "auditor"])
def test_nobody_but_the_administrator_rotates(crm: Counter, who: str) -> None:
    assert crm.ask(who, "POST", "/v1/crypto/rotations").status_code == 403
