"""Overviews: twelve domains in one call, masked like any read, as far as the role may list each on its own."""

import pytest

from tests.poc.reference_crm.counter import Counter, opened
from tests.poc.reference_crm.operations.test_merging import hang, put

pytestmark = pytest.mark.pg
DOMAINS = {
    "identity", "contact", "kyc", "consents", "holdings", "transactions", "household", "tickets", "campaigns",
    "interactions", "risk", "opportunities",
}  # fmt: skip


@pytest.fixture(scope="module")
def bank(crm: Counter) -> Counter:
    """A customer with something in every domain."""
    opened(crm, 9)
    opened(crm, 1)
    hang(crm, "C000001", "1")
    put(crm, "households", {"number": "H1", "name": "House", "kind": "family", "branch": "BR01"})
    put(crm, "memberships", {"number": "M1", "household": "H1", "customer": "C000001", "role": "head",
                             "since": "2020-01-01"})  # fmt: skip
    put(crm, "campaigns", {"number": "G1", "name": "Spring", "channel": "app", "product": "fund",
                           "starts": "2026-01-01", "ends": "2026-02-01"})  # fmt: skip
    put(crm, "campaign-members", {"number": "CM1", "campaign": "G1", "customer": "C000001", "arm": "target"})
    put(crm, "opportunities", {"number": "O1", "customer": "C000001", "product": "fund", "stage": "won",
                               "amount": "5000.00", "currency": "CNY", "owner": "S0001", "opened": "2026-01-01",
                               "closes": "2026-03-01"})  # fmt: skip
    for day in range(1, 29):
        for hour in (1, 2):
            put(crm, "interactions", {"number": f"I{day:02d}{hour}", "customer": "C000001", "channel": "app",
                                      "direction": "in", "at": f"2026-02-{day:02d}T0{hour}:00:00Z", "subject": "x",
                                      "text": "y", "staff": "S0001"})  # fmt: skip
    return crm


def test_one_call_shows_twelve_domains(bank: Counter) -> None:
    told = bank.ask("rm-a", "GET", "/v1/customers/C000001/overview").json()
    assert told.keys() - {"customer"} == DOMAINS
    assert all(told[domain] for domain in DOMAINS)
    assert [row["number"] for row in told["holdings"]] == ["A1", "J1"]
    assert told["holdings"][0]["balance"] == "100.00"
    assert [one["number"] for one in told["holdings"][0]["positions"]] == ["P1"]
    assert told["household"][0]["household"] == "H1"
    assert told["campaigns"][0]["campaign"] == "G1"


def test_long_lists_are_cut_to_the_newest(bank: Counter) -> None:
    rows = bank.ask("rm-a", "GET", "/v1/customers/C000001/overview").json()["interactions"]
    assert (len(rows), rows[0]["number"], rows[-1]["number"]) == (50, "I282", "I041")


def test_restricted_fields_are_masked_as_on_any_read(bank: Counter) -> None:
    told = bank.ask("rm-a", "GET", "/v1/customers/C000001/overview").json()
    assert told["customer"] == bank.ask("rm-a", "GET", "/v1/customers/C000001").json()
    assert told["contact"][0]["mobile"] == "154****0001"


def test_a_domain_that_the_role_may_not_list_stays_empty(bank: Counter) -> None:
    told = bank.ask("agent", "GET", "/v1/customers/C000001/overview").json()
    empty = [domain for domain in sorted(DOMAINS) if not told[domain]]
    assert empty == ["campaigns", "household", "kyc", "opportunities"]


def test_who_is_out_of_reach_is_not_there(bank: Counter) -> None:
    statuses = [bank.ask(who, "GET", "/v1/customers/C000001/overview").status_code for who in ("rm-b", "teller-a")]
    assert statuses == [404, 403]


def test_a_look_is_in_the_trail(bank: Counter) -> None:
    bank.ask("rm-a", "GET", "/v1/customers/C000001/overview")
    trail = bank.ask("auditor", "GET", "/v1/audit?subject=customers/C000001&who=rm-a&action=customer.read").json()
    assert {"view": "overview"} in [one["after"] for one in trail["items"]]
