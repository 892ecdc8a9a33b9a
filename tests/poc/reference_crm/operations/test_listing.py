"""Listing: what a list remembers is only what the caller may see now, in the version that stands now."""

import pytest

from tests.poc.reference_crm.counter import Counter, opened

pytestmark = pytest.mark.pg


@pytest.fixture(scope="module")
def bank(crm: Counter) -> Counter:
    """Thirty customers of one branch."""
    for serial in range(1, 31):
        opened(crm, serial)
    return crm


def listed(bank: Counter, who: str, query: str = "limit=50") -> dict[str, dict[str, object]]:
    told = bank.ask(who, "GET", f"/v1/customers?{query}").json()
    return {one["number"]: one for one in told["items"]}


def test_a_list_shows_what_single_reads_show_the_first_time_and_again(bank: Counter) -> None:
    read = bank.ask("agent", "GET", "/v1/customers/C000004").json()
    first, again = listed(bank, "agent"), listed(bank, "agent")
    assert first == again
    assert first["C000004"] == read
    assert len(first) == 30


def test_a_change_is_seen_by_the_next_list(bank: Counter) -> None:
    before = listed(bank, "agent")["C000003"]
    match = {"If-Match": f'"{before["version"]}"'}
    for mobile, at_work in (("15400009999", "pilot"), ("15400008888", "nurse")):
        change = {"mobile": mobile, "occupation": at_work}
        told = bank.ask("integration", "PATCH", "/v1/customers/C000003", json=change, headers=match)
        match = {"If-Match": told.headers["ETag"]}
        now = listed(bank, "agent")["C000003"]
        assert (now["occupation"], now["mobile"]) == (at_work, f"154****{mobile[-4:]}")


def test_what_one_role_was_shown_is_not_shown_to_another(bank: Counter) -> None:
    assert listed(bank, "agent")["C000002"]["mobile"] == "154****0002"
    assert listed(bank, "marketing")["C000002"]["mobile"] is None
    assert listed(bank, "rm-b") == {}
    assert listed(bank, "agent")["C000002"]["mobile"] == "154****0002"


def test_who_leaves_the_reach_of_a_caller_leaves_the_list(bank: Counter) -> None:
    assert "C000005" in listed(bank, "rm-a")
    version = listed(bank, "agent")["C000005"]["version"]
    change = {"json": {"branch": "BR02"}, "headers": {"If-Match": f'"{version}"'}}
    assert bank.ask("integration", "PATCH", "/v1/customers/C000005", **change).status_code == 200
    assert "C000005" not in listed(bank, "rm-a")
    assert listed(bank, "rm-b").keys() == {"C000005"}


def test_pages_follow_each_other_in_any_order(bank: Counter) -> None:
    first = bank.ask("agent", "GET", "/v1/customers?limit=20&sort=-since").json()
    rest = bank.ask("agent", "GET", f"/v1/customers?limit=20&sort=-since&cursor={first['next']}").json()
    numbers = [one["number"] for one in (*first["items"], *rest["items"])]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 30
    assert rest["next"] is None
