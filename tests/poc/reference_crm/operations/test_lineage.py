"""Lineage: each value tells its door, its job or the record it came from, and who brought it."""

import orjson
import pytest

from tests.poc.reference_crm.counter import Counter, customer

pytestmark = pytest.mark.pg


def test_values_of_a_loaded_changed_and_merged_customer_tell_where_they_come_from(crm: Counter) -> None:
    rows = [customer(300, aml_rating="low", since="2021-01-01"), customer(301, aml_rating="high")]
    body = b"\n".join(orjson.dumps(row) for row in rows)
    path = "/v1/bulk/customers?job=J-LINE"
    loaded = crm.ask("integration", "POST", path, content=body, headers={"Content-Type": "application/x-ndjson"})
    assert loaded.json()["accepted"] == 2, loaded.text
    changed = crm.ask(
        "rm-a", "PATCH", "/v1/customers/C000300", json={"occupation": "smith"}, headers={"If-Match": '"1"'}
    )
    assert changed.status_code == 200
    assert crm.ask("manager-a", "POST", "/v1/customers/C000300/merge", json={"drop": "C000301"}).status_code == 200
    items = crm.ask("manager-a", "GET", "/v1/customers/C000300/lineage").json()["items"]
    told = {one["field"]: (one["source"], one["job"], one["origin"], one["who"]) for one in items}
    assert told["employer"] == ("bulk", "J-LINE", "", "integration")
    assert told["occupation"] == ("api", "", "", "rm-a")
    assert told["aml_rating"] == ("merge", "", "customers/C000301", "manager-a")
    assert crm.ask("rm-b", "GET", "/v1/customers/C000300/lineage").status_code == 404
    assert crm.ask("agent", "GET", "/v1/customers/C000300/lineage").status_code == 403
