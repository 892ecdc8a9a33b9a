"""Walls: a deal is there for listed people alone."""

import pytest

from tests.poc.reference_crm.counter import Counter, opened

pytestmark = pytest.mark.pg
DEAL = {
    "number": "O-WALL", "customer": "C000900", "product": "bond", "stage": "proposed", "amount": "1000.00",
    "currency": "CNY", "owner": "S0001", "opened": "2026-01-01", "closes": "2026-06-01",
}  # fmt: skip
WALL = "/v1/opportunities/O-WALL/wall"


def seen(crm: Counter, who: str) -> tuple[int, int, bool]:
    one = crm.ask(who, "GET", "/v1/opportunities/O-WALL").status_code
    rows = crm.ask(who, "GET", "/v1/opportunities?customer=C000900").json()["items"]
    return one, len(rows), "O-WALL" in crm.ask(who, "GET", "/v1/customers/C000900/overview").text


def test_a_walled_deal_is_there_for_listed_people_only_until_the_wall_is_taken_down(crm: Counter) -> None:
    opened(crm, 900)
    made = crm.ask("integration", "POST", "/v1/opportunities", json=DEAL)
    assert made.status_code == 201, made.text
    assert seen(crm, "rm-a") == (200, 1, True)
    assert crm.ask("rm-a", "PUT", WALL, json={"members": ["rm-a"]}).status_code == 403
    assert crm.ask("compliance", "PUT", WALL, json={"members": ["nobody"]}).status_code == 422
    raised = crm.ask("compliance", "PUT", WALL, json={"members": ["manager-a"]})
    assert (raised.status_code, raised.json()["members"]) == (200, ["compliance", "manager-a"])
    assert seen(crm, "rm-a") == (404, 0, False)
    assert seen(crm, "manager-a") == (200, 1, True)
    assert crm.ask("rm-a", "GET", "/v1/opportunities/O-WALL/history").status_code == 404
    assert (
        crm.ask(
            "rm-a", "PATCH", "/v1/opportunities/O-WALL", json={"stage": "won"}, headers={"If-Match": '"1"'}
        ).status_code
        == 404
    )
    assert crm.ask("compliance", "DELETE", WALL).status_code == 204
    assert seen(crm, "rm-a") == (200, 1, True)
