"""Keys: a database made for SM3 finds by its own indexes for good, whatever a later start asks for."""

import pytest

from tests.poc.reference_crm.counter import counter, national_id, opened

pytestmark = pytest.mark.pg


def test_a_database_keeps_the_digest_of_its_indexes_and_the_inventory_tells_it(crm_database: str) -> None:
    find = f"/v1/customers?national_id={national_id(401)}"
    for asked in ("HMAC-SM3", "HMAC-SHA256"):
        with counter(crm_database, index_digest=asked) as crm:
            if asked == "HMAC-SM3":
                opened(crm, 9401)
            assert [one["number"] for one in crm.ask("integration", "GET", find).json()["items"]] == ["C009401"]
            told = crm.ask("auditor", "GET", "/v1/crypto/inventory").json()
            used = {one["use"]: one["algorithm"] for one in told["algorithms"]}
            assert used["blind indexes"] == "HMAC-SM3"
            assert (told["digests"], told["absent"]) == (
                ["HMAC-SHA256", "HMAC-SM3"], ["SM2", "TLS suites with SM4 (RFC 8998)"],
            )  # fmt: skip
            choice = {"use": "digest", "algorithm": "HMAC-SM3"}
            assert crm.ask("admin", "PUT", "/v1/crypto/choice", json=choice).status_code == 200
