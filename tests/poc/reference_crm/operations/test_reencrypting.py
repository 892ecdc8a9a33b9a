"""Reencrypting: after a rotation every store goes over to the new key, batch by batch, and reads as before."""

import base64

import psycopg
import pytest

from poc.reference_crm.crypto import KEY_ID
from poc.reference_crm.operations.rotation import learn
from poc.reference_crm.vaulted import OTHERWISE, STORES
from tests.poc.reference_crm.counter import Counter, customer, opened

pytestmark = pytest.mark.pg
ANEW = "/v1/crypto/reencryptions"


def marks(url: str) -> dict[str, set[bytes]]:
    """The numbers of the keys under which values rest, by store."""
    found = {}
    with psycopg.connect(url) as connection:
        for store in STORES:
            names = ", ".join(store.columns)
            rows = connection.execute(f"SELECT {names} FROM {store.table}").fetchall()
            found[store.table] = {bytes(value[:KEY_ID]) for row in rows for value in row if value is not None}
    return found


def filled(crm: Counter) -> str:
    """Something in most stores; returns the number of a document."""
    for serial in (9301, 9302):
        opened(crm, serial)
    headers = {"Idempotency-Key": "kept-9303"}
    assert crm.ask("integration", "POST", "/v1/customers", json=customer(9303), headers=headers).status_code == 201
    change = {"json": {"mobile": "15400099301"}, "headers": {"If-Match": '"1"'}}
    assert crm.ask("integration", "PATCH", "/v1/customers/C009301", **change).status_code == 200
    merged = crm.ask("compliance", "POST", "/v1/customers/C009301/merge", json={"drop": "C009302"})
    assert merged.status_code == 200, merged.text
    assert crm.ask("rm-b", "POST", "/v1/me/factor").status_code in (200, 201)
    body = {"name": "p.txt", "content": base64.b64encode(b"a paper").decode()}
    return str(crm.ask("integration", "POST", "/v1/customers/C009301/attachments", json=body).json()["number"])


def test_after_a_rotation_nothing_is_left_under_the_old_key_and_all_reads_as_before(
    crm: Counter, crm_database: str
) -> None:
    paper = filled(crm)
    history = crm.ask("compliance", "GET", "/v1/customers/C009301/history").json()
    before = marks(crm_database)
    assert all(before[name] for name in ("customers", "history", "keyed_replies", "merges", "factors", "attachments"))

    assert crm.ask("admin", "POST", "/v1/crypto/rotations").status_code == 201
    crm.wait(learn(crm.desk, settle=0.0))
    first = crm.ask("admin", "POST", ANEW, json={"limit": 2}).json()
    assert first.get("done") == 2, first
    assert first["left"] == sum(first["stores"].values()) > 0
    told = first
    while told["left"]:
        told = crm.ask("admin", "POST", ANEW, json={"limit": 50}).json()
        assert told["done"]
    assert told["stores"] == {}

    after = marks(crm_database)
    assert all(len(after[name]) == 1 for name, found in before.items() if found)
    assert not set.union(*before.values()) & set.union(*after.values())
    assert crm.ask("compliance", "GET", "/v1/customers/C009301/history").json() == history
    assert crm.ask("integration", "GET", f"/v1/attachments/{paper}/content").content == b"a paper"
    undone = crm.ask("compliance", "POST", "/v1/customers/C009301/unmerge", json={"drop": "C009302"})
    assert undone.status_code == 204, undone.text
    assert crm.ask("integration", "GET", "/v1/customers/C009302").json()["mobile"] == "15400009302"


def test_every_column_of_bytes_is_in_a_store_or_told_to_be_no_ciphertext(crm_database: str) -> None:
    with psycopg.connect(crm_database) as connection:
        query = "SELECT table_name || '.' || column_name FROM information_schema.columns"
        rows = connection.execute(f"{query} WHERE table_schema = 'public' AND data_type = 'bytea'").fetchall()
    known = {f"{store.table}.{name}" for store in STORES for name in store.columns} | OTHERWISE
    assert {row[0] for row in rows} - known == set()
    assert known - {row[0] for row in rows} == set()
